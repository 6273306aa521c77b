"""Entering a visit afterwards, from another system's file or from paper. Lock order: episode."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import kinds
from nowrongdoor.dispatch.commands.shared import may_record_dispatched, sides
from nowrongdoor.dispatch.facts import Completed, Stage, Visit
from nowrongdoor.dispatch.models import Assignment, Kind, Request, Unit
from nowrongdoor.dispatch.queries import visit_of
from nowrongdoor.dispatch.rules import asking
from nowrongdoor.dispatch.rules.backentry import completed, last_known, may_record, said_at
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import Source
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import missing


@command(needs=Action.DISPATCH)
def record_visit(
    *, by: Actor, at: datetime, episode_id: UUID, unit_id: UUID, visit: Visit
) -> Assignment:
    """Enter a visit that is over: the request, and the unit's way with the times that are known.

    `at` is now. The desk that enters it is who asked and who sent. It keeps no unit busy, sets no
    clock, and nobody has to follow it; a stage whose time is missing stays so. Who was not met is
    returned, as when it is live.
    Refused: as `dispatch.rules.backentry.may_record` says; BadInput for an
        unknown kind, or one that this unit is not for.
    Journal: as live: dispatch.asked, accepted, assigned, stepped for each known stage, cleared, ended;
        each at its own time, or the last that is known before it.
    """
    held = episodes.lock_episode(episode_id)
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise missing()
    kind = Kind.objects.filter(pk=visit.kind).first()
    if kind is None or unit.kind not in kind.unit_kinds:
        raise BadInput("kind", "request.kind", "Choose the resource from the list.")

    known = community.known_code("cmt_dispositions", visit.outcome)
    sent = may_record_dispatched(by, unit_id, at=visit.asked_at)
    works = lookup.works_on(by, episode_id)
    require(may_record(visit, open=held.open, works=works, sends=sent, known=known, at=at))

    request = _request(kind, visit, by=by, episode_id=episode_id)
    row = _assignment(request, unit, visit, by=by)
    if unit.program_id != by.program_id:
        sent_at = said_at(visit, Stage.ASSIGNED)
        episodes.grant_program(episode_id, unit.program_id, by=by, basis="N", at=sent_at)
    request.save(force_insert=True)
    row.save(force_insert=True)
    _record(request, row, visit, by=by)
    return row


@command(needs=Action.DISPATCH)
def complete_visit(*, by: Actor, at: datetime, episode_id: UUID, said: Visit) -> Completed:
    """Bring to an imported visit what a later line of its file says, as `rules.backentry.completed` decides.

    Whoever was not met is returned. When the request ended stays as it was written.
    Refused: where this desk did not enter it.
    Journal: dispatch.completed; nothing where nothing is new.
    """
    episodes.lock_episode(episode_id)
    rows = Assignment.objects.filter(episode_id=episode_id, source=Source.IMPORT.value)
    row = rows.select_for_update(of=("self",)).select_related("request").first()
    if row is None or row.authority_id != by.program_id:
        raise missing()

    new = completed(visit_of(row), said)
    if not new.brings:
        return new
    for stage, reached_at in new.reached.items():
        setattr(row, f"{stage.value}_at", reached_at)
    row.outcome = new.outcome or row.outcome
    row.save(update_fields=["outcome", *(f"{stage.value}_at" for stage in new.reached)])
    if new.outcome:
        row.request.outcome = new.outcome
        row.request.returned = new.outcome in asking.NOT_MET
        row.request.save(update_fields=["outcome", "returned"])

    record(kinds.COMPLETED, row, by=by, at=at, **sides(row))
    return new


def _request(kind: Kind, visit: Visit, *, by: Actor, episode_id: UUID) -> Request:
    return Request(
        id=new_id(visit.asked_at),
        episode_id=episode_id,
        kind=kind,
        from_program_id=by.program_id,
        from_member_id=by.member_id,
        to_program_id=by.program_id,
        asked_at=visit.asked_at,
        accepted_at=visit.reached.get(Stage.ASSIGNED),
        answered_by_id=by.member_id,
        ended_at=last_known(visit),
        outcome=visit.outcome,
        returned=visit.outcome in asking.NOT_MET,
        source=visit.source.value,
    )


def _assignment(request: Request, unit: Unit, visit: Visit, *, by: Actor) -> Assignment:
    times = {f"{stage.value}_at": visit.reached.get(stage) for stage in Stage}
    return Assignment(
        id=new_id(said_at(visit, Stage.ASSIGNED)),
        request=request,
        episode_id=request.episode_id,
        unit=unit,
        program_id=unit.program_id,
        authority_id=by.program_id,
        by_member_id=by.member_id,
        outcome=visit.outcome,
        source=visit.source.value,
        **times,
    )


def _record(request: Request, row: Assignment, visit: Visit, *, by: Actor) -> None:
    record(kinds.ASKED, request, by=by, at=visit.asked_at)
    sent_at, over_at = said_at(visit, Stage.ASSIGNED), said_at(visit, Stage.CLEARED)
    record(kinds.ACCEPTED, request, by=by, at=sent_at)
    record(kinds.ASSIGNED, row, by=by, at=sent_at, **sides(row))
    for stage in Stage:
        if stage in visit.reached and stage not in (Stage.ASSIGNED, Stage.CLEARED):
            record(kinds.STAGE_REACHED, row, by=by, at=visit.reached[stage], **sides(row))
    record(kinds.CLEARED, row, by=by, at=over_at, **sides(row))
    record(kinds.ENDED, request, by=by, at=over_at)
