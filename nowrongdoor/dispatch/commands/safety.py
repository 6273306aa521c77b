"""Signs of life from teams at a scene: check-in clock, duress, a clinician alone."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks import queries as waits
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import kinds, queries
from nowrongdoor.dispatch.commands.sake import end_for_sake
from nowrongdoor.dispatch.commands.shared import (
    assignment_of_clock,
    crew_ids,
    lock_assignment,
    may_answer_for,
    set_deadline,
    sides,
)
from nowrongdoor.dispatch.facts import (
    CHECK_IN,
    DURESS,
    LISTED,
    SILENT,
    UNANSWERED,
    WAY_WORDS,
    Axis,
    Mode,
    Stage,
    Transport,
)
from nowrongdoor.dispatch.models import NOT_ENDED, Assignment, CheckIn, Duress, Kind, Request
from nowrongdoor.dispatch.rules import field, ranking
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import OneOf

GOES_OR_SENDS = (Action.DISPATCH, Action.FIELD)
"""A team goes, a desk sends: either may say where a unit is."""
SaidBy = OneOf(label=_("How it was reported"), words=WAY_WORDS, wrong=LISTED)
DURESS_REPEAT_S = 30
"""How often an alarm of a team repeats where the community does not say."""
ONE_TAP = timedelta(seconds=5)
EMERGENCY = "E"
"""The basis on which police are told of a team in danger, whatever the routes say."""


def start_check_in_clock(row: Assignment, to: Stage, *, by: Actor, at: datetime) -> None:
    """From the scene on, a sign of life is due; every step is one. Whoever came first is watched too."""
    clocks.cancel_deadline(row.pk, at=at)
    row.missed = 0
    row.save(update_fields=["missed"])
    if to in field.WATCHED or queries.on_scene(row):
        _set_deadline(row, by=by, at=at)


def _set_deadline(row: Assignment, *, by: Actor, at: datetime) -> None:
    key = "check_in_min" if row.missed == 0 else "check_in_grace_min"
    due = field.check_in_due(at, every_min=int(community.setting(key, at)))
    set_deadline(CHECK_IN, row.pk, due, row, by=by, at=at)


def wait_silent(row: Assignment, *, by: Actor, at: datetime) -> None:
    """From the dispatch on somebody waits for the unit to say that it goes; its first step ends that."""
    wait_s = int(community.setting("unit_acknowledge_s", at))
    set_deadline(SILENT, row.pk, at + timedelta(seconds=wait_s), row, by=by, at=at)


@command
def alert_silent(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """A unit was dispatched and has not acknowledged: say so at its desk, then up its line.

    Journal: dispatch.unit_silent.
    """
    row = assignment_of_clock(subject_id)
    if row is None or row.cleared_at is not None or row.facts().stage is not Stage.ASSIGNED:
        return

    wait_silent(row, by=by, at=at)
    supervisor = waits.climbed(row.pk, SILENT, at)
    record(kinds.UNIT_SILENT, row, by=by, at=at, supervisor=supervisor, **sides(row))


def watch_lone_clinician(row: Assignment, *, by: Actor, at: datetime) -> None:
    """Say so at once where a clinician is at a scene without their colleague."""
    there = queries.on_scene(row)
    if row.cleared_at is None and ranking.alone_with_person(there):
        record(kinds.ALONE_ON_SCENE, row, by=by, at=at, **sides(row))


@command(needs=GOES_OR_SENDS)
def check_in(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    way: Annotated[Transport, SaidBy] = Transport.TAP,
) -> CheckIn:
    """Write a sign of life down: the team's own tap, or what the desk heard by radio or phone.

    Refused: as `dispatch.rules.field.may_report_of` says.
    Journal: dispatch.checked_in.
    """
    row = lock_assignment(assignment_id)

    facts = row.facts(crew_ids(row))
    require(field.may_report_of(by, facts, sends=may_answer_for(by, row, at=at), way=way))

    made = CheckIn.objects.create(
        id=new_id(at),
        assignment=row,
        episode_id=row.episode_id,
        at=at,
        way=way.value,
        by_member_id=named(by),
    )
    start_check_in_clock(row, facts.stage, by=by, at=at)
    record(kinds.CHECKED_IN, row, by=by, at=at, **sides(row))
    return made


@command
def alert_check_in(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """No sign of life: ring at the desk, then up its line; from the third on, ask for police.

    Journal: dispatch.check_in_missed; dispatch.asked where police are asked for.
    """
    row = assignment_of_clock(subject_id)
    if row is None or row.cleared_at is not None:
        return

    row.missed += 1
    row.save(update_fields=["missed"])
    _set_deadline(row, by=by, at=at)
    supervisor = waits.climbed(row.pk, CHECK_IN, at)
    record(kinds.CHECK_IN_MISSED, row, by=by, at=at, supervisor=supervisor, **sides(row))
    if field.asks_police(row.missed):
        ask_for_police(row, by=by, at=at)


@command(needs=Action.REQUEST)
def activate_duress(
    *,
    by: Actor,
    at: datetime,
    assignment_id: UUID,
    way: Annotated[Transport, SaidBy] = Transport.TAP,
) -> Duress:
    """The team is in danger: alert its desk until a named person acknowledges it, and ask for police at once.

    Pressed again it is the same alarm, and rings anew: whoever acknowledged it is asked once more. Two
    taps of one hand are one.
    Nobody is refused who may say anything of this team.
    Refused: as `dispatch.rules.field.may_report_of` says.
    Journal: dispatch.duress, dispatch.asked.
    """
    row = lock_assignment(assignment_id)

    facts = row.facts(crew_ids(row))
    require(field.may_report_of(by, facts, sends=may_answer_for(by, row, at=at), way=way))
    made = Duress.objects.filter(assignment=row, ended_at=None).first()
    if made is None:
        made = Duress.objects.create(
            id=new_id(at),
            assignment=row,
            episode_id=row.episode_id,
            at=at,
            way=way.value,
            by_member_id=named(by),
        )
    else:
        clock = waits.running(made.pk, DURESS, at=at)
        if clock and clock.acknowledged_at is None and at - clock.set_at < ONE_TAP:
            return made
        clocks.cancel_deadline(made.pk, at=at)
    _set_duress_clock(made, row, by=by, at=at)
    record(kinds.DURESS_ACTIVATED, row, by=by, at=at, **sides(row))
    ask_for_police(row, by=by, at=at)
    return made


def _set_duress_clock(alarm: Duress, row: Assignment, *, by: Actor, at: datetime) -> None:
    """It is the desk's that sends the unit; the unit's own program sees it too."""
    repeat_s = waits.alarm_of(DURESS, at).every_s or DURESS_REPEAT_S
    other = row.program_id if row.program_id != row.authority_id else None
    due = at + timedelta(seconds=repeat_s)
    facts = DeadlineFacts(DURESS, alarm.pk, due, row.episode_id, other, row.authority_id)
    clocks.set_deadline(facts, by=by, at=at)


@command
def alert_duress(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Nobody has acknowledged a team's alarm, or nobody has spoken with them since: alert again, up its line.

    Journal: dispatch.duress_unanswered.
    """
    seen = Duress.objects.filter(pk=subject_id).values_list("assignment_id", flat=True).first()
    row = None if seen is None else assignment_of_clock(seen)
    if row is None:
        return
    alarm = locked(Duress, subject_id)
    if alarm.ended_at is not None:
        return

    _set_duress_clock(alarm, row, by=by, at=at)
    supervisor = waits.climbed(alarm.pk, DURESS, at)
    record(kinds.DURESS_UNANSWERED, row, by=by, at=at, supervisor=supervisor, **sides(row))


@command(needs=Action.DISPATCH)
def end_duress(*, by: Actor, at: datetime, duress_id: UUID) -> Duress:
    """The desk has spoken with the team: the alarm is over, and with a crew that is clear what was asked for it.

    Refused: as `dispatch.rules.field.may_end_duress` says.
    Journal: dispatch.duress_ended; dispatch.withdrawn or dispatch.police_released.
    """
    found = Duress.objects.filter(pk=duress_id).values_list("assignment_id", flat=True).first()
    if found is None:
        raise missing()
    row = lock_assignment(found)
    alarm = locked(Duress, duress_id)

    crew = by.member_id in crew_ids(row)
    sends = may_answer_for(by, row, at=at)
    require(field.may_end_duress(crew=crew, sends=sends, ended=alarm.ended_at is not None))

    alarm.ended_at, alarm.ended_by_id = max(at, alarm.at), named(by)
    alarm.save()
    clocks.cancel_deadline(alarm.pk, at=at)
    record(kinds.DURESS_ENDED, row, by=by, at=at, **sides(row))
    if row.cleared_at is not None:
        end_for_sake(row, by=by, at=at)
    return alarm


def _police_now(row: Assignment, *, at: datetime) -> tuple[Kind, UUID] | None:
    """The first kind of police that comes at once which this team, or its desk, may ask for; and whom.

    Negotiators come at once too: the community's order says which is asked for first.
    """
    police = Kind.objects.filter(axis=Axis.POLICE.value, mode=Mode.NOW.value)
    for kind in police.order_by("position"):
        to_id = queries.first_authority(kind.code, row, at=at)
        if to_id is not None:
            return kind, to_id
    return None


def ask_for_police(row: Assignment, *, by: Actor, at: datetime) -> None:
    """Ask whoever sends police, in the team's name, where nobody has asked yet. A person sends them."""
    found = _police_now(row, at=at)
    if found is None:
        return  # no such help in this community: the alarm itself has rung
    kind, to_id = found
    open_ones = Request.objects.filter(NOT_ENDED, episode_id=row.episode_id, kind=kind)
    if open_ones.exists():
        return
    episodes.grant_program(row.episode_id, to_id, by=by, basis=EMERGENCY, at=at)
    request = Request.objects.create(
        id=new_id(at),
        episode_id=row.episode_id,
        kind=kind,
        from_program_id=by.program_id,
        from_member_id=by.member_id,
        to_program_id=to_id,
        asked_at=at,
        for_assignment=row,
    )
    due = at + timedelta(seconds=kind.answer_s)
    set_deadline(UNANSWERED, request.pk, due, request, by=by, at=at)
    record(kinds.ASKED, request, by=by, at=at)
