"""The board *Active calls*, read by one statement: the page, and what changed for whoever follows it live.

A few rows on other pages are asked of each module (`desks.board`), and so are those of a queue here;
a test holds that both ways draw the same. Row-level security decides in every part of the statement
what is seen. What only few rows have (offers, a level, teams) is asked of its module where the statement says that
there is any.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.reads import LegRow, ParticipantRow
from nowrongdoor.community import queries as community
from nowrongdoor.community.queries import in_language
from nowrongdoor.desks import board
from nowrongdoor.dispatch.cautions import in_duress, units_en_route
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes.queries import HeldRow
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.drawn import draw_rows
from nowrongdoor.kit.module import Board
from nowrongdoor.triage import queries as triage

ROW = "desks/board.html#row"
_ROWS = """
SELECT e.id, e.label, e.class_code, z.names::json AS zone, coalesce(z.code, '') AS zone_code, e.opened_at,
  e.holder_program_id, p.names::json AS program, a.names::json AS agency, e.holder_member_id,
  coalesce(m.name, '') AS holder_name, coalesce(via.attested_name, '') AS attested_name,
  e.held_since, e.source, e.version,
  (SELECT c.place FROM episodes_card c WHERE c.episode_id = e.id
   ORDER BY c.made_at DESC, c.id DESC LIMIT 1) AS place,
  d.due_at, coalesce(d.kind, '') AS due_kind,
  EXISTS (SELECT FROM agencies_presence r WHERE r.member_id = e.holder_member_id
          AND r.ended_at IS NULL AND r.heard_at >= %(heard_since)s) AS heard,
  EXISTS (SELECT FROM episodes_handoff h WHERE h.episode_id = e.id AND h.declined_at IS NULL
          AND h.withdrawn_at IS NULL
          AND (h.accepted_at IS NULL OR h.accepted_at >= e.held_since)) AS offered,
  EXISTS (SELECT FROM triage_screening s WHERE s.episode_id = e.id) AS screened,
  EXISTS (SELECT FROM dispatch_assignment t
          WHERE t.episode_id = e.id AND t.cleared_at IS NULL) AS sent,
  (SELECT json_agg(json_build_array(l.id, l.medium, l.began_at, l.alone_since,
     (SELECT json_agg(json_build_array(coalesce(om.name, o.attested_name), op.names, o.program_id,
          o.member_id, o.mode, o.since_at, o.seen_step, coalesce(rm.name, ''))
          ORDER BY o.since_at, o.id)
      FROM calls_participant o JOIN agencies_program op ON op.id = o.program_id
      LEFT JOIN agencies_member om ON om.id = o.member_id
      LEFT JOIN agencies_member rm ON rm.id = o.relief_to_id
      WHERE o.leg_id = l.id AND o.until_at IS NULL)) ORDER BY l.began_at, l.id)
   FROM calls_leg l WHERE l.episode_id = e.id AND l.ended_at IS NULL) AS legs
FROM episodes_episode e JOIN agencies_program p ON p.id = e.holder_program_id
JOIN agencies_agency a ON a.id = p.agency_id LEFT JOIN agencies_member m ON m.id = e.holder_member_id
LEFT JOIN episodes_handoff via ON via.id = e.holder_via_id
LEFT JOIN community_zone z ON z.id = e.zone_id
LEFT JOIN LATERAL (SELECT c.due_at, c.kind FROM clocks_deadline c
  WHERE c.episode_id = e.id AND c.fired_at IS NULL AND c.cancelled_at IS NULL
  ORDER BY c.due_at, c.id LIMIT 1) d ON true
WHERE e.id = ANY(%(ids)s) AND e.closed_at IS NULL AND e.joined_into_id IS NULL
ORDER BY e.opened_at, e.id LIMIT %(most)s
"""
_EVERY = _ROWS.replace("e.id = ANY(%(ids)s) AND ", "")


class _Found(NamedTuple):
    """One row as the statement answers it."""

    id: UUID
    label: str
    class_code: str
    zone: dict[str, str] | None
    zone_code: str
    opened_at: datetime
    holder_program_id: UUID
    program: dict[str, str]
    agency: dict[str, str]
    holder_member_id: UUID | None
    holder_name: str
    attested_name: str
    held_since: datetime
    source: str
    version: int
    place: str | None
    due_at: datetime | None
    due_kind: str
    heard: bool
    offered: bool
    screened: bool
    sent: bool
    legs: list[list[Any]] | None


def rows_for(
    seats: Sequence[Actor], *, at: datetime, ids: frozenset[UUID] | None = None
) -> list[tuple[board.BoardRow, ...]]:
    """As `desks.board.rows_for`, which is asked for the rows of queues alone."""
    first = board.read_as(seats)
    with act_as(first):
        found = _read(ids, at)
        if ids is None and len(found) == episodes.MOST:
            found = _read(board.highest(first), at)
        named = [row for row in found if row.holder_member_id is not None]
        since = {row.id: row.held_since for row in named if row.offered}
        offers = episodes.offers_of(since, first.language) if since else {}
        known = _known(first, named)
        # who answers for a queue, and whether it has a desk, is a question more
        queued = frozenset(row.id for row in found) - {row.id for row in named}
        apart = board.rows_for(seats, at=at, ids=queued) if queued else [()] * len(seats)
    held = [_held(row, tuple(offers.get(row.id, ())), first.language) for row in named]
    return [
        tuple(sorted((*rows, *others), key=lambda row: row.sort))
        for rows, others in zip(board.in_words(seats, held, known), apart, strict=True)
    ]


def _read(ids: frozenset[UUID] | None, at: datetime) -> list[_Found]:
    lost_after = timedelta(seconds=int(community.setting("presence_lost_s", at)))
    asked: dict[str, Any] = {
        "ids": list(ids or ()),
        "heard_since": at - lost_after,
        "most": episodes.MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVERY if ids is None else _ROWS, asked)
        return [_Found._make(row) for row in cursor.fetchall()]


def _known(by: Actor, found: Sequence[_Found]) -> board.Known:
    screened = [row.id for row in found if row.screened]
    sent = [row.id for row in found if row.sent]
    return board.Known(
        classes=community.code_names("incident_classes", by.language),
        levels=triage.levels(by, screened) if screened else {},
        legs={row.id: _legs(row, by.language) for row in found if row.legs},
        coming=units_en_route(by, sent) if sent else {},
        duress=in_duress(by, sent) if sent else frozenset(),
    )


def _held(row: _Found, offers: tuple[episodes.OfferRow, ...], language: str) -> HeldRow:
    return HeldRow(
        id=row.id,
        number=row.label,
        incident_class=row.class_code,
        zone=in_language(row.zone, language) if row.zone else "",
        zone_code=row.zone_code,
        place=row.place,
        opened_at=row.opened_at,
        holder_program_id=row.holder_program_id,
        holder_program=in_language(row.program, language),
        holder_agency=in_language(row.agency, language),
        holder_member_id=row.holder_member_id,
        holder_name=row.holder_name,
        attested_name=row.attested_name,
        in_queue=False,
        supervisor="",
        held_since=row.held_since,
        unreachable=not row.heard,
        offers=offers,
        due_at=row.due_at,
        due_kind=row.due_kind,
        source=row.source,
        version=row.version,
    )


def _legs(row: _Found, language: str) -> tuple[LegRow, ...]:
    return tuple(
        LegRow(
            UUID(id),
            row.id,
            medium,
            datetime.fromisoformat(began_at),
            _or_none(datetime.fromisoformat, alone_since),
            tuple(map(partial(_on, language), on or ())),
        )
        for id, medium, began_at, alone_since, on in row.legs or ()
    )


def _on(language: str, one: list[Any]) -> ParticipantRow:
    name, program, program_id, member_id, mode, since_at, seen_step, relief_to = one
    return ParticipantRow(
        name=name,
        program=in_language(program, language),
        program_id=UUID(program_id),
        member_id=_or_none(UUID, member_id),
        mode=mode,
        since_at=datetime.fromisoformat(since_at),
        seen_step=seen_step,
        relief_to=relief_to,
    )


def _or_none(read: Any, text: str | None) -> Any:
    return None if text is None else read(text)


def page(by: Actor, *, at: datetime, show: str) -> dict[str, Any]:
    """The board from one position of the feed: read before the rows, so that nothing is missed."""
    seq = feed.latest_position()
    [found] = rows_for((by,), at=at)
    show = show if show in board.SHOWS else "all"
    choices = board.choices(by, at=at)
    hidden = {} if show == "all" else {"show": show}  # some rows are, under a filter
    whose = (by.program_id, by.role, *hidden.values())
    total = len(found) if len(found) < episodes.MOST else episodes.count_open(by)
    return choices | {
        "rows": found,
        "drawn": draw_rows(ROW, found, choices | hidden, whose=whose, at=at),
        "seq": seq,
        "show": show,
        "shown": any(show in row.shows for row in found),
        "counts": {name: sum(name in row.shows for row in found) for name in board.SHOWS},
        "more": total > len(found),
        "shown_most": episodes.MOST,
        "total": total,
    }


HOLDING = Board(
    name="holding",
    key="episode_id",
    rows=rows_for,
    choices=board.choices,
    partial=ROW,
    readers="episodes_audience",
)
