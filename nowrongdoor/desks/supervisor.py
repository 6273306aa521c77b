"""The supervisor's page: what waits for them, the lines that people are handed to, the lowered levels."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import queries, rules
from nowrongdoor.calls.reads import DownRow, ResponderRow, SearchRow, UnattendedRow
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.words import trouble, troubled
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes import supervisor_queries
from nowrongdoor.episodes.supervisor_queries import HeldNow, WaitRow
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import overview, owed
from nowrongdoor.triage.overview import LoweredRow
from nowrongdoor.triage.owed import ClinicalNeedRow
from nowrongdoor.triage.words import responder_words

DAY = timedelta(hours=24)
DEADLY = ("E", "4")
UNREACHABLE, DOWN = "holder_unreachable", "line_down"
"""Why a supervisor takes over here: codes of `assume_reasons`."""


@dataclass(frozen=True, slots=True)
class Step:
    """The one next step of a row: a key that does it (`posts`), or the way to where it is done."""

    words: str
    url: str
    posts: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """One row: who it is about, since when it waits, what is the matter, and what to do."""

    row: BoardRow
    since: datetime
    says: str
    step: Step
    danger: bool = False
    """A team in danger, nobody on the line, or a level at which somebody may die: it stands above all else, in red."""


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    rows: tuple[Waits, ...]
    critical: bool = False

    @property
    def tells(self) -> bool:
        return any(one.says for one in self.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A program that people are handed to. `rows`: whom it may be relieved of now, highest level first."""

    program_id: UUID
    program: str
    agency: str
    ring: str
    down: DownRow | None
    held: int
    """How many of those we handed on it holds."""
    rows: tuple[BoardRow, ...]

    @property
    def reason(self) -> str:
        return UNREACHABLE if self.down is None else DOWN


@dataclass(frozen=True, slots=True)
class _Found:
    """What waits, before it is put in words: each with the episode that it belongs to."""

    at: datetime
    root: Mapping[UUID, UUID]
    alone: tuple[UnattendedRow, ...]
    offers: tuple[WaitRow, ...]
    silent: tuple[HeldNow, ...]
    overdue: tuple[HeldNow, ...]
    searches: tuple[SearchRow, ...]
    rescues: tuple[ResponderRow, ...]
    teams: tuple[RequestRow, ...]
    joining: tuple[ClinicalNeedRow, ...]

    @property
    def ids(self) -> frozenset[UUID]:
        return frozenset(
            {each.episode_id for each in self.offers}
            | {each.episode_id for each in self.teams}
            | {each.episode_id for each in self.joining}
            | {each.id for each in (*self.silent, *self.overdue)}
            | set(self.root.values())
        )


def supervising(by: Actor, *, at: datetime) -> dict[str, Any]:
    """The supervisor's page: what waits, the lines, and the levels that were lowered."""
    seq = feed.latest_position()
    found = _found(by, at=at)
    released = supervisor_queries.released(by)
    ids = found.ids | {id for each in released.values() for id in each}
    rows = {UUID(row.key): row for row in boards.rows(by, at=at, ids=ids)} if ids else {}
    rows |= _closed(by, {each.episode_id for each in found.joining} - rows.keys(), at=at)
    sections = _sections(found, rows)
    lines = _lines(by, released, rows, at=at)
    return {
        "seq": seq,
        "sections": sections,
        "waits": len(found.ids),
        "lines": lines,
        "take_over": any(line.rows for line in lines),
        "lowered": _lowered(by, at=at),
    }


def _closed(by: Actor, ids: Collection[UUID], *, at: datetime) -> dict[UUID, BoardRow]:
    """The rows of closed calls on which a clinician is owed still; there are few, so one by one."""
    return {id: boards.row_of(episodes.one_episode(by, at=at, episode_id=id), by) for id in ids}


def _found(by: Actor, *, at: datetime) -> _Found:
    with act_as(by):
        alone, searches, rescues = (
            queries.unattended_callers(by),
            queries.searches(by),
            queries.rescues(by),
        )
        held = supervisor_queries.held_now(by, at=at)
        ids = {each.episode_id for each in alone} | {each.episode_id for each in searches}
        root = supervisor_queries.roots(by, ids | {each.episode_id for each in rescues})
        return _Found(
            at=at,
            root=root,
            alone=tuple(each for each in alone if each.episode_id in root),
            offers=supervisor_queries.offers(by, since=at - DAY),
            silent=tuple(each for each in held if each.unreachable),
            overdue=tuple(each for each in held if each.due_at is not None and each.due_at < at),
            searches=tuple(each for each in searches if each.episode_id in root),
            rescues=tuple(each for each in rescues if each.episode_id in root),
            joining=owed.clinical_needs(by),
            teams=troubled(dispatching.requests(by, open_only=True), by.program_id),
        )


def _sections(found: _Found, rows: Mapping[UUID, BoardRow]) -> tuple[Section, ...]:
    """Only those in which somebody waits; what is worst comes first."""
    made: tuple[tuple[str, str, Iterable[Waits | None]], ...] = (
        (
            "alone",
            gettext("Callers on line - no one answering"),
            (_alone(each, found, rows) for each in found.alone),
        ),
        (
            "teams",
            gettext("Teams and requests"),
            (_team(each, rows) for each in found.teams),
        ),
        (
            "joining",
            gettext("Clinician to join when safe"),
            (_joins(each, rows) for each in found.joining),
        ),
        (
            "unreachable",
            gettext("Owners offline"),
            (_silent(each, rows) for each in found.silent),
        ),
        (
            "offers",
            gettext("Transfers - no answer"),
            (_offer(each, rows) for each in found.offers if not each.relief),
        ),
        (
            "rescues",
            gettext("Active rescues not confirmed"),
            (_rescue(each, found, rows) for each in found.rescues),
        ),
        (
            "searches",
            gettext("Being located"),
            (_search(each, found, rows) for each in found.searches),
        ),
        ("overdue", gettext("Overdue"), (_overdue(each, rows) for each in found.overdue)),
        (
            "reliefs",
            gettext("Shift changes not accepted"),
            (_relief(each, rows) for each in found.offers if each.relief),
        ),
    )
    sections = (
        Section(code, title, _by_level(one for one in each if one is not None))
        for code, title, each in made
    )
    return _worst_first(tuple(section for section in sections if section.rows))


def _worst_first(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """What cannot wait, of whatever section, in one list at the top; each names its section."""
    now = tuple(
        replace(one, says=f"{section.title}: {one.says}" if one.says else section.title)
        for section in sections
        for one in section.rows
        if one.danger
    )
    if not now:
        return sections
    rest = (
        replace(each, rows=tuple(one for one in each.rows if not one.danger)) for each in sections
    )
    first = Section("now", gettext("Needs action now"), _by_level(now), critical=True)
    return (first, *(section for section in rest if section.rows))


def _by_level(found: Iterable[Waits]) -> tuple[Waits, ...]:
    return tuple(sorted(found, key=lambda one: (rules.level_place(one.row.level), one.since)))


def _waits(
    row: BoardRow | None,
    since: datetime | None,
    says: str,
    step: Callable[[BoardRow], Step],
    *,
    danger: bool = False,
) -> Waits | None:
    """A row; None where the episode is not open here any more."""
    if row is None:
        return None
    danger = danger or row.level in DEADLY
    return Waits(row, since or row.held_since, says, step(row), danger)


def _look(row: BoardRow) -> Step:
    return Step(gettext("Open the call"), row.urls["open"])


def _alone(each: UnattendedRow, found: _Found, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    url = reverse("calls:join_line", args=[each.leg_id])
    step = Step(gettext("Join call"), url, posts=True)
    row = rows.get(found.root[each.episode_id])
    return _waits(row, each.since, "", lambda _: step, danger=True)


def _team(each: RequestRow, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    says = f"{each.kind_name}: {trouble(each, each.from_program_id)}"
    step = Step(gettext("Open request"), reverse("calls:request", args=[each.id]))
    danger = any(team.duress_id is not None or team.missed for team in each.teams)
    return _waits(rows.get(each.episode_id), each.asked_at, says, lambda _: step, danger=danger)


def _joins(each: ClinicalNeedRow, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    what = responder_words()[f"clinical:{each.clinical}"]
    if each.declined:
        how = gettext("%(program)s declined") % {"program": each.to_program}
    elif each.waiting:
        how = gettext("Requested from %(program)s, not yet accepted") % {"program": each.to_program}
    else:
        how = gettext("Not requested yet")
    says = f"{what}: {how}"
    if each.closed:
        says = gettext("%(says)s; the call is closed") % {"says": says}
    return _waits(rows.get(each.episode_id), each.began_at, says, _look)


def _silent(each: HeldNow, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    def step(row: BoardRow) -> Step:
        if "assume_call" not in row.may:
            return _look(row)
        return Step(gettext("Take over"), row.urls["assume_call"], posts=True, reason=UNREACHABLE)

    return _waits(rows.get(each.id), None, "", step)


def _offer(each: WaitRow, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    def step(row: BoardRow) -> Step:
        mine = (
            "accept_transfer" in row.may and row.offer is not None and row.offer.id == str(each.id)
        )
        return (
            Step(gettext("Accept"), row.urls["accept_transfer"], posts=True) if mine else _look(row)
        )

    says = gettext("%(sender)s to %(receiver)s") % {
        "sender": each.from_name,
        "receiver": each.to_name,
    }
    return _waits(rows.get(each.episode_id), each.since, says, step)


def _relief(each: WaitRow, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    words = (
        gettext("%(receiver)s declined the shift change from %(sender)s")
        if each.declined
        else gettext("%(sender)s is waiting for %(receiver)s to accept")
    )
    says = words % {"sender": each.from_name, "receiver": each.to_name}
    return _waits(rows.get(each.episode_id), each.since, says, _look)


def _rescue(each: ResponderRow, found: _Found, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    words = (
        gettext("Not located; dispatch recorded by %(name)s")
        if each.not_found_at
        else gettext("Dispatch recorded by %(name)s; no contact confirmed")
    )
    says = words % {"name": each.by_name}
    step = Step(
        gettext("Contact made"), reverse("calls:record_contact_made", args=[each.id]), posts=True
    )
    return _waits(rows.get(found.root[each.episode_id]), each.at, says, lambda _: step)


def _search(each: SearchRow, found: _Found, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    what = gettext("Location") if each.seeking == "place" else gettext("Caller")
    says = gettext("%(what)s - locating: %(name)s, attempts: %(tries)s") % {
        "what": what,
        "name": each.owner or gettext("No one"),
        "tries": len(each.tries),
    }
    return _waits(rows.get(found.root[each.episode_id]), each.began_at, says, _look)


def _overdue(each: HeldNow, rows: Mapping[UUID, BoardRow]) -> Waits | None:
    return _waits(rows.get(each.id), each.due_at, "", _look)


def transferred_to(by: Actor, *, at: datetime) -> frozenset[UUID]:
    """The programs that we hand people to: along a route of ours, and every other 911 centre."""
    ways = {each.to_program_id for each in routes.routes_from(by, at=at)}
    return frozenset((ways | queries.psaps().keys()) - {by.program_id})


def _lines(
    by: Actor,
    released: Mapping[UUID, tuple[UUID, ...]],
    rows: Mapping[UUID, BoardRow],
    *,
    at: datetime,
) -> tuple[Line, ...]:
    """Every program that we hand people to, those that do not answer first."""
    psaps, down = queries.psaps(), queries.down(by)
    ids = transferred_to(by, at=at) | released.keys()
    made = [
        Line(
            program_id=each.id,
            program=each.program,
            agency=each.agency,
            ring=psaps[each.id][1] if each.id in psaps else "",
            down=down.get(each.id),
            held=len(released.get(each.id, ())),
            rows=_released(released.get(each.id, ()), rows, down=each.id in down),
        )
        for each in agencies.programs(by.language)
        if each.id in ids
    ]
    return tuple(sorted(made, key=lambda line: (line.down is None, not line.rows)))


def _released(
    ids: Iterable[UUID], rows: Mapping[UUID, BoardRow], *, down: bool
) -> tuple[BoardRow, ...]:
    """Whom we may take over from a program: all, while its lines are down; else whose holder is silent."""
    found = [rows[id] for id in ids if id in rows and (down or rows[id].unreachable)]
    return tuple(sorted(found, key=lambda row: (rules.level_place(row.level), row.held_since)))


@dataclass(frozen=True, slots=True)
class Lowered:
    said: LoweredRow
    url: str


def _lowered(by: Actor, *, at: datetime) -> tuple[Lowered, ...]:
    found = overview.lowered(by, since=at - DAY)
    return tuple(Lowered(row, reverse("calls:episode", args=[row.episode_id])) for row in found)
