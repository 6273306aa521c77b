"""Places and words for the tests, made plainly."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from nowrongdoor.directory import commands
from nowrongdoor.directory.facts import (
    Age,
    CapacityReport,
    CapacityStatus,
    FacilityFacts,
    State,
    Takes,
)
from nowrongdoor.directory.models import Facility
from nowrongdoor.kernel.actor import Actor
from tests.makers import NOON, an_actor

NURSE = "judith.park"  # charge nurse, crc/adult
DISPATCHER = "carl.jensen"  # team dispatcher, line/team-dispatch


def a_word(state: State = State.OPEN, *, at: datetime = NOON, **given: Any) -> CapacityReport:
    """Sound as it is: full and diverting give a reason."""
    reason = "full" if state in (State.FULL, State.DIVERTING) else ""
    word = CapacityReport(state=state, review_at=at + timedelta(hours=2), reason=reason)
    return replace(word, **given)


def a_place(code: str = "center", **given: Any) -> FacilityFacts:
    """Open, with room, for adults who come of their own will and are stable."""
    place = FacilityFacts(
        code=code,
        kind="crisis_center",
        takes=Takes(ages=frozenset({Age.ADULT})),
        open_now=True,
        standing=CapacityStatus(State.OPEN),
    )
    return replace(place, **given)


def place_id(code: str) -> UUID:
    return Facility.objects.get(code=code).pk


def say(
    code: str = "crc-adult", by: Actor | None = None, *, at: datetime = NOON, word: CapacityReport
) -> UUID:
    said = commands.report_capacity(
        by=by or an_actor(NURSE), at=at, facility_id=place_id(code), word=word
    )
    return said.pk
