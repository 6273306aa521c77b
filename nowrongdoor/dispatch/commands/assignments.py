"""Sending a unit, its way, and its end. Lock order: episode, request, assignment."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.dispatch import kinds, queries
from nowrongdoor.dispatch.commands.requests import (
    accept_now,
    caller_contact_known,
    end_request,
    record_queued,
)
from nowrongdoor.dispatch.commands.safety import (
    GOES_OR_SENDS,
    SaidBy,
    start_check_in_clock,
    wait_silent,
    watch_lone_clinician,
)
from nowrongdoor.dispatch.commands.sake import end_for_sake
from nowrongdoor.dispatch.commands.shared import (
    crew_ids,
    has_responders,
    lock_assignment,
    lock_request,
    may_answer_for,
    sides,
)
from nowrongdoor.dispatch.facts import (
    LISTED,
    OWN_CAR_WORDS,
    REASONS,
    STEP_WORDS,
    WHOM_WORDS,
    Answer,
    Clearing,
    RequestState,
    Stage,
    Transport,
    Whom,
)
from nowrongdoor.dispatch.models import (
    Assignment,
    CrewMember,
    MemberTime,
    Notification,
    Request,
    Unit,
)
from nowrongdoor.dispatch.rules import asking, field, ranking
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing, require_version
from nowrongdoor.web.fields import Code, OneOf, Pick, Version
from nowrongdoor.web.inputs import Group


@command(needs=Action.DISPATCH)
def assign(
    *,
    by: Actor,
    at: datetime,
    request_id: UUID,
    unit_id: Annotated[UUID, Pick(label=_("Unit"), wrong=LISTED)],
    override: Annotated[
        str,
        Code(
            label=_("Why without the clearance"),
            list="override_reasons",
            only_if="needs_override",
            wrong=REASONS,
        ),
    ] = "",
    seen_version: Annotated[int | None, Version()] = None,
) -> Assignment:
    """Order a unit to go. A request that waits is accepted with it.

    A gap in courses is shown and blocks nothing; a missing clearance needs `override`, a listed reason.
    Refused: as `dispatch.rules.asking.may_answer` and
        `dispatch.rules.ranking.fit` say; on an old version.
    Journal: dispatch.accepted where it waited, dispatch.assigned.
    """
    request = lock_request(request_id)
    unit = locked(Unit, unit_id)
    if unit.retired_at is not None:
        raise missing()
    facts = queries.unit_facts(unit_id, at=at)

    require_version(request.version, seen_version)
    if request.state is not RequestState.ACCEPTED or request.to_program_id != by.program_id:
        require(asking.may_answer(by, request.facts()))
    need = queries.need_of(request, at=at)
    verdict = ranking.fit(need, facts)
    if not (verdict.rule == "unit.clearance" and override):
        require(verdict)

    if request.state is not RequestState.ACCEPTED:
        accept_now(request, by=by, at=at)
    clocks.cancel_deadline(request.pk, at=at)
    used = "" if verdict.allowed else override
    row = _send(request, unit, override=used, by=by, at=at)
    row.eta_min = ranking.estimate_min(facts.at, need.place, queries.travel_times(at))
    row.save(force_insert=True)
    wait_silent(row, by=by, at=at)
    record(kinds.ASSIGNED, row, by=by, at=at, **sides(row))
    return row


def _send(request: Request, unit: Unit, *, override: str, by: Actor, at: datetime) -> Assignment:
    """The assignment, not yet saved; everybody of its crew sees the episode from now on."""
    crew = unit.crews.filter(until_at=None).first()
    programs = {unit.program_id}
    if crew is not None:
        members = CrewMember.objects.filter(crew=crew, until_at=None)
        programs |= set(members.values_list("program_id", flat=True))
    basis = lookup.basis_of(by, request.episode_id)  # as their desk was told
    for program_id in sorted(programs):
        episodes.grant_program(request.episode_id, program_id, by=by, basis=basis, at=at)
    return Assignment(
        id=new_id(at),
        request=request,
        episode_id=request.episode_id,
        unit=unit,
        crew=crew,
        program_id=unit.program_id,
        authority_id=by.program_id,
        by_member_id=named(by),
        override=override,
        assigned_at=at,
    )


@command(needs=Action.DISPATCH)
def call_off(
    *, by: Actor, at: datetime, assignment_id: UUID, answer: Annotated[Answer, Group()]
) -> Assignment:
    """Send the unit elsewhere: what it was on waits again, with a promise and somebody who rings.

    Where another team is on its way, or has met the person, nothing waits.
    Refused: as `dispatch.rules.field.may_call_off` and
        `dispatch.rules.asking.may_wait` say.
    Journal: dispatch.called_off; dispatch.queued, or dispatch.ended.
    """
    row = lock_assignment(assignment_id)
    request = locked(Request, row.request_id)

    facts = row.facts(crew_ids(row))
    require(
        field.may_report_of(by, facts, sends=may_answer_for(by, row, at=at), way=Transport.RADIO)
    )
    require(field.may_call_off(facts))
    known = caller_contact_known(request, answer, at=at)
    require(asking.may_wait(promised_at=answer.promised_at, at=at, caller_contact_known=known))

    _end(row, outcome=asking.CALLED_OFF, at=at)
    record(kinds.CALLED_OFF, row, by=by, at=at, **sides(row))
    end_for_sake(row, by=by, at=at)
    outcome = _came_to(request)
    if has_responders(request):
        return row
    if outcome and outcome not in asking.NOT_MET:
        end_request(request, by=by, at=at, outcome=outcome, next_try_at=None)
    else:
        record_queued(request, answer, by=by, at=at)
    return row


@command(needs=GOES_OR_SENDS)
def step(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    to: Annotated[Stage, OneOf(label=_("Stage"), sent_as="stage", words=STEP_WORDS, wrong=LISTED)],
    way: Annotated[Transport, SaidBy] = Transport.TAP,
) -> Assignment:
    """Say that a unit reached the next stage of its way.

    Refused: as `dispatch.rules.field.may_report_of` and `may_step` say.
    Journal: dispatch.stepped; dispatch.alone_on_scene.
    """
    row = lock_assignment(assignment_id)
    facts = row.facts(crew_ids(row))

    require(field.may_report_of(by, facts, sends=may_answer_for(by, row, at=at), way=way))
    require(field.may_step(facts, to))

    setattr(row, f"{to.value}_at", row.no_earlier(at))
    row.save()
    start_check_in_clock(row, to, by=by, at=at)
    record(kinds.STAGE_REACHED, row, by=by, at=at, **sides(row))
    watch_lone_clinician(row, by=by, at=at)
    return row


@command(needs=GOES_OR_SENDS)
def step_member(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    member_id: Annotated[UUID, Pick(label=_("Who"), sent_as="member", wrong=LISTED)],
    to: Annotated[
        Stage,
        OneOf(
            label=_("Stage"),
            sent_as="stage",
            words=OWN_CAR_WORDS,
            wrong=_("Choose en route, on scene or left."),
        ),
    ],
    way: Annotated[Transport, SaidBy] = Transport.TAP,
) -> MemberTime:
    """Say that one of the crew who comes in an own car is on the way, is there, or has left.

    Refused: as `dispatch.rules.field.may_report_of` says; BadInput for
        somebody who is not on the crew.
    Journal: dispatch.member_stepped; dispatch.alone_on_scene.
    """
    row = lock_assignment(assignment_id)
    crew = crew_ids(row)

    require(field.may_report_of(by, row.facts(crew), sends=may_answer_for(by, row, at=at), way=way))
    if member_id not in crew:
        raise BadInput("member", "member.not_on_crew", "Choose a member of this crew.")
    column = {
        Stage.EN_ROUTE: "en_route_at",
        Stage.ON_SCENE: "on_scene_at",
        Stage.CLEARED: "left_at",
    }[to]

    times, _ = MemberTime.objects.get_or_create(
        assignment=row,
        member_id=member_id,
        defaults={"id": new_id(at), "episode_id": row.episode_id},
    )
    if column == "left_at" and times.on_scene_at is None:
        raise BadInput("stage", "step.member_left", "They are not on scene yet.")
    setattr(times, column, row.no_earlier(at))
    times.save()
    start_check_in_clock(row, row.facts().stage, by=by, at=at)
    record(kinds.MEMBER_STAGE_REACHED, row, by=by, at=at, member_id=member_id, **sides(row))
    watch_lone_clinician(row, by=by, at=at)
    return times


@command(needs=GOES_OR_SENDS)
def clear(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    clearing: Annotated[Clearing, Group()],
    way: Annotated[Transport, SaidBy] = Transport.TAP,
) -> Assignment:
    """End an assignment with what came of it. The last one of a request ends the request.

    What was asked for the crew's own sake ends with it, or is released where somebody was sent.

    Who was not met goes back to who asked, with a next try. The episode's holder does not change.
    Refused: as `dispatch.rules.field.may_report_of` and `may_clear` say.
    What was done is written on the call's log.
    Journal: dispatch.cleared, narrative.written, dispatch.ended; dispatch.withdrawn or dispatch.police_released.
    """
    row = lock_assignment(assignment_id)
    request = locked(Request, row.request_id)
    facts = row.facts(crew_ids(row))

    require(field.may_report_of(by, facts, sends=may_answer_for(by, row, at=at), way=way))
    require(field.may_clear(facts, clearing))

    row.took_somebody, row.left_behind = clearing.took_somebody, list(clearing.left_behind)
    _end(row, outcome=clearing.outcome, at=at)
    record(kinds.CLEARED, row, by=by, at=at, **sides(row))
    if clearing.narrative.strip():
        narrative.write_note(by=by, at=at, episode_id=row.episode_id, text=clearing.narrative)
    end_for_sake(row, by=by, at=at)
    if not has_responders(request):
        outcome = _came_to(request)
        end_request(request, by=by, at=at, outcome=outcome, next_try_at=clearing.next_try_at)
    return row


@command(needs=Action.REQUEST)
def notify_caller(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    whom: Annotated[
        Whom,
        OneOf(
            label=_("Who was notified"),
            words=WHOM_WORDS,
            wrong=_("Choose whether the caller or patrol was notified."),
        ),
    ],
) -> Notification:
    """Write down that the caller, or patrol, was told who is coming.

    Journal: dispatch.told.
    """
    row = lock_assignment(assignment_id)

    made = Notification.objects.create(
        id=new_id(at),
        assignment=row,
        episode_id=row.episode_id,
        whom=Whom(whom).value,
        at=at,
        by_member_id=named(by),
    )
    record(kinds.NOTIFIED, row, by=by, at=at, **sides(row))
    return made


@command(needs=GOES_OR_SENDS)
def name_destination(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    facility_code: str,
    way: Transport = Transport.TAP,
) -> Assignment:
    """Say where the team takes the person. Who receives them accepts by name, or nobody holds there.

    Refused: as `dispatch.rules.field.may_report_of` says.
    Journal: dispatch.stepped.
    """
    row = lock_assignment(assignment_id)

    facts = row.facts(crew_ids(row))
    require(field.may_report_of(by, facts, sends=may_answer_for(by, row, at=at), way=way))

    row.facility_code = facility_code
    row.transporting_at = row.transporting_at or row.no_earlier(at)
    row.save()
    start_check_in_clock(row, Stage.TRANSPORTING, by=by, at=at)
    record(kinds.STAGE_REACHED, row, by=by, at=at, **sides(row))
    return row


def _came_to(request: Request) -> str:
    rows = Assignment.objects.filter(request=request, cleared_at__isnull=False)
    return asking.outcome_of(
        list(rows.order_by("cleared_at", "id").values_list("outcome", flat=True))
    )


def _end(row: Assignment, *, outcome: str, at: datetime) -> None:
    row.cleared_at, row.outcome = row.no_earlier(at), outcome
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
