"""What others hold of a person, as far as whoever looks may see it, each line with the reason that opens it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from nowrongdoor.kernel.conditions import Always, Condition, names_in
from nowrongdoor.kit.parts import Part
from nowrongdoor.sharing import audience, privacy_queries, queries, release_queries
from nowrongdoor.sharing.audience import lacking
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, Told, Wish, disclose_all
from nowrongdoor.sharing.commands.asks import ANSWER, Answer
from nowrongdoor.sharing.consents import Carried, carried
from nowrongdoor.sharing.facts import Table
from nowrongdoor.sharing.holders import held_by
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.release_pages import acts
from nowrongdoor.sharing.release_said import local_day
from nowrongdoor.sharing.said import BASES, DATA, PURPOSES, either, opens_with, said
from nowrongdoor.sharing.shelves import HELPS, SHELVES, About, Item, Shelf

JUVENILE = "juvenile"
UNSPOKEN = frozenset({"same_entity", "working"})
"""Facts that hold of the reader anyway: they are not said as what opens something."""
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
    """What is closed to this kind of program, with what opens it. `holders`: whom one may ask, and `purposes`: what for."""

    id: UUID
    data: str
    words: str
    opens: str
    purposes: tuple[tuple[str, str], ...]
    holders: tuple[tuple[str, str], ...]
    may: tuple[str, ...] = ("ask_to_see",)


@dataclass(frozen=True, slots=True)
class OpenClass:
    """A class that is open to this kind of program without more, and what for."""

    words: str
    purposes: str


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
    needs = {} if table is None else {row.id: row.needs for row in table.allow}
    opened = _together(map(_opened, chosen, told, goes_with, repeat(by), repeat(needs)))
    shown = [each for each in opened if each.items or each.waits]
    helps = [each for one in shown for each in one.items if each.group == HELPS]
    kind = party(by.program_id).kind
    classes = () if table is None else tuple(_classes(table, kind, by, person_id))
    return {
        "row": record,
        "calls": known.calls,
        "opened": [_without_helps(each) for each in shown],
        "good_until": good_until,
        "helps": helps[0].value if helps else record.what_helps,
        "helps_of": "" if helps else "own",
        "closed": [each for each in classes if isinstance(each, ClosedRow)],
        "always": [each for each in classes if isinstance(each, OpenClass)],
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


def _opened(
    each: Asking,
    found: Told[tuple[Item, ...]],
    goes_with: Carried,
    by: Actor,
    needs: Mapping[str, Condition],
) -> Opened:
    decision = found.decision
    ends = [used.until_at for used in decision.used if used.until_at is not None]
    return Opened(
        program=party(each.want.from_id).name(by.language),
        label=each.shelf.label,
        items=found.read or (),
        why=_why(decision, needs.get(decision.row)),
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


def _why(decision: Decision, needs: Condition | None) -> str:
    """The part of the row's condition that holds, without what is not worth a word; else its basis."""
    if needs is not None:
        known = {name: name in decision.facts for name in names_in(needs)}
        spoken = decision.facts - UNSPOKEN
        left = lacking(needs, {each: so for each, so in known.items() if each not in spoken})
        if left is not None and left != Always():
            return opens_with(left)
    return said(BASES, str(decision.basis or ""))


def _without_helps(each: Opened) -> Opened:
    return replace(each, items=tuple(one for one in each.items if one.group != HELPS))


def _classes(
    table: Table, kind: str, by: Actor, person_id: UUID
) -> Iterator["ClosedRow | OpenClass"]:
    """Each class that some row opens: as it stands for a program of this kind and agency, whoever the person is."""
    every = sorted(parties().values(), key=lambda each: each.path)
    others = [each for each in every if each.program_id != by.program_id]
    for each in (*audience.opened(table, kind), *audience.closed(table, kind)):
        ways = list(_ways(each, others, by))
        purposes = [
            aim
            for way, _one, left in ways
            if left == Always()
            for aim in audience.read_for(way, kind)
        ]
        if purposes:
            words = either(PURPOSES, dict.fromkeys(purposes))
            yield OpenClass(said(DATA, each.data), words)
        else:
            yield _closed(each, ways, by, person_id)


def _ways(
    each: audience.Closed, others: Sequence[PartyRow], by: Actor
) -> Iterator[tuple[audience.Way, PartyRow, Condition]]:
    """Each row with each program that may tell by it, and what it still needs there."""
    keep = [one for one in others if held_by(one.kind) == each.data]
    mine = {kind for way in each.ways for kind in way.holders}
    found = [one for one in keep or others if one.kind in mine]
    for way in each.ways:
        for one in found or others:
            left = lacking(way.needs, {"same_entity": one.agency_id == by.agency_id})
            if one.kind in way.holders and left is not None:
                yield way, one, left


def _closed(
    each: audience.Closed,
    ways: Sequence[tuple[audience.Way, PartyRow, Condition]],
    by: Actor,
    person_id: UUID,
) -> ClosedRow:
    first, needs = (ways[0][0], ways[0][2]) if ways else (each.ways[0], each.ways[0].needs)
    asked_for = [aim for way, _one, _left in ways for aim in way.purposes]
    asked = {one.program_id: one.name(by.language) for _way, one, _left in ways}
    return ClosedRow(
        id=person_id,
        data=each.data,
        words=said(DATA, each.data),
        opens=gettext("Opens only %(aims)s") % {"aims": either(PURPOSES, first.purposes)}
        if needs == Always()
        else gettext("Opens with: %(facts)s") % {"facts": opens_with(needs)},
        purposes=tuple((aim, said(PURPOSES, aim)) for aim in dict.fromkeys(asked_for)),
        holders=tuple((str(id), name) for id, name in asked.items()),
    )


def _emergencies(known: KnownFrom, by: Actor) -> Iterator[dict[str, Any]]:
    """Whom an emergency may be claimed of: the programs that work on this person's calls, which are known here anyway."""
    for program_id in known.programs:
        yield {"id": program_id, "program": party(program_id).name(by.language)}


TOLD = Part("told", "desks/person_told.html", read_told)
