"""The shift briefing: one sheet for the acting program, each line with one name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.calls import queries
from nowrongdoor.calls.reads import WishRow
from nowrongdoor.cases import queries as cases
from nowrongdoor.community import queries as community
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import RequestState
from nowrongdoor.dispatch.words import stage_words, state_words
from nowrongdoor.episodes import supervisor_queries
from nowrongdoor.episodes.supervisor_queries import BackRow, WaitRow
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.queries import LevelRow

BEGINS = time(7, 30)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line: whom it is about, since when, what is the matter, and who answers for it."""

    number: str
    url: str
    level: str
    level_why: str
    what: str
    says: str
    since: datetime
    name: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What other modules say of episodes that are on no board, read once for all of them."""

    levels: Mapping[UUID, LevelRow]
    classes: Mapping[str, str]


def begins(at: datetime, zone: ZoneInfo) -> datetime:
    """07:30 of the day before, by the community's clock: from when on the sheet tells.

    Source: sources, "Shift briefing".
    """
    day = at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, BEGINS, tzinfo=zone)


def morning(by: Actor, *, at: datetime) -> dict[str, Any]:
    """The sheet as it is now."""
    seq = feed.latest_position()
    since = begins(at, ZoneInfo(community.community().time_zone))
    handed, wishes = supervisor_queries.not_accepted(by, since=since), queries.wishes(by)
    gone = [id for ids in supervisor_queries.released(by).values() for id in ids]
    back = supervisor_queries.came_back(by, since=since)
    asked = dispatching.requests(by, open_only=True)
    ids = frozenset(
        {each.episode_id for each in handed} | {each.episode_id for each in asked} | set(gone)
    )
    rows = {UUID(row.key): row for row in boards.rows(by, at=at, ids=ids)} if ids else {}
    known = _Known(
        triage.levels(by, {each.id for each in back} | {each.episode_id for each in wishes}),
        community.code_names("incident_classes", by.language),
    )
    told = queries.feedback_given(by.language, at=at)
    return {
        "seq": seq,
        "since": since,
        "drawn_at": at,
        "on_duty": agencies.on_duty(by, at=at),
        "sheets": (
            ("handed", gettext("Transfers pending"), _handed(handed, rows)),
            ("teams", gettext("Teams requested, en route or on scene"), _teams(asked, rows)),
            ("gone", gettext("Transferred - no outcome yet"), _gone(gone, rows)),
            ("wishes", gettext("Follow-up calls requested"), [_wish(one, known) for one in wishes]),
            ("cases", gettext("Follow-up with no owner yet"), _cases(by, at=at)),
            ("back", gettext("Outcomes received"), [_back(one, told, known) for one in back]),
        ),
    }


def _of(row: BoardRow, says: str, since: datetime) -> SheetLine:
    """A line about somebody who is held: the name is the holder's."""
    name = row.holder_name or row.attested_name or row.supervisor or gettext("No one named")
    url, why = row.urls["open"], row.level_why
    return SheetLine(row.number, url, row.level, why, row.class_name, says, since, name)


def _handed(handed: Iterable[WaitRow], rows: Mapping[UUID, BoardRow]) -> list[SheetLine]:
    """The name is who still holds the person: until somebody accepts, they are theirs."""
    found = []
    for each in handed:
        says = each.to_name
        if each.declined:
            words = gettext("%(receiver)s: declined, %(reason)s")
            says = words % {"receiver": each.to_name, "reason": each.reason}
        if each.episode_id in rows:
            found.append(_of(rows[each.episode_id], says, each.since))
    return found


def _teams(asked: Iterable[RequestRow], rows: Mapping[UUID, BoardRow]) -> list[SheetLine]:
    """The name is who rings the caller of a queued team, else the team's own, else the holder's."""
    found = []
    for each in asked:
        row = rows.get(each.episode_id)
        if row is None:
            continue
        words = state_words(each.state)
        if each.teams:
            words = ", ".join(f"{team.unit} {stage_words(team.stage)}" for team in each.teams)
        name = ", ".join(team.names for team in each.teams if team.names)
        if each.state is RequestState.QUEUED:
            name = each.rings
        line = _of(row, f"{each.kind_name}: {words}", each.asked_at)
        found.append(replace(line, name=name or line.name))
    return found


def _gone(ids: Iterable[UUID], rows: Mapping[UUID, BoardRow]) -> list[SheetLine]:
    held = [rows[id] for id in ids if id in rows]
    return [_of(row, row.holder_program, row.held_since) for row in held]


def _cases(by: Actor, *, at: datetime) -> list[SheetLine]:
    """Until somebody takes it, the program's supervisor answers for it."""
    rows = cases.waiting(by, at=at)
    name = agencies.supervisor_of(by.program_id, at=at) if rows else ""
    return [
        SheetLine(
            number=row.number,
            url=reverse("cases:case", args=[row.id]),
            level="",
            level_why="",
            what=row.kind,
            says=row.plan,
            since=row.opened_at,
            name=name or gettext("No one named"),
        )
        for row in rows
    ]


def _wish(one: WishRow, known: _Known) -> SheetLine:
    """The name is who wrote the wish down: theirs to see that somebody calls."""
    level = known.levels.get(one.episode_id)
    return SheetLine(
        number=one.number,
        url=reverse("calls:episode", args=[one.episode_id]),
        level=level.shown.value if level else "",
        level_why=level.because if level else "",
        what=known.classes.get(one.class_code, one.class_code),
        says="",
        since=one.at,
        name=one.by_name,
    )


def _back(one: BackRow, told: Mapping[str, str], known: _Known) -> SheetLine:
    """What is told of an outcome is a code; the name is who of ours handed the person on."""
    level = known.levels.get(one.id)
    outcome = told.get(one.outcome) or gettext("Closed")
    return SheetLine(
        number=one.number,
        url=reverse("calls:episode", args=[one.id]),
        level=level.shown.value if level else "",
        level_why=level.because if level else "",
        what=known.classes.get(one.class_code, one.class_code),
        says=f"{outcome}, {one.closed_in}",
        since=one.closed_at,
        name=one.by_name,
    )
