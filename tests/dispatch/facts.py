"""Facts of dispatch, made plainly for tests of its rules. No database."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.dispatch.facts import (
    AssignmentFacts,
    Axis,
    CrewFacts,
    KindFacts,
    Mode,
    Point,
    RequestFacts,
    RequestState,
    Stage,
    UnitFacts,
    UnitRequirements,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict
from tests.makers import NOON

DESK, ASKER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
ME, MATE = UUID(int=11), UUID(int=12)


def somebody(program_id: UUID = DESK, member_id: UUID | None = ME) -> Actor:
    return Actor(
        member_id=member_id,
        agency_id=UUID(int=9),
        program_id=program_id,
        role="team_dispatcher",
        code="somebody",
    )


def a_request(state: RequestState = RequestState.ASKED) -> RequestFacts:
    return RequestFacts(UUID(int=20), UUID(int=21), "mobile_team", ASKER, DESK, state)


def on_way(*stages: Stage, at: datetime = NOON) -> AssignmentFacts:
    """An assignment of ME and MATE that has reached these stages."""
    reached: Mapping[Stage, datetime] = dict.fromkeys((Stage.ASSIGNED, *stages), at)
    return AssignmentFacts(
        UUID(int=30),
        UUID(int=21),
        UUID(int=20),
        UUID(int=40),
        OTHER,
        frozenset({ME, MATE}),
        reached,
    )


def a_kind(**more: object) -> KindFacts:
    given = {"unit_kinds": frozenset({"team"})} | more
    return KindFacts("mobile_team", Axis.CLINICAL, Mode.NONE, **given)  # type: ignore[arg-type]


def a_need(
    kind: KindFacts | None = None, *, language: str = "", place: Point | None = None
) -> UnitRequirements:
    return UnitRequirements(kind or a_kind(), DESK, NOON, place=place, language=language)


def one(
    member: int = 11,
    role: str = "team_clinician",
    *languages: str,
    until: Mapping[str, datetime | None] | None = None,
    own_car: bool = False,
) -> CrewFacts:
    return CrewFacts(UUID(int=member), role, frozenset(languages), until or {}, own_car)


def a_unit(id: int = 50, **more: object) -> UnitFacts:
    """A free unit of this desk with two clinicians."""
    given = {
        "code": f"U{id}",
        "kind": "team",
        "authority_ids": frozenset({DESK}),
        "crew": (one(id * 100), one(id * 100 + 1)),
    }
    return UnitFacts(UUID(int=id), **(given | more))  # type: ignore[arg-type]


def is_(verdict: Verdict, rule: str, yes: str) -> None:
    """The rule that answered, with a sentence for staff where it says no."""
    assert (verdict.rule, verdict.allowed) == (rule, rule == yes)
    assert verdict.allowed or verdict.because
