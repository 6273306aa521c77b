"""F22: everything was down, and people wrote on paper. Afterwards fifty sheets are typed back in.

What the sheets say is the truth: every time, every holder and every outcome has to be as it says,
in whatever order the sheets are entered.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts, Stages
from nowrongdoor.calls.models import Contact
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Stage, Visit
from nowrongdoor.dispatch.models import Assignment, Request
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, Closing, Proposal, Source
from nowrongdoor.episodes.models import Card, Episode, Handoff
from nowrongdoor.site.verify import verify
from tests.dispatch.floor import DAVID, FLOOR, MARIA, unit_id
from tests.makers import NOON, an_actor, later, program_id

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("db")]
SHEETS = 50
BACK_AT = later(9 * 3600)  # when everything is up again
STAGES = (Stage.ASSIGNED, Stage.ON_SCENE, Stage.ENGAGED, Stage.CLEARED)
CLASSES, VISITS, ENDS = (
    ("suicide_threat", "psych_distress", "suicide_attempt"),
    ("resolved_scene", "safety_plan", "ed"),
    ("co_response", "diverted_closed", "information"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One incident as it was written down. A stage that nobody noted is missing, and stays so."""

    place: str
    class_code: str
    came_at: datetime
    handed_on: tuple[datetime, datetime] | None  # offered to the line, and accepted there by Maria
    visit: str
    reached: tuple[tuple[Stage, datetime], ...]
    outcome: str
    closed_at: datetime


def sheets() -> Iterator[Sheet]:
    """The same fifty each time. Half were visited, a third handed on, a fifth lacks a time."""
    chance = Random(22)
    for number in range(SHEETS):
        came_at = NOON + timedelta(minutes=chance.randrange(360))
        steps = [came_at]
        for _ in range(8):
            steps.append(steps[-1] + timedelta(seconds=chance.randrange(1, 900)))
        way = list(zip(STAGES, steps[1:5], strict=True)) if number % 2 else []
        if way and number % 5 == 0:
            del way[chance.randrange(3)]
        yield Sheet(
            place=f"sheet {number}",
            class_code=chance.choice(CLASSES),
            came_at=came_at,
            handed_on=(steps[5], steps[6]) if number % 3 == 0 else None,
            visit=chance.choice(VISITS) if way else "",
            reached=tuple(way),
            outcome=chance.choice(ENDS),
            closed_at=steps[8],
        )


def enter(sheet: Sheet) -> None:
    """As it is typed in: David's calls by the floor; what Maria took on, she ends."""
    david, maria = an_actor(DAVID, FLOOR), an_actor(MARIA)
    contact = ContactFacts(
        at=sheet.came_at,
        class_code=sheet.class_code,
        behavioral=True,
        source=Source.PAPER,
        card=CardFacts(place=sheet.place),
        stages=Stages(closed_at=sheet.closed_at),
    )
    row = calls.take_contact(by=david, at=BACK_AT, contact=contact)
    episode_id = UUID(str(row.episode_id))
    if sheet.visit:
        visit = Visit("pair", sheet.came_at, sheet.visit, Source.PAPER, dict(sheet.reached))
        dispatch.record_visit(
            by=david, at=BACK_AT, episode_id=episode_id, unit_id=unit_id("MHST-1"), visit=visit
        )
    if sheet.handed_on:
        offered_at, accepted_at = sheet.handed_on
        to_line = Proposal(episode_id, "warm_transfer", program_id("line/counselors"), None)
        offer = episodes.offer_episode(by=david, at=offered_at, proposal=to_line)
        episodes.accept_offer(by=maria, at=accepted_at, handoff_id=offer.pk)
    episodes.close_episode(
        by=maria if sheet.handed_on else david,
        at=sheet.closed_at,
        episode_id=episode_id,
        closing=Closing(sheet.outcome, declined_by_person=True),
    )


def written() -> dict[str, Sheet]:
    """The sheets as the tables have them, and who held at the end, checked against who should."""
    with act_as(an_actor(DAVID, FLOOR)):
        return {sheet.place: sheet for sheet in map(_sheet, Episode.objects.all())}


def _sheet(episode: Episode) -> Sheet:
    contact = Contact.objects.get(episode=episode)
    handoff = Handoff.objects.filter(episode=episode, accepted_at__isnull=False).first()
    visit = Assignment.objects.filter(episode=episode).first()
    asked = Request.objects.filter(episode=episode).first()
    holder = MARIA if handoff else DAVID
    assert episode.holder_member_id == an_actor(holder, "" if handoff else FLOOR).member_id
    assert (episode.opened_at, contact.source) == (contact.received_at, Source.PAPER)
    assert contact.closed_at == episode.closed_at
    assert asked is None or (asked.asked_at, asked.source) == (episode.opened_at, Source.PAPER)
    assert episode.closed_at is not None
    return Sheet(
        place=Card.objects.filter(episode=episode)[0].place,
        class_code=contact.class_code,
        came_at=contact.received_at,
        handed_on=(handoff.offered_at, handoff.accepted_at) if handoff else None,  # type: ignore[arg-type]
        visit=visit.outcome if visit else "",
        reached=tuple(visit.reached().items()) if visit else (),  # type: ignore[arg-type]
        outcome=episode.outcome,
        closed_at=episode.closed_at,
    )


def different(truth: dict[str, Sheet], found: dict[str, Sheet]) -> list[str]:
    return [place for place in truth | found if truth.get(place) != found.get(place)]


def test_fifty_sheets_of_paper_are_as_true_as_if_they_had_been_entered_live() -> None:
    truth = {sheet.place: sheet for sheet in sheets()}
    order = list(truth.values())
    Random(23).shuffle(order)

    for sheet in order:
        enter(sheet)

    found = written()
    assert different(truth, found) == []
    assert verify(None).findings == ()
    visited = sum(bool(sheet.visit) for sheet in found.values())
    handed = sum(bool(sheet.handed_on) for sheet in found.values())
    print(
        f"\nF22: {len(found)} sheets, {visited} visits, {handed} handed on, 0 different from paper"
    )


def test_one_sheet_that_is_typed_in_wrong_is_the_one_that_differs() -> None:
    """Negative control: ten minutes late, another outcome, nobody who took it on."""
    truth = {sheet.place: sheet for sheet in list(sheets())[:8]}
    late, other, kept, *_ = [sheet for sheet in truth.values() if sheet.handed_on]
    wrong = (
        replace(late, came_at=late.came_at - timedelta(minutes=10)),
        replace(other, outcome=next(each for each in ENDS if each != other.outcome)),
        replace(kept, handed_on=None),
    )
    typed = truth | {sheet.place: sheet for sheet in wrong}

    for sheet in typed.values():
        enter(sheet)

    assert different(truth, written()) == [late.place, other.place, kept.place]
