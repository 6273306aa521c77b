"""Steps that several commands of dispatch share. Called inside a command, never alone."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.dispatch.models import Assignment, CrewMember, Request, UnitAuthority
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import locked, missing


def lock_request(request_id: UUID) -> Request:
    """Lock a request's episode, then the request. NotFound where it cannot be seen."""
    episode_id = Request.objects.filter(pk=request_id).values_list("episode_id", flat=True).first()
    if episode_id is None:
        raise missing()
    episodes.lock_episode(episode_id)
    return locked(Request, request_id)


def lock_assignment(assignment_id: UUID) -> Assignment:
    """Lock an assignment's episode, its request, then the assignment."""
    rows = Assignment.objects.filter(pk=assignment_id)
    found = rows.values_list("episode_id", "request_id").first()
    if found is None:
        raise missing()
    episodes.lock_episode(found[0])
    locked(Request, found[1])
    return locked(Assignment, assignment_id)


def request_of_clock(subject_id: UUID) -> Request | None:
    """A clock's request, held as by anybody else; None where the clock's program sees it no longer."""
    seen = Request.objects.filter(pk=subject_id).exists()
    return lock_request(subject_id) if seen else None


def assignment_of_clock(subject_id: UUID) -> Assignment | None:
    """As `request_of_clock`, of an assignment."""
    seen = Assignment.objects.filter(pk=subject_id).exists()
    return lock_assignment(subject_id) if seen else None


def crew_ids(row: Assignment) -> frozenset[UUID]:
    """Who is on this assignment's crew now."""
    if row.crew_id is None:
        return frozenset()
    return frozenset(
        CrewMember.objects.filter(crew_id=row.crew_id, until_at=None).values_list(
            "member_id", flat=True
        )
    )


def may_record_dispatched(by: Actor, unit_id: UUID, *, at: datetime) -> bool:
    """Whether `by`'s desk may send this unit now."""
    rows = UnitAuthority.objects.filter(unit_id=unit_id, program_id=by.program_id, from_at__lte=at)
    return any(row.until_at is None or at < row.until_at for row in rows)


def may_answer_for(by: Actor, row: Assignment, *, at: datetime) -> bool:
    """Whether `by`'s desk sent this unit, or may; or supervises the unit's own program."""
    if by.program_id == row.authority_id or may_record_dispatched(by, row.unit_id, at=at):
        return True
    return by.program_id == row.program_id and agencies.may_supervise(by)


def has_responders(request: Request) -> bool:
    """Whether somebody is on the way for this request, or there."""
    return Assignment.objects.filter(request=request, cleared_at=None).exists()


def set_deadline(
    kind: str,
    subject_id: UUID,
    due: datetime,
    row: Request | Assignment,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Set a clock that rings for both sides: who asked and who was asked, or the desk and its team."""
    sides = (
        (row.from_program_id, row.to_program_id)
        if isinstance(row, Request)
        else (row.authority_id, row.program_id)
    )
    other = next((each for each in sides if each != by.program_id), None)
    clocks.set_deadline(DeadlineFacts(kind, subject_id, due, row.episode_id, other), by=by, at=at)


def sides(row: Assignment) -> dict[str, UUID]:
    """The sides of a unit on its way, for its entries: the desk that sends, the unit's own program."""
    return {"from_program_id": row.authority_id, "to_program_id": row.program_id}
