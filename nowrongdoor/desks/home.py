"""Home: where anyone who signs in lands. One next step, then what waits, what is mine, what is due, today.

What a role gets follows from what it may do; `home_words.LATER` alone names roles. Row-level security decides in
every part of each statement what is seen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.calls import queries as calls
from nowrongdoor.calls.rules import level_place
from nowrongdoor.cases import queries as cases
from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.community import queries as community
from nowrongdoor.desks import alarms as ringing
from nowrongdoor.desks import board_rows, waiting
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.desks.due import DUE
from nowrongdoor.desks.home_words import FIGURES, IDLE, LATER, Idle
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import privacy_queries
from nowrongdoor.sharing.commands.reviews import DUE as REVIEW

READ, SHOWN = 50, 6
"""How many of each part are read, the oldest first, and drawn of these, the highest level first."""
_CASELOAD = ("cases:caseload", _("Open the caseload"))
_OPENS = {
    REVIEW: ("sharing:privacy", _("Open reviews")),
    UNTAKEN: _CASELOAD,
    TASK_DUE: _CASELOAD,
}
"""Where an alarm that is about no call is answered."""
LISTED = ("transfer", "request", "queue")
"""The parts of what waits that are drawn one by one."""
_PARTS = """
WITH open AS (SELECT * FROM episodes_episode WHERE closed_at IS NULL AND joined_into_id IS NULL),
due AS (SELECT * FROM clocks_deadline WHERE fired_at IS NULL AND cancelled_at IS NULL),
mine AS (SELECT * FROM open WHERE holder_member_id = %(member)s AND holder_program_id = %(program)s),
team AS (SELECT t.* FROM dispatch_assignment t JOIN dispatch_crew_member c ON c.crew_id = t.crew_id
  WHERE c.member_id = %(member)s AND c.until_at IS NULL AND t.cleared_at IS NULL),
found AS (
  SELECT 'mine' AS part, e.id, e.id AS episode_id, e.label, NULL::jsonb AS what, e.held_since AS since,
    NULL::timestamptz AS due_at FROM mine e
UNION ALL
  SELECT 'team', t.id, e.id, e.label, NULL, t.assigned_at, NULL FROM team t JOIN open e ON e.id = t.episode_id
UNION ALL
  SELECT 'transfer', h.id, e.id, e.label, p.names, h.offered_at, d.due_at
  FROM episodes_handoff h JOIN open e ON e.id = h.episode_id JOIN agencies_program p ON p.id = h.from_program_id
  LEFT JOIN due d ON d.subject_id = h.id AND d.kind = 'episodes.unanswered'
  WHERE %(accepts)s AND h.to_program_id = %(program)s AND h.purpose = 'transfer'
    AND (h.to_member_id IS NULL OR h.to_member_id = %(member)s)
    AND h.accepted_at IS NULL AND h.declined_at IS NULL AND h.withdrawn_at IS NULL
UNION ALL
  SELECT 'queue', e.id, e.id, e.label, NULL, e.held_since, NULL
  FROM open e LEFT JOIN episodes_handoff via ON via.id = e.holder_via_id
  WHERE %(accepts)s AND e.holder_program_id = %(program)s AND e.holder_member_id IS NULL
    AND (e.holder_via_id IS NULL OR via.attested_name = '')
UNION ALL
  SELECT 'request', q.id, e.id, e.label, k.names, q.asked_at, d.due_at
  FROM dispatch_request q JOIN open e ON e.id = q.episode_id JOIN dispatch_kind k ON k.code = q.kind_id
  LEFT JOIN due d ON d.subject_id = q.id AND d.kind = 'dispatch.unanswered'
  WHERE %(sends)s AND q.to_program_id = %(program)s AND q.accepted_at IS NULL
    AND q.declined_at IS NULL AND q.withdrawn_at IS NULL AND q.ended_at IS NULL
UNION ALL
  SELECT 'message', n.id, n.episode_id, '', NULL, n.written_at, NULL FROM narrative_note n
  WHERE %(writes)s AND n.to_program_id = %(program)s AND n.acknowledged_at IS NULL
UNION ALL
  SELECT 'due', d.id, e.id, e.label, to_jsonb(d.kind), d.due_at, d.due_at
  FROM due d JOIN open e ON e.id = d.episode_id
  WHERE d.kind <> 'dispatch.duress'
    AND (d.subject_id IN (SELECT id FROM team)
      OR EXISTS (SELECT FROM calls_participant o WHERE o.id = d.subject_id AND o.member_id = %(member)s)
      OR d.kind NOT IN ('calls.watch_check', 'calls.watch_supervisor', 'calls.reminder')
        AND d.episode_id IN (SELECT id FROM mine) AND %(program)s IN (d.program_id, d.other_program_id)))
SELECT part, id, episode_id, label, what::json, since, due_at, every FROM (
  SELECT *, count(*) OVER (PARTITION BY part) AS every,
    row_number() OVER (PARTITION BY part ORDER BY since, id) AS place FROM found) AS numbered
WHERE place <= %(read)s ORDER BY part, place
"""
_TODAY = """
SELECT (SELECT count(*) FROM calls_contact WHERE program_id = %(program)s AND received_at >= %(since)s),
  (SELECT count(*) FROM episodes_handoff
   WHERE to_program_id = %(program)s AND purpose = 'transfer' AND accepted_at >= %(since)s),
  (SELECT count(*) FROM dispatch_assignment
   WHERE %(program)s IN (program_id, authority_id) AND assigned_at >= %(since)s)
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what it is about, and where it is done. `count`: how many it stands for; 0 itself."""

    says: str
    url: str
    act: str
    icon: str = "list"
    number: str = ""
    row: BoardRow | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    late: bool = False
    answer: bool = False  # what is due is an answer
    count: int = 0


class _Row(NamedTuple):
    part: str
    id: UUID
    episode_id: UUID
    label: str
    what: Any
    since: datetime
    due_at: datetime | None
    every: int


@dataclass(frozen=True, slots=True)
class Home:
    """The parts that a role gets; those that it does not have are None."""

    next: Item | None
    idle: Idle
    later: str
    waiting: tuple[Item, ...] | None
    mine: tuple[Item, ...] | None
    due: tuple[Item, ...] | None
    figures: tuple[tuple[str, int], ...]
    of: Mapping[str, int] = field(default_factory=dict)
    """How many there are of each part: not all are drawn."""
    more: int = 0
    """How many wait besides those that are drawn."""

    @property
    def counted(self) -> bool:
        return any(count for _, count in self.figures)


def home(by: Actor, *, at: datetime) -> Home:
    """Everything on the page, in a number of statements that no row adds to."""
    idle = next(each for each in IDLE if all(granted(by, need) for need in each.needs))
    later = gettext(LATER[Role(by.role)]) if Role(by.role) in LATER else ""
    if not granted(by, Action.SEE_BOARD):
        waits = (*_reviews(by, at=at), *_asks(by))
        return Home(next(iter(waits), None), idle, later, waits or None, None, None, ())
    with act_as(by):
        found = _parts(by)
        ids = frozenset(each.episode_id for each in found if each.part != "message")
        [known] = board_rows.rows_for((by,), at=at, ids=ids) if ids else [()]
        rows = {row.key: row for row in known}
        waits = _waiting(by, found, rows, at=at)
        figures = _today(by, at=at)
    mine = _each(found, rows, "mine", _mine)
    due = [_due(at, each, rows.get(str(each.episode_id))) for each in found if each.part == "due"]
    owns = granted(by, Action.ACCEPT)
    answers = owns or granted(by, (Action.DISPATCH, Action.FIELD))
    return Home(
        next=next(iter((*waits, *mine)), None),
        idle=idle,
        later=later,
        waiting=waits if answers else None,
        mine=mine if owns else None,
        due=tuple(due[:SHOWN]) if answers else None,
        figures=figures,
        of={each.part: each.every for each in found},
        more=sum(
            {
                each.part: max(0, each.every - SHOWN) for each in found if each.part in LISTED
            }.values()
        ),
    )


def _parts(by: Actor) -> list[_Row]:
    asked = {
        "member": by.member_id,
        "program": by.program_id,
        "accepts": granted(by, Action.ACCEPT),
        "sends": granted(by, Action.DISPATCH),
        "writes": granted(by, Action.WRITE_NOTE),
        "read": READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, asked)
        return [_Row._make(row) for row in cursor.fetchall()]


def _each(
    found: Sequence[_Row],
    rows: Mapping[str, BoardRow],
    part: str,
    make: Callable[[_Row, BoardRow | None], Item],
) -> tuple[Item, ...]:
    """The lines of one part, the highest level first, then as they were read."""
    made = [
        (row, make(each, row))
        for each in found
        if each.part == part
        for row in (rows.get(str(each.episode_id)),)
    ]
    made.sort(key=lambda one: level_place(one[0].level if one[0] else ""))  # stable
    return tuple(item for _, item in made[:SHOWN])


def _waiting(
    by: Actor, found: Sequence[_Row], rows: Mapping[str, BoardRow], *, at: datetime
) -> tuple[Item, ...]:
    """What waits for `by`, in the order in which it is to be done."""
    alarms = ringing.alarms(by, at=at)["alarms"]
    listed = {each.label for each in found if each.part in LISTED}
    open_alarms = [
        each
        for each in alarms
        if each.open and not (each.kind.endswith("unanswered") and each.number in listed)
    ]
    critical = [each for each in open_alarms if each.critical]
    one = (critical or open_alarms)[:1]
    alarm = [_alarm(each, len(open_alarms)) for each in one]
    return (
        *(alarm if critical else ()),
        *_each(found, rows, "team", _team),
        *_each(found, rows, "transfer", partial(_transfer, by)),
        *_relief(by),
        *_each(found, rows, "request", partial(_request, by)),
        *_each(found, rows, "queue", _queued),
        *(() if critical else alarm),
        *_supervisor(by, at=at),
        *_cases(by, at=at),
        *_messages(found),
    )


def _alarm(each: ringing.AlarmRow, count: int) -> Item:
    words = gettext("Alarm: %(what)s")
    if count > 1:
        words = gettext("Alarm: %(what)s, and %(more)s more")
    says = words % {"what": f"{each.words} {each.unit}".strip(), "more": count - 1}
    icon = "critical" if each.critical else "bell"
    page, act = _OPENS.get(each.kind, ("calls:alarms", _("Open alarms")))
    url, act = reverse(page), gettext(act)
    return Item(says, url, act, icon, each.number, since=each.since, late=each.critical)


def _team(each: _Row, row: BoardRow | None) -> Item:
    says = gettext("You are dispatched")
    return Item(
        says, reverse("calls:field"), gettext("My assignment"), "team", each.label, row, each.since
    )


def _transfer(by: Actor, each: _Row, row: BoardRow | None) -> Item:
    sender = community.in_language(each.what, by.language)
    says = gettext("Transfer from %(program)s") % {"program": sender}
    item = _on_call(each, row, says, gettext("Answer transfer"), "transfer")
    return replace(item, answer=True)


def _queued(each: _Row, row: BoardRow | None) -> Item:
    return _on_call(
        each, row, gettext("In our queue, no owner by name"), gettext("Open the call"), "inbox"
    )


def _mine(each: _Row, row: BoardRow | None) -> Item:
    return _on_call(each, row, row.class_name if row else "", gettext("Open the call"), "user")


def _due(at: datetime, each: _Row, row: BoardRow | None) -> Item:
    item = _on_call(
        each, row, gettext(DUE.get(each.what, "Deadline")), gettext("Open the call"), "clock"
    )
    return replace(item, since=None, late=each.due_at is not None and each.due_at < at)


def _on_call(each: _Row, row: BoardRow | None, says: str, act: str, icon: str) -> Item:
    url = reverse("calls:episode", args=[each.episode_id])
    return Item(says, url, act, icon, each.label, row, each.since, each.due_at)


def _request(by: Actor, each: _Row, row: BoardRow | None) -> Item:
    says = gettext("Request: %(kind)s") % {"kind": community.in_language(each.what, by.language)}
    item = _on_call(each, row, says, gettext("Open request"), "team")
    url = reverse("calls:request", args=[each.id])
    return replace(item, url=url, answer=True)


def _relief(by: Actor) -> tuple[Item, ...]:
    count = 0
    if granted(by, Action.RELIEVE):
        count = sum(episodes.relief_batches(by).values()) + calls.watches_for(by)
    says = gettext("Shift change: calls handed to you")
    item = Item(says, reverse("calls:relief"), gettext("Open shift change"), "swap", count=count)
    return (item,) if count else ()


def _cases(by: Actor, *, at: datetime) -> tuple[Item, ...]:
    """What one's program owes to people: first what nobody answers for, then what is due of one's own."""
    if not granted(by, Action.KEEP_CASES):
        return ()
    counted = cases.counted(by, at=at)
    page, act = _CASELOAD
    lines = (
        (counted.untaken, gettext("Cases with no owner yet"), "inbox"),
        (counted.overdue, gettext("Your overdue follow-up tasks"), "alert"),
        (counted.today, gettext("Your follow-up tasks due today"), "calendar"),
    )
    return tuple(
        Item(says, reverse(page), gettext(act), icon, count=count)
        for count, says, icon in lines
        if count
    )


def _supervisor(by: Actor, *, at: datetime) -> tuple[Item, ...]:
    count = waiting.count(by, at=at) if granted(by, Action.ASSUME) else 0
    says, url = gettext("Supervisor queue: items that need action"), reverse("calls:supervising")
    return (
        (Item(says, url, gettext("Open supervisor queue"), "inbox", count=count),) if count else ()
    )


def _messages(found: Sequence[_Row]) -> tuple[Item, ...]:
    first = next((each for each in found if each.part == "message"), None)
    if first is None:
        return ()
    says, url = gettext("Messages not acknowledged"), reverse("narrative:messages")
    return (
        Item(says, url, gettext("Read messages"), "chat", since=first.since, count=first.every),
    )


def _reviews(by: Actor, *, at: datetime) -> tuple[Item, ...]:
    """What another asked for and `by` is to review. One line."""
    if not granted(by, Action.GOVERN_SHARING):
        return ()
    found = [each for each in privacy_queries.reviews(by, at=at) if each.may]
    if not found:
        return ()
    says, url = gettext("Disclosures to review"), reverse("sharing:privacy")
    item = Item(says, url, gettext("Open reviews"), "shield", count=len(found))
    return (replace(item, due_at=found[0].due_at, late=found[0].overdue),)


def _asks(by: Actor) -> tuple[Item, ...]:
    """Who asks to see a record and has no answer. One line, with the time of the first."""
    found = privacy_queries.asks(by) if granted(by, Action.GOVERN_SHARING) else ()
    if not found:
        return ()
    says, url = gettext("Requests to see a record"), f"{reverse('sharing:privacy')}#asks"
    item = Item(says, url, gettext("Open requests"), "shield", count=len(found))
    return (replace(item, since=found[0].asked_at),)


def _today(by: Actor, *, at: datetime) -> tuple[tuple[str, int], ...]:
    """What was done since midnight here, by `by`'s program. One statement."""
    zone = ZoneInfo(community.community().time_zone)
    since = datetime.combine(at.astimezone(zone).date(), time.min, tzinfo=zone)
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, {"program": by.program_id, "since": since})
        counts = cursor.fetchone()
    return tuple(zip(map(gettext, FIGURES), counts, strict=True))
