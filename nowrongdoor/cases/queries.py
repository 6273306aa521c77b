"""Every read of cases, as rows for pages. Each is read as whoever asks: a program's cases are its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as, granted, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import party
from nowrongdoor.cases import book, rules
from nowrongdoor.cases.facts import CaseFacts, Kind, Named
from nowrongdoor.cases.models import OPEN, OWED, Attempt, Case, Move, Task
from nowrongdoor.community.queries import community, in_language
from nowrongdoor.episodes import identified, lookup
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing

MOST = 500
Choices = tuple[tuple[str, str], ...]


class When(StrEnum):
    """Under which heading a case stands in a caseload, in this order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    DONE = "done"  # nothing is owed any more: it waits to be closed
    PAUSED = "paused"
    UNTAKEN = "untaken"


@dataclass(frozen=True, slots=True)
class AttemptRow:
    at: datetime
    by_name: str
    result: str
    said: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task. `may` names what the reader may do with it; `results`: what may have come of a try."""

    id: UUID
    name: str
    opens_at: datetime
    due_at: datetime
    tries: int
    attempts: tuple[AttemptRow, ...]
    over_at: datetime | None
    result: str
    open_now: bool
    overdue: bool
    results: Choices
    may: tuple[str, ...]

    @property
    def tried(self) -> int:
        return len(self.attempts)

    @property
    def out_of_tries(self) -> bool:
        return self.over_at is None and self.tried >= self.tries


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a caseload lists it. `next`: what is owed first; None where nothing is.

    `person` is '' until somebody takes the case: who only looks whether to take one need not know who it is.
    """

    id: UUID
    number: str
    person: str
    kind: str
    plan: str
    owner: str
    mine: bool
    state: str
    paused: bool
    came_from: str
    opened_at: datetime
    when: When
    next: TaskRow | None
    may: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass(frozen=True, slots=True)
class MoveRow:
    at: datetime
    by_name: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case whole. `outcomes`, `moves`: what may be chosen; `person_id`: the program's own record of the person."""

    id: UUID
    row: CaseRow
    card: CardFacts | None
    episode_id: UUID
    person_id: UUID | None
    tasks: tuple[TaskRow, ...]
    past_moves: tuple[MoveRow, ...]
    closed_at: datetime | None
    closed_by: str
    outcome: str
    reason: str
    outcomes: Choices
    moves: Choices
    may: tuple[str, ...]


def caseload(by: Actor, *, at: datetime) -> list[tuple[When, list[CaseRow]]]:
    """The open cases of one's program under their headings, what is due first at the top. Six queries."""
    with act_as(by):
        rows = list(_read(Case.objects.filter(OPEN, program_id=by.program_id))[:MOST])
        names = lookup.names_said([each.episode_id for each in rows])
        staff = _staff(by, at=at)
        found = [
            _row(each, each.facts(staff), names.get(each.episode_id, ""), by, at=at)
            for each in rows
        ]
    found.sort(key=lambda each: each.next.due_at if each.next else each.opened_at)
    parts = [(when, [each for each in found if each.when is when]) for when in When]
    return [(when, rows) for when, rows in parts if rows]


def case(by: Actor, case_id: UUID, *, at: datetime) -> CaseView:
    """One case of one's program. Errors: NotFound for any other."""
    with act_as(by):
        found = _read(Case.objects.filter(pk=case_id, program_id=by.program_id)).first()
        if found is None:
            raise missing()
        kind, language = book.kind(found.kind), by.language
        card = lookup.card_of(found.episode_id)
        facts = found.facts(_staff(by, at=at))
        row = _row(found, facts, "" if card is None else card.name_given, by, at=at)
        moves = Move.objects.filter(case=found).select_related("member").order_by("-at", "-id")
        past = [
            MoveRow(
                each.at, each.member.name, _said(kind.states, each.to_state, language), each.reason
            )
            for each in moves
        ]
    taken = facts.member_id is not None
    person_id = identified.person_of(by, found.episode_id) if taken else None
    works = rules.may_work(by, facts).allowed
    acts = ("close_case", "move_case") if works else ()
    ways = [each for one, each in sorted(kind.moves) if one == found.state]
    return CaseView(
        id=found.pk,
        row=row,
        card=card if taken else None,
        episode_id=found.episode_id,
        person_id=person_id,
        tasks=tuple(_task(each, kind, found, facts, by, at=at) for each in _tasks(found)),
        past_moves=tuple(past),
        closed_at=found.closed_at,
        closed_by="" if found.closed_by is None else found.closed_by.name,
        outcome=_said(kind.outcomes, found.outcome, language) if found.outcome else "",
        reason=found.reason,
        outcomes=_choices(kind.outcomes, kind.outcomes, language),
        moves=_choices(kind.states, ways, language),
        may=(*row.may, *acts),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What a home says of a caseload: cases that nobody has taken, and tasks of one's own cases."""

    untaken: int
    overdue: int
    today: int


def counted(by: Actor, *, at: datetime) -> Counted:
    """Two queries."""
    zone = ZoneInfo(community().time_zone)
    ends = datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)
    with act_as(by):
        waits = Q(member=None) | ~Q(member_id__in=_staff(by, at=at))
        untaken = Case.objects.filter(waits, OPEN, program_id=by.program_id).count()
        mine = Task.objects.filter(OWED, program_id=by.program_id, case__member_id=named(by))
        due = mine.aggregate(
            overdue=Count("pk", filter=Q(due_at__lte=at)),
            today=Count("pk", filter=Q(due_at__gt=at, due_at__lt=ends)),
        )
    return Counted(untaken, due["overdue"], due["today"])


def waiting(by: Actor, *, at: datetime) -> list[CaseRow]:
    """The cases of one's program that nobody has taken, the oldest first: for the shift briefing."""
    with act_as(by):
        staff = _staff(by, at=at)
        waits = Q(member=None) | ~Q(member_id__in=staff)
        rows = _read(Case.objects.filter(waits, OPEN, program_id=by.program_id))
        return [_row(each, each.facts(staff), "", by, at=at) for each in rows[:MOST]]


def _staff(by: Actor, *, at: datetime) -> set[UUID]:
    """Who works in the program now: an owner who left is none."""
    return {member_id for member_id, _name, _role in agencies.staff_of(by.program_id, at=at)}


def _read(rows: QuerySet[Case]) -> QuerySet[Case]:
    attempts = Prefetch("attempts", Attempt.objects.select_related("member").order_by("at", "id"))
    tasks = Prefetch("tasks", Task.objects.prefetch_related(attempts).order_by("due_at", "id"))
    return rows.select_related("member", "closed_by").prefetch_related(tasks).order_by("opened_at")


def _tasks(found: Case) -> list[Task]:
    return list(found.tasks.all())


def _row(found: Case, facts: CaseFacts, person: str, by: Actor, *, at: datetime) -> CaseRow:
    kind, language, taken = book.kind(found.kind), by.language, facts.member_id is not None
    owed = [each for each in _tasks(found) if each.over_at is None]
    paused = kind.states[found.state].pauses
    possible = {
        "take_case": granted(by, Action.KEEP_CASES) and rules.may_take(by, facts).allowed,
        "assign_case": granted(by, Action.ASSUME)
        and rules.may_assign(by, facts, works_there=True).allowed,
    }
    return CaseRow(
        id=found.pk,
        number=found.label,
        person=person if taken else "",
        kind=in_language(dict(kind.name), language),
        plan=_said(kind.plans, found.plan, language),
        owner=found.member.name if taken and found.member else "",
        mine=taken and found.member_id == by.member_id,
        state=_said(kind.states, found.state, language),
        paused=paused,
        came_from=party(found.from_program_id).name(language),
        opened_at=found.opened_at,
        when=_when(owed, at=at, paused=paused) if taken else When.UNTAKEN,
        next=_task(owed[0], kind, found, facts, by, at=at) if owed else None,
        may=tuple(name for name, possible_ in possible.items() if possible_),
    )


def _when(owed: Sequence[Task], *, at: datetime, paused: bool) -> When:
    if not owed:
        return When.DONE
    if paused:
        return When.PAUSED
    due_at = owed[0].due_at
    if due_at <= at:
        return When.OVERDUE
    zone = ZoneInfo(community().time_zone)
    today, day = at.astimezone(zone).date(), due_at.astimezone(zone).date()
    if day == today:
        return When.TODAY
    return When.WEEK if day - today <= timedelta(days=7) else When.LATER


def _task(
    task: Task, kind: Kind, found: Case, facts: CaseFacts, by: Actor, *, at: datetime
) -> TaskRow:
    planned = {each.code: each for each in kind.plans[found.plan].tasks}
    language = by.language
    works = rules.may_work(by, facts).allowed and granted(by, Action.KEEP_CASES)
    return TaskRow(
        id=task.pk,
        name=_said(planned, task.code, language),
        opens_at=task.opens_at,
        due_at=task.due_at,
        tries=task.tries,
        attempts=tuple(
            AttemptRow(
                each.at, each.member.name, _said(kind.results, each.result, language), each.said
            )
            for each in task.attempts.all()
        ),
        over_at=task.over_at,
        result=_said(kind.results, task.result, language) if task.result else "",
        open_now=task.opens_at <= at,
        overdue=task.over_at is None and task.due_at <= at,
        results=_choices(kind.results, kind.results, language),
        may=("log_try",) if works and task.over_at is None else (),
    )


def _said(named: Mapping[str, Named], code: str, language: str) -> str:
    """The name of a code; the code itself where the community has it no more."""
    row = named.get(code)
    return code if row is None else in_language(dict(row.name), language)


def _choices(named: Mapping[str, Named], codes: Iterable[str], language: str) -> Choices:
    return tuple((each, _said(named, each, language)) for each in codes)
