"""What tests of the guest link need: an offer to somebody without an account, and its link."""

import re
from datetime import datetime
from uuid import UUID

import psycopg
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.facts import Attested
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.guests import commands, queries
from nowrongdoor.guests.facts import Made
from nowrongdoor.guests.models import Link
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from tests.clients import Visitor
from tests.makers import NOON, an_actor, an_episode, an_offer
from tests.markup import closed_up

BELL = Attested("R. Bell", "PCSD 114", "26-110482")
SIGNED = {"name": "R. Bell", "operator": "PCSD 114", "incident": "26-110482"}


def a_guests_offer(at: datetime = NOON, place: str = "12 Quiet Street") -> Handoff:
    """An offer to another 911 center, whose people have no account here."""
    anna = an_actor()
    episode = an_episode(anna, at=at, place=place)
    return an_offer(episode, anna, to="sheriff911/floor", kind="to_other_psap", at=at)


def a_link(offer: Handoff | None = None, at: datetime = NOON, *, opened: bool = False) -> Made:
    offer = offer or a_guests_offer(at)
    made = commands.make_link(by=an_actor(), at=at, handoff_id=offer.pk)
    if opened:
        commands.open_link(by=guest_of(made), at=at, link_id=made.link_id)
    return made


def guest_of(made: Made) -> Actor:
    found = queries.by_token(made.token)
    assert found is not None
    return found.guest()


def held(made: Made) -> Episode:
    with act_as(an_actor()):
        return Episode.objects.get(pk=made.episode_id)


def offer_of(made: Made) -> Handoff:
    with act_as(an_actor()):
        return Handoff.objects.get(episode_id=made.episode_id)


def link_row(link_id: UUID) -> Link:
    with act_as(an_actor()):
        return Link.objects.get(pk=link_id)


def lines() -> list[tuple[str, str]]:
    """What the sender's journal says: kind and who."""
    with act_as(an_actor()):
        return list(Entry.objects.order_by("recorded_at", "id").values_list("kind", "by"))


def written_in(admin: "psycopg.Connection[tuple[object, ...]]", word: str) -> list[str]:
    """The tables that hold this word anywhere; not where it is a part of an id or of a time."""
    whole = re.compile(rf"(?<![\w.:-]){re.escape(word)}(?![\w-])")
    tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [
        str(table)
        for [table] in tables
        if any(whole.search(str(row)) for [row] in admin.execute(f"SELECT t::text FROM {table} t"))
    ]


def text(answer: object) -> str:
    return closed_up(answer.content.decode())  # type: ignore[attr-defined]


def phone(**more: str) -> Client:
    """A browser that nobody has signed in with."""
    return Visitor(headers={**more})


def opened(made: Made) -> Client:
    """A phone that has opened the link by its address."""
    client = phone()
    answer = client.post(reverse("guests:follow", args=[made.token]))
    assert answer["Location"] == reverse("guests:card")
    return client
