"""Telling somebody else what one's own program holds of a person: first shown exactly, then told and written down."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import parties, party
from nowrongdoor.episodes.known import known_from
from nowrongdoor.identity import queries as identity
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused, Verdict, no
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import notices, queries
from nowrongdoor.sharing.bases import HOLDER_SAYS, Want
from nowrongdoor.sharing.commands import Record, tell
from nowrongdoor.sharing.commands.telling import told_of
from nowrongdoor.sharing.consents import Carried, carried, scopes_of
from nowrongdoor.sharing.facts import Duty, Table
from nowrongdoor.sharing.holders import held_by
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.said import (
    DUTIES,
    FACTS,
    FIELDS,
    KINDS,
    PURPOSES,
    listed,
    opens_with,
    said,
)
from nowrongdoor.sharing.shelves import SHELVES, About, Item
from nowrongdoor.web.refusals import reason

CHANGED = no(
    "tell.changed",
    "This is not what you were shown: something was written meanwhile. Look again, then tell it.",
)
GROUNDS = ("emergency", *sorted(HOLDER_SAYS))


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in. `to`: a program's id, or a kind of somebody who has none here."""

    to: str = ""
    to_name: str = ""
    purpose: str = ""
    groups: tuple[str, ...] = ()
    ground: str = ""
    reference: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What exactly would be told, and what goes with it; or why not."""

    allowed: bool
    because: str
    row: str
    items: tuple[Item, ...]
    duties: str
    carried: Carried
    waits: bool
    digest: str
    """Of exactly these lines: what is told is what was shown."""


def form(by: Actor, person_id: UUID, typed: Typed) -> dict[str, Any]:
    """What can be chosen, with what was."""
    record = identity.record(by, person_id)
    with act_as(by):
        table = queries.table()
    every = sorted(parties().values(), key=lambda each: each.path)
    programs = [
        (str(each.program_id), each.name(by.language))
        for each in every
        if each.program_id != by.program_id
    ]
    outside = [] if table is None else [(each, said(KINDS, each)) for each in table.recipients_only]
    groups = dict.fromkeys(group for shelf in SHELVES.get() for group in shelf.groups)
    return {
        "row": record,
        "typed": typed,
        "programs": programs,
        "outside": outside,
        "purposes": [] if table is None else [(e, said(PURPOSES, e)) for e in table.purposes],
        "groups": [(each, said(FIELDS, each), each in typed.groups) for each in groups],
        "grounds": [(each, said(FACTS, each)) for each in GROUNDS],
    }


def preview(by: Actor, person_id: UUID, typed: Typed, *, at: datetime) -> Preview:
    """Decided as if what is stood for were written down already; nothing is."""
    want = _want(by, person_id, typed, known=frozenset({typed.ground} & set(GROUNDS)))
    with act_as(by):
        decision = queries.decide(want, at=at)
        [goes_with] = carried([decision], by, at=at)
        table = queries.table()
    told = told_of(decision, typed.groups)
    items = _items(by, person_id, told) if decision.allowed else ()
    return Preview(
        allowed=decision.allowed and bool(items),
        because=reason(_refusal(decision, told, table)),
        row=decision.row,
        items=items,
        duties=listed(DUTIES, [str(each) for each in decision.duties]),
        carried=goes_with,
        waits=Duty.SECOND_PERSON in decision.duties,
        digest=_digest(items),
    )


def _refusal(decision: Decision, told: Sequence[str], table: Table | None) -> Verdict:
    """Why nothing would be told: a row that matches and gives nothing of what was chosen does not allow it."""
    if not decision.verdict.allowed:
        return decision.verdict
    if decision.fields and not told:
        fields = listed(FIELDS, decision.fields)
        return no(
            "tell.other_parts",
            "Rule {row} tells only this: {fields}. Nothing of what you chose is among it.",
            row=decision.row,
            fields=fields,
        )
    if told:
        return no("tell.empty", "Nothing is written down under what you chose.")
    rows = () if table is None else table.allow
    row = next((each for each in rows if each.id == decision.row), None)
    return no(
        "tell.needs",
        "Rule {row} would allow this. It needs: {needs}.",
        row=decision.row,
        needs="" if row is None else opens_with(row.needs),
    )


def _digest(items: Sequence[Item]) -> str:
    said = [(each.group, each.label, each.value) for each in items]
    return sha256(json.dumps(said).encode()).hexdigest()


def told(by: Actor, person_id: UUID, typed: Typed, *, at: datetime) -> Decision | None:
    """Written down, as `sharing.commands.tell`. None: another person is asked first.

    Refused: where what would be told is no longer what was shown.
    """
    shown = preview(by, person_id, typed, at=at)
    if shown.allowed and typed.shown != shown.digest:
        raise Refused(CHANGED)
    about = _about(by, person_id)
    records = [
        Record(shelf.name, id, version)
        for shelf in _shelves(by, typed.groups)
        for id, version in _versions(shelf, by, about).items()
    ]
    return tell(
        by=by,
        at=at,
        want=_want(by, person_id, typed),
        groups=typed.groups,
        records=records,
        ground=typed.ground,
        reference=typed.reference,
    )


def last_told(by: Actor, person_id: UUID) -> tuple[Preview, datetime, bool]:
    """What was told last of this record, read anew for paper, when, and whether some of it has changed since.

    What has changed is left out: paper says what was told, and nothing later. Errors: NotFound where nothing was.
    """
    with act_as(by):
        lines = queries.last_spoken(person_id)
    if not lines:
        raise missing()
    line, about = lines[0], _about(by, person_id)
    consent = line.release_id if Duty.COPY in line.duties else None
    with act_as(by):
        scopes = scopes_of([consent] if consent else [], by, at=line.at)
    same: set[UUID] = set()
    for shelf in _shelves(by, line.fields):
        now = _versions(shelf, by, about)
        mine = [each for each in lines if each.record_kind == shelf.name]
        same |= {e.record_id for e in mine if now.get(e.record_id) == e.record_version}
    shown = Preview(
        allowed=True,
        because="",
        row=line.row,
        items=tuple(e for e in _items(by, person_id, line.fields) if e.record_id in same),
        duties=listed(DUTIES, line.duties),
        carried=Carried(notices.TEXTS.get(line.notice, ""), scopes.get(consent)),
        waits=False,
        digest="",
    )
    return shown, line.at, same != {each.record_id for each in lines}


def _versions(shelf: Any, by: Actor, about: About) -> Mapping[UUID, int]:
    with act_as(by):
        found: Mapping[UUID, int] = shelf.versions(by, about)
    return found


def _items(by: Actor, person_id: UUID, groups: Sequence[str]) -> tuple[Item, ...]:
    about = _about(by, person_id)
    found: list[Item] = []
    for shelf in _shelves(by, groups):
        with act_as(by):
            found += shelf.read(by, about, [each for each in shelf.groups if each in groups])
    return tuple(found)


def _shelves(by: Actor, groups: Sequence[str]) -> list[Any]:
    """What is held here, of one's own class: a card that somebody else opened is theirs to tell."""
    own = held_by(party(by.program_id).kind)
    return [
        shelf
        for shelf in SHELVES.get()
        if (shelf.data or own) == own and set(shelf.groups) & set(groups)
    ]


def _about(by: Actor, person_id: UUID) -> About:
    known = known_from(by, (person_id,))
    return About(person_id, tuple(each.id for each in known.calls))


def _want(by: Actor, person_id: UUID, typed: Typed, known: frozenset[str] = frozenset()) -> Want:
    program = _program(typed.to)
    return Want(
        held_by(party(by.program_id).kind),
        typed.purpose,
        by.program_id,
        program,
        to_kind="" if program else typed.to,
        to_name="" if program else typed.to_name,
        person_id=person_id,
        known=known,
    )


def _program(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if found in parties() else None
