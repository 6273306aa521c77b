"""Fills a database with open episodes, and sends a unit to each of the first ones. A process of its own.

`python -m bench.many_units EPISODES UNITS`, in a house's environment. The units are written as the owner,
as a community's files would bring them; everything else goes through commands.
"""

import sys
from datetime import timedelta
from uuid import uuid5

import django

if __name__ == "__main__":
    django.setup()

from nowrongdoor.agencies import actors
from nowrongdoor.agencies.models import Position, Program
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.community.models import Zone
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Ask
from nowrongdoor.dispatch.models import Unit, UnitAuthority
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now

LONG_AGO = timedelta(days=3650)


def actor(username: str) -> Actor:
    position = Position.objects.filter(member__username=username).order_by("id")[0]
    found = actors.actor_at(position.pk, at=now())
    if found is None:
        raise SystemExit(f"nobody named {username}")
    return found


def units(count: int) -> list[Unit]:
    floor = Program.objects.get(agency__code="911", code="floor")
    patrol = Program.objects.get(agency__code="tpd", code="patrol")
    made = [
        Unit(
            id=uuid5(floor.pk, f"unit {number}"),
            code=f"B{number:03d}",
            program_id=patrol.pk,
            kind="cit-patrol",
            vehicle="marked car",
            plain_clothes=False,
            cad=True,
            source="made up for a benchmark",
        )
        for number in range(count)
    ]
    Unit.objects.using("owner").bulk_create(made)
    UnitAuthority.objects.using("owner").bulk_create(
        UnitAuthority(
            id=uuid5(unit.pk, "authority"),
            unit_id=unit.pk,
            program_id=floor.pk,
            from_at=now() - LONG_AGO,
        )
        for unit in made
    )
    return made


def main(episodes: int, cars: int) -> None:
    anna, david = actor("anna.miller"), actor("david.chavez")
    fleet, zones = units(cars), list(Zone.objects.values_list("pk", flat=True))
    for number in range(episodes):
        at = now()
        card = CardFacts(place=f"{number} Bench Street")
        contact = ContactFacts(
            at=at,
            class_code="psych_distress",
            behavioral=True,
            card=card,
            zone_id=zones[number % len(zones)],
        )
        row = calls.take_contact(by=anna, at=at, contact=contact)
        if number < cars and row.episode_id is not None:
            asked = Ask(row.episode_id, "police_staged", anna.program_id)
            request = commands.ask(by=anna, at=at, asked=asked)
            commands.assign(by=david, at=at, request_id=request.pk, unit_id=fleet[number].pk)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
