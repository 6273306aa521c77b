"""The board *Who holds whom*: what a row says, and what may be done from it. Highest level first, then oldest.

A row is drawn once per audience (program, role, language), so nothing here depends on which
member looks: what is mine, the page itself marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from nowrongdoor.agencies.acting import acting
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import queries
from nowrongdoor.calls.queries import LegRow
from nowrongdoor.calls.rules import level_place
from nowrongdoor.calls.team_words import stage_words
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch.cautions import coming
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes.queries import HeldRow, OfferRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.queries import LevelRow

SHOWS = ("all", "offered", "unanswered", "unreachable", "queue")
"""The filters of the board, each with its count, so that a supervisor sees what waits."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer that the row shows: one for us before any other."""

    id: str
    purpose: str
    kind_name: str
    from_program: str
    from_name: str
    to_program: str
    to_name: str
    to_member: str
    offered_at: datetime
    alerts: int
    for_us: bool
    ours: bool
    attestable: bool
    accepted_name: str
    """Who accepted, and has not met the person yet. '' while it waits for an answer."""

    @property
    def unanswered(self) -> bool:
        return self.alerts > 0 and not self.accepted_name


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One open episode, in words."""

    key: str
    number: str
    class_name: str
    zone: str
    zone_code: str
    place: str | None
    opened_at: datetime
    holder_program: str
    holder_agency: str
    holder_member: str
    holder_name: str
    attested_name: str
    in_queue: bool
    supervisor: str
    held_since: datetime
    unreachable: bool
    ours: bool
    offer: Offer | None
    due_at: datetime | None
    sort: str
    source: str
    version: int
    level: str = ""
    """What triage shows, '' where nobody was screened, or not told to this program."""
    level_why: str = ""
    provisional: bool = False
    alone: bool = False
    coming: tuple[str, ...] = ()
    """Who is on the way to them, or there: the unit and its stage in words."""
    listening: tuple[str, ...] = ()
    """Who handed on and stays on the line."""
    may: frozenset[str] = frozenset()
    urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def look(self) -> str:
        """What the row asks of its readers: to act now, to answer, or nothing."""
        if self.alone or (self.unreachable and "assume" in self.may):
            return "alarm"
        if self.offer is not None and (self.offer.for_us or self.offer.ours):
            return "alarm" if self.offer.unanswered else "waits" if self.offer.for_us else ""
        return ""

    @property
    def shows(self) -> tuple[str, ...]:
        """The filters of the board under which this row stands."""
        under = {
            "all": True,
            "offered": self.offer is not None,
            "unanswered": self.offer is not None and self.offer.unanswered,
            "unreachable": self.unreachable,
            "queue": self.ours and self.in_queue,
        }
        return tuple(name for name in SHOWS if under[name])


@dataclass(frozen=True, slots=True)
class Known:
    """What other modules say of the rows, read once for all of them."""

    classes: Mapping[str, str]
    levels: Mapping[UUID, LevelRow]
    legs: Mapping[UUID, tuple[LegRow, ...]]
    coming: Mapping[UUID, tuple[tuple[str, Stage], ...]]


def rows(by: Actor, *, at: datetime, ids: frozenset[UUID] | None = None) -> tuple[BoardRow, ...]:
    """The board as `by`'s audience sees it."""
    [found] = rows_for((by,), at=at, ids=ids)
    return found


def rows_for(
    seats: Sequence[Actor], *, at: datetime, ids: frozenset[UUID] | None = None
) -> list[tuple[BoardRow, ...]]:
    """The board of each of several roles in one program and language, read once, in one transaction.

    A role changes what may be done from a row, and nothing that is read. Six queries more than that
    of episodes, for all roles together. Errors: ValueError where they are not of one program.
    """
    first = read_as(seats)
    with acting(first):
        held = episodes.board(first, at=at, ids=ids)
        if ids is None and len(held) == episodes.MOST:
            held = episodes.board(first, at=at, ids=_first(first))
        if not held:
            return [() for _ in seats]
        known = _known(first, [one.id for one in held])
    return in_words(seats, held, known)


def read_as(seats: Sequence[Actor]) -> Actor:
    """For whom rows are read. Errors: ValueError where the seats differ in more than their role."""
    first = seats[0]
    if {replace(each, role=first.role) for each in seats} != {first}:
        raise ValueError("rows are read once for the roles of one program, in one language")
    return first


def in_words(
    seats: Sequence[Actor], held: Sequence[HeldRow], known: Known
) -> list[tuple[BoardRow, ...]]:
    """What was read, as each of these roles sees it."""
    return [
        tuple(sorted((_row(one, by, known) for one in held), key=lambda row: row.sort))
        for by in seats
    ]


def _first(by: Actor) -> frozenset[UUID]:
    """Which are drawn where there are more than a board draws: the first of the board's own order."""
    every = episodes.open_ids(by)
    levels = triage.shown(by, every)
    ordered = sorted(
        every, key=lambda each: level_place(levels.get(each, ""))
    )  # stable: oldest first
    return frozenset(ordered[: episodes.MOST])


def row_of(held: HeldRow, by: Actor) -> BoardRow:
    """One row by itself, for the episode's own page."""
    return _row(held, by, _known(by, [held.id]))


def _known(by: Actor, ids: list[UUID]) -> Known:
    return Known(
        classes=community.code_names("incident_classes", by.language),
        levels=triage.levels(by, ids),
        legs=queries.legs(by, ids),
        coming=coming(by, ids),
    )


def _row(held: HeldRow, by: Actor, known: Known) -> BoardRow:
    level, legs = known.levels.get(held.id), known.legs.get(held.id, ())
    shown = "" if level is None else level.shown.value
    offer = _offer(held, by)
    actions = _actions(held, offer, by)
    return BoardRow(
        key=str(held.id),
        number=held.number,
        class_name=known.classes.get(held.class_code, held.class_code),
        zone=held.zone,
        zone_code=held.zone_code,
        place=held.place,
        opened_at=held.opened_at,
        holder_program=held.holder_program,
        holder_agency=held.holder_agency,
        holder_member=str(held.holder_member_id or ""),
        holder_name=held.holder_name,
        attested_name=held.attested_name,
        in_queue=held.in_queue,
        supervisor=held.supervisor,
        held_since=held.held_since,
        unreachable=held.unreachable,
        ours=held.holder_program_id == by.program_id,
        offer=offer,
        due_at=held.due_at,
        sort=f"{level_place(shown)} {held.opened_at.isoformat()} {held.id}",
        source=held.source,
        version=held.version,
        level=shown,
        level_why="" if level is None else level.because,
        provisional=level is not None and level.provisional,
        alone=any(leg.alone_since is not None for leg in legs),
        coming=tuple(
            f"{unit} {stage_words(stage)}" for unit, stage in known.coming.get(held.id, ())
        ),
        listening=tuple(one.name for leg in legs for one in leg.on if one.mode == "listening"),
        may=actions,
        urls=_urls(held, offer, actions),
    )


def _offer(held: HeldRow, by: Actor) -> Offer | None:
    if not held.offers:
        return None
    for_us = [one for one in held.offers if one.to_program_id == by.program_id]
    one: OfferRow = (for_us or list(held.offers))[0]
    return Offer(
        id=str(one.id),
        purpose=one.purpose,
        kind_name=one.kind_name,
        from_program=one.from_program,
        from_name=one.from_name,
        to_program=one.to_program,
        to_name=one.to_name,
        to_member=str(one.to_member_id or ""),
        offered_at=one.offered_at,
        alerts=one.alerts,
        for_us=one.to_program_id == by.program_id,
        ours=one.from_program_id == by.program_id,
        attestable=one.attestable,
        accepted_name=one.accepted_name,
    )


def _actions(held: HeldRow, offer: Offer | None, by: Actor) -> frozenset[str]:
    ours = held.holder_program_id == by.program_id
    in_queue = held.holder_member_id is None
    beyond = held.unreachable or held.attested_name != ""  # no desk here can be asked for it back
    works = held.place is not None  # its card is open to us: we hold it, or it came through us
    waits = offer if offer is not None and not offer.accepted_name else None
    met = offer if offer is not None and offer.accepted_name else None
    possible = {
        "accept": waits is not None and waits.for_us and may(by, Action.ACCEPT).allowed,
        "decline": waits is not None and waits.for_us and may(by, Action.ACCEPT).allowed,
        "withdraw": waits is not None and waits.ours and may(by, Action.OFFER).allowed,
        "attest": waits is not None and waits.ours and waits.attestable and ours,
        "contact": met is not None and (met.for_us or ours) and may(by, Action.ACCEPT).allowed,
        "offer": ours and waits is None and may(by, Action.OFFER).allowed,
        "take": ours and in_queue and may(by, Action.ACCEPT).allowed,
        "assume": works and (beyond or (ours and not in_queue)) and may(by, Action.ASSUME).allowed,
        "close": ours and waits is None and may(by, Action.CLOSE).allowed,
    }
    return frozenset(action for action, allowed in possible.items() if allowed)


def _urls(held: HeldRow, offer: Offer | None, actions: frozenset[str]) -> dict[str, str]:
    urls = {"open": reverse("calls:episode", args=[held.id])}
    for action in actions & {"offer", "take", "assume", "close"}:
        urls[action] = reverse(f"calls:{action}", args=[held.id])
    if offer is not None:
        for action in actions & {"accept", "decline", "withdraw", "attest", "contact"}:
            urls[action] = reverse(f"calls:{action}", args=[offer.id])
    return urls
