"""The alarms of whoever looks: what rings now for them, and what rang in the last hours.

An alarm is a deadline that has rung and is not over (`clocks`). What it is about is read from what
its program may see; it disappears when what it is about is done, and by nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.calls import pages
from nowrongdoor.calls.commands.alarms import ANSWERED_BY, AT_ONCE, OWN, SHIFT, in_line
from nowrongdoor.calls.commands.legs import ALONE
from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.clocks import queries as clocks
from nowrongdoor.clocks.facts import Ringing
from nowrongdoor.desks import board
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.desks.guest_card import phone_of
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch.board import RequestRow, TeamRow
from nowrongdoor.dispatch.facts import CHECK_IN, DURESS, SILENT
from nowrongdoor.dispatch.words import state_words
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.commands.reviews import DUE as REVIEW

WORDS: Mapping[str, str] = {
    DURESS: _("Duress"),
    CHECK_IN: _("Check-in missed"),
    SILENT: _("Dispatched, not acknowledged"),
    ALONE: _("No one on the line with the caller"),
    "dispatch.unanswered": _("Request not answered"),
    "dispatch.choice": _("No team is on the way"),
    "dispatch.follow": _("Declined, no one else asked"),
    "episodes.unanswered": _("Transfer not answered"),
    "episodes.not_met": _("Accepted, no contact yet"),
    "calls.search": _("Location attempt due"),
    "calls.rescue": _("Rescue not confirmed"),
    "calls.call_back": _("Callback overdue"),
    REVIEW: _("Review overdue"),
    UNTAKEN: _("Case with no owner"),
    TASK_DUE: _("Follow-up task overdue"),
}
"""What each kind of alarm is called on a screen."""
_ORDER = (DURESS, ALONE, CHECK_IN)
"""The critical ones, the worst first; every other kind is a warning."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm as a screen shows it. `unit`, `crew` and `police` only where it is about a team."""

    id: UUID
    kind: str
    words: str
    critical: bool
    since: datetime
    rung: int
    acknowledged_at: datetime | None
    acknowledged_by: str
    may: tuple[str, ...]
    episode_id: UUID | None = None
    number: str = ""
    place: str = ""
    level: str = ""
    holder: str = ""
    unit: str = ""
    phone: str = ""
    """The unit's number, or its program's; '' where the community lists none."""
    crew: str = ""
    police: str = ""

    @property
    def full(self) -> bool:
        """Whether it stands across the whole screen: a team is in danger."""
        return self.kind == DURESS

    @property
    def open(self) -> bool:
        return self.acknowledged_at is None


def alarms(by: Actor, *, at: datetime) -> dict[str, Any]:
    """What alarms `by` now, the worst first and the oldest of each. Two queries where nothing does."""
    with act_as(by):
        found = clocks.ringing(tuple(ANSWERED_BY), tuple(AT_ONCE), at=at)
        rows = _rows(by, found, at=at) if found else ()
    return {
        "alarms": rows,
        "waiting": sum(row.open for row in rows),
        "forms": pages.acts.forms(by, at=at) if rows else {},
    }


def _rows(by: Actor, found: Sequence[Ringing], *, at: datetime) -> tuple[AlarmRow, ...]:
    episode_ids = frozenset(each.episode_id for each in found if each.episode_id is not None)
    calls = {row.key: row for row in board.rows(by, at=at, ids=episode_ids)}
    asked = dispatching.requests(by, episode_ids=episode_ids)
    made = (_row(each, by, calls.get(str(each.episode_id)), asked, at=at) for each in found)
    shown = [row for row in made if row is not None]
    return tuple(sorted(shown, key=lambda row: (not row.open, _place(row.kind), row.since)))


def _place(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _row(
    alarm: Ringing,
    by: Actor,
    call: BoardRow | None,
    asked: Iterable[RequestRow],
    *,
    at: datetime,
) -> AlarmRow | None:
    of_call = [each for each in asked if each.episode_id == alarm.episode_id]
    team = _team(alarm, of_call)
    crew = () if team is None else team.people
    if by.member_id in {one.member_id for one in crew} or not _concerns(by, alarm, call):
        return None
    police = next((each for each in of_call if each.axis == "police" and each.open), None)
    return AlarmRow(
        id=alarm.id,
        kind=alarm.kind,
        words=gettext(WORDS[alarm.kind]),
        critical=alarm.kind in _ORDER,
        since=(team and team.duress_at) or alarm.set_at,
        rung=alarm.rung,
        acknowledged_at=alarm.acknowledged_at,
        acknowledged_by=alarm.acknowledged_by,
        may=("acknowledge_alarm",) if alarm.acknowledged_at is None and in_line(by, alarm) else (),
        episode_id=None if call is None else alarm.episode_id,
        number="" if call is None else call.number,
        place="" if call is None else call.place or call.zone,
        level="" if call is None else call.level,
        holder="" if call is None else call.holder_name or call.holder_program,
        unit="" if team is None else team.unit,
        phone="" if team is None else phone_of(team.program_id, team, at=at),
        crew="" if team is None else team.names,
        police=_police(police) if alarm.kind == DURESS else "",
    )


def _team(alarm: Ringing, asked: Iterable[RequestRow]) -> TeamRow | None:
    """The team that an alarm is about, or the one that was asked for the request it is about."""
    teams = [team for each in asked for team in each.teams]
    return next((team for team in teams if alarm.subject_id in (team.id, team.duress_id)), None)


def _police(request: RequestRow | None) -> str:
    """What is true of the police that were requested for a team."""
    if request is None:
        return gettext("not requested")
    sent = ", ".join(team.unit for team in request.teams)
    return f"{state_words(request.state)}: {sent}" if sent else state_words(request.state)


def _concerns(by: Actor, alarm: Ringing, call: BoardRow | None) -> bool:
    """Whether this alarm is for the eyes of `by`: who owns the call, who answers for it, who supervises either."""
    at_once = alarm.kind in AT_ONCE
    owns = call is not None and by.member_id is not None and call.holder_member == str(by.member_id)
    shift = by.role == Role.PSAP_SUPERVISOR and (at_once or alarm.climbed >= SHIFT)
    if owns or shift:
        return True
    if alarm.kind in OWN:
        return in_line(by, alarm)
    if by.program_id not in (alarm.program_id, alarm.other_program_id):
        return at_once and granted(by, Action.DISPATCH)  # the floor that police are asked of
    return granted(by, Action.ASSUME) or _answers(by, alarm, call)


def _answers(by: Actor, alarm: Ringing, call: BoardRow | None) -> bool:
    """Whether `by` is at the desk of a program that has to act."""
    if alarm.kind.startswith("dispatch."):
        return granted(by, ANSWERED_BY[alarm.kind])
    if call is None:
        return False
    if call.offer is not None and by.program_id == alarm.other_program_id:
        return call.offer.to_member in ("", str(by.member_id))
    return call.ours and call.in_queue and granted(by, Action.ACCEPT)
