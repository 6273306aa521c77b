"""What tests of dispatch say and ask, made plainly. Maria holds; Carl sends; Ana and Samuel go."""

import os
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Answer, Ask, Clearing, Signing, Stage, Transport
from nowrongdoor.dispatch.models import Assignment, Crew, Request, Unit
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site.reactions import DEADLINES
from tests.makers import NOON, an_actor, an_episode, later, member_id, program_id, seen

MARIA, DENISE, CARL, IRMA = "maria.lopez", "denise.wright", "carl.jensen", "irma.salas"
ANA, SAMUEL, RUBEN, LINDA = "ana.ruiz", "samuel.price", "ruben.salas", "linda.fox"
ANNA, DAVID, GARZA, SUSAN = "anna.miller", "david.chavez", "luis.garza", "susan.kim"
STRANGER = "judith.park"  # a nurse at the center
DESK, FLOOR, TEAMS = "line/team-dispatch", "911/floor", "mobile-a/teams"
MIN = 60


def unit_id(code: str = "CMT-A1") -> UUID:
    return Unit.objects.get(code=code).pk


def a_request(
    episode: Episode | None = None,
    by: Actor | None = None,
    *,
    kind: str = "mobile_team",
    to: str = DESK,
    at: datetime = NOON,
    follows: UUID | None = None,
    language: str = "",
) -> Request:
    """Maria holds somebody and asks the line's own desk for a mobile team."""
    by = by or an_actor(MARIA)
    episode = episode or an_episode(by, at=at)
    asked = Ask(episode.pk, kind, program_id(to), language=language, follows_id=follows)
    return commands.ask(by=by, at=at, asked=asked)


def a_crew(
    *usernames: str, unit: str = "CMT-A1", by: str = CARL, at: datetime = NOON, own_car: str = ""
) -> Crew:
    """Signed on by the desk; Ana and Samuel where nobody is named. `own_car`: who comes in one."""
    members = [
        Signing(member_id(name), own_car="own grey sedan" if name == own_car else "")
        for name in usernames or (ANA, SAMUEL)
    ]
    return commands.sign_on(by=an_actor(by), at=at, unit_id=unit_id(unit), members=members)


def an_assignment(
    request: Request | None = None,
    by: Actor | None = None,
    *,
    unit: str = "CMT-A1",
    at: datetime = NOON,
    reached: Stage | None = None,
) -> Assignment:
    """A crew is on the unit already, or Ana and Samuel sign on; Carl sends it. `reached`: it got there."""
    if not Crew.objects.filter(unit__code=unit, until_at=None).exists():
        a_crew(unit=unit, at=at)
    request = request or a_request(at=at)
    row = commands.assign(
        by=by or an_actor(CARL), at=at, request_id=request.pk, unit_id=unit_id(unit)
    )
    if reached is not None:
        step(row, reached, at=at)
    return row


def step(
    row: Assignment,
    to: Stage,
    by: str = ANA,
    *,
    at: datetime = NOON,
    way: Transport = Transport.TAP,
) -> Assignment:
    return commands.step(by=an_actor(by), at=at, assignment_id=row.pk, to=to, way=way)


def cleared(
    row: Assignment,
    outcome: str = "resolved_scene",
    by: str = ANA,
    *,
    at: datetime = NOON,
    next_try_at: datetime | None = None,
) -> Assignment:
    clearing = Clearing(outcome, next_try_at=next_try_at)
    return commands.clear(by=an_actor(by), at=at, assignment_id=row.pk, clearing=clearing)


def promised(minutes: float, rings: str = CARL) -> Answer:
    """To be there so many minutes after noon; until then somebody rings the caller."""
    return Answer(later(minutes * MIN), member_id(rings))


def now(request: Request, by: str = MARIA) -> Request:
    """A request as this actor's program sees it now."""
    with act_as(an_actor(by)):
        return Request.objects.get(pk=request.pk)


def team(row: Assignment, by: str = CARL) -> Assignment:
    with act_as(an_actor(by)):
        return Assignment.objects.get(pk=row.pk)


def holder(episode_id: UUID, by: str = MARIA) -> tuple[UUID, UUID | None]:
    """Who holds: an assist never changes it."""
    row = seen(an_actor(by), episode_id)
    assert row is not None
    return row.holder_program_id, row.holder_member_id


def marias() -> tuple[UUID, UUID | None]:
    """Held by Maria, as nearly every episode here is."""
    return an_actor(MARIA).program_id, member_id(MARIA)


def fire(minutes: float) -> int:
    """The worker's sweep, so many minutes after noon."""
    return fire_due(at=later(minutes * MIN), reactions=DEADLINES)


def due(by: str = CARL) -> dict[str, float]:
    """What `by`'s program sees to be due in dispatch, and in how many minutes after noon."""
    with act_as(an_actor(by)):
        rows = Deadline.objects.filter(
            kind__startswith="dispatch.", fired_at=None, cancelled_at=None
        )
        return {row.kind: (row.due_at - NOON).total_seconds() / MIN for row in rows}


def lines(*kinds: str) -> list[dict[str, object]]:
    """What the journal keeps of these kinds, in order, whoever may read them; of all of dispatch's."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        query = "SELECT kind, ids::json FROM journal_entry WHERE kind LIKE 'dispatch.%' ORDER BY recorded_at, id"
        found = [(str(kind), data) for kind, data in owner.execute(query)]
    return [data | {"kind": kind} for kind, data in found if not kinds or kind in kinds]  # type: ignore[operator]


def kinds() -> list[str]:
    return [str(line["kind"]).removeprefix("dispatch.") for line in lines()]


def refused(command: object, **asked: object) -> str:
    """The rule that says no to this, or the code of what was not understood."""
    assert callable(command)
    with pytest.raises(Refused) as refusal:
        command(**asked)
    return refusal.value.verdict.rule
