"""What others hold of a person, as far as whoever looks may see it, each line with the reason that opens it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import PartyRow, parties, party
from nowrongdoor.episodes.known import KnownFrom, known_from
from nowrongdoor.identity import queries as identity
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part
from nowrongdoor.sharing import audience, privacy_queries, queries, release_queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, Told, Wish, disclose_all
from nowrongdoor.sharing.commands.asks import ANSWER, Answer
from nowrongdoor.sharing.consents import Carried, carried
from nowrongdoor.sharing.facts import Table
from nowrongdoor.sharing.holders import held_by
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.release_pages import acts
from nowrongdoor.sharing.release_said import local_day
from nowrongdoor.sharing.said import BASES, DATA, FACTS, PURPOSES, listed, said
from nowrongdoor.sharing.shelves import HELPS, SHELVES, About, Item, Shelf

JUVENILE = "juvenile"
OF_MINORS = frozenset({"police_report", "court_order", "custody"})
"""Of somebody under 18 these are a minor's record of arrest, court or custody, and asked for as that."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What one program tells of one sort: the lines, and why they are open."""

    program: str
    label: str
    items: tuple[Item, ...]
    why: str
    row: str
    purpose: str
    until_at: datetime | None
    waits: str
    carried: Carried


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """What is closed to this kind of program, with what opens it. `holders`: whom one may ask."""

    id: UUID
    data: str
    words: str
    opens: str
    purpose: str
    holders: tuple[tuple[str, str], ...]
    may: tuple[str, ...] = ("ask_to_see",)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question to the gate: a shelf of another program, for one purpose."""

    shelf: Shelf
    about: About
    want: Want


def read_told(by: Actor, person_id: UUID, /, *, at: datetime) -> dict[str, Any] | None:
    """What is open, what is closed and what opens it, and what is never shown to this kind of program."""
    record = identity.record(by, person_id)
    parts = (person_id, *(each.id for each in record.parts))
    known = known_from(by, parts)
    with act_as(by):
        table = queries.table()
        asked = list(_asked(by, known, minor=record.minor_on(local_day(at))))
        decisions = queries.decide_all([each.want for each in asked], at=at)
        good_until = queries.good_until(decisions, at=at)
    chosen = _chosen(asked, decisions)
    told = disclose_all([_wish(each) for each in chosen], by=by, at=at)
    with act_as(by):
        goes_with = carried([each.decision for each in told], by, at=at)
    opened = _together(map(_opened, chosen, told, goes_with, repeat(by)))
    shown = [each for each in opened if each.items or each.waits]
    helps = [each for one in shown for each in one.items if each.group == HELPS]
    kind = party(by.program_id).kind
    return {
        "row": record,
        "calls": known.calls,
        "opened": [_without_helps(each) for each in shown],
        "good_until": good_until,
        "helps": helps[0].value if helps else record.what_helps,
        "helps_of": "" if helps else "own",
        "closed": () if table is None else tuple(_closed(table, kind, by, person_id)),
        "never": ()
        if table is None
        else [said(DATA, each) for each in audience.never(table, kind)],
        "asked": [
            (each, said(DATA, each.data), _answered(each.answer))
            for each in privacy_queries.asked_of(by, person_id)
        ],
        "releases": (own := release_queries.of_person(by, person_id, at=at)),
        "naming": [
            each for each in release_queries.opening(by, decisions, at=at) if each not in own
        ],
        "emergency": tuple(_emergencies(known, by)),
        "forms": acts.forms(by, at=at),
        "at": at,
        "key": uuid4(),
    }


def _answered(answer: str) -> str:
    return gettext(ANSWER.words[Answer(answer)]) if answer else ""


def _asked(by: Actor, known: KnownFrom, *, minor: bool) -> Iterator[Asking]:
    """Each shelf of each other program, for each purpose of this page."""
    kind = party(by.program_id).kind
    for program_id, about in known.others:
        for shelf in SHELVES.get():
            data = shelf.data or held_by(party(program_id).kind)
            for purpose in audience.aims(kind, working=known.working):
                want = Want(
                    JUVENILE if minor and data in OF_MINORS else data,
                    purpose,
                    program_id,
                    by.program_id,
                    person_id=about.person_id,
                    episode_id=known.episode_of(about),
                    known=_facts(known, minor=minor),
                )
                yield Asking(shelf, about, want)


def _facts(known: KnownFrom, *, minor: bool) -> frozenset[str]:
    found = {"working": known.working, "minor": minor}
    return frozenset(name for name, true in found.items() if true)


def _chosen(asked: Sequence[Asking], decisions: Sequence[Decision]) -> list[Asking]:
    """Of what is open: each group of a shelf once, for the first purpose that opens it."""
    seen: set[tuple[UUID, About, str, str]] = set()
    chosen: list[Asking] = []
    for each, decision in zip(asked, decisions, strict=True):
        if not decision.allowed:
            continue
        groups = each.shelf.opened(decision.fields)
        new = {(each.want.from_id, each.about, each.shelf.name, group) for group in groups} - seen
        if new:
            seen |= new
            chosen.append(each)
    return chosen


def _wish(each: Asking) -> Wish[tuple[Item, ...]]:
    def records(holder: Actor) -> list[Record]:
        found = each.shelf.versions(holder, each.about)
        return [Record(each.shelf.name, id, version) for id, version in found.items()]

    def read(holder: Actor, fields: Sequence[str]) -> tuple[Item, ...]:
        groups = each.shelf.opened(fields)
        return tuple(each.shelf.read(holder, each.about, groups)) if groups else ()

    return Wish(each.want, records, read)


def _opened(each: Asking, found: Told[tuple[Item, ...]], goes_with: Carried, by: Actor) -> Opened:
    decision = found.decision
    ends = [used.until_at for used in decision.used if used.until_at is not None]
    return Opened(
        program=party(each.want.from_id).name(by.language),
        label=each.shelf.label,
        items=found.read or (),
        why=_why(decision),
        row=decision.row,
        purpose=said(PURPOSES, each.want.purpose),
        until_at=min(ends, default=None),
        waits="" if found.allowed else found.verdict.rule,
        carried=goes_with,
    )


def _together(every: Iterable[Opened]) -> list[Opened]:
    """What one program tells by one row for one purpose stands together."""
    found: dict[tuple[str, str, str, str], Opened] = {}
    for each in every:
        key = (each.program, each.row, each.purpose, each.waits)
        before = found.get(key)
        found[key] = each if before is None else _both(before, each)
    return list(found.values())


def _both(one: Opened, other: Opened) -> Opened:
    """Until the first of them ends."""
    ends = [each.until_at for each in (one, other) if each.until_at is not None]
    return replace(one, items=one.items + other.items, until_at=min(ends, default=None))


def _why(decision: Decision) -> str:
    facts = sorted(decision.facts - {"same_entity", "working"})
    return listed(FACTS, facts) if facts else said(BASES, str(decision.basis or ""))


def _without_helps(each: Opened) -> Opened:
    return replace(each, items=tuple(one for one in each.items if one.group != HELPS))


def _closed(table: Table, kind: str, by: Actor, person_id: UUID) -> Iterator[ClosedRow]:
    every = sorted(parties().values(), key=lambda each: each.path)
    for each in audience.closed(table, kind):
        holders = [one for one in every if _may_hold(one, each, by)]
        if holders:
            yield ClosedRow(
                id=person_id,
                data=each.data,
                words=said(DATA, each.data),
                opens=listed(FACTS, each.facts),
                purpose=each.purpose,
                holders=tuple((str(one.program_id), one.name(by.language)) for one in holders),
            )


def _may_hold(one: PartyRow, closed: audience.Closed, by: Actor) -> bool:
    return (
        one.kind in closed.holders
        and one.program_id != by.program_id
        and held_by(one.kind) == closed.data
    )


def _emergencies(known: KnownFrom, by: Actor) -> Iterator[dict[str, Any]]:
    """Whom an emergency may be claimed of: the programs that work on this person's calls, which are known here anyway."""
    for program_id in known.programs:
        yield {"id": program_id, "program": party(program_id).name(by.language)}


TOLD = Part("told", "desks/person_told.html", read_told)
