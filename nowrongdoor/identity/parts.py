"""What a record shows on a desk: what it says, who may be the same person, what was judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.agencies.acting import granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.identity import finding, pages, queries, words
from nowrongdoor.identity.facts import Likely
from nowrongdoor.identity.reads import Candidate, Candidates, NameRow, ReasonRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part


@dataclass(frozen=True, slots=True)
class Told:
    """A candidate in words. `very`: it is called very likely. `reasons`: bits, words, whether against."""

    row: Candidate
    likely: str
    very: bool
    reasons: tuple[tuple[str, str, bool], ...]
    said: str


def reasons(rows: Sequence[ReasonRow]) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (each.bits, gettext(words.REASONS[each.field, each.level]), each.against) for each in rows
    )


def told(found: Candidates) -> tuple[Told, ...]:
    return tuple(
        Told(
            row=row,
            likely=gettext(words.LIKELY[row.likely]),
            very=row.likely is Likely.VERY,
            reasons=reasons(row.reasons),
            said=gettext(words.SAID[row.said]) if row.said else "",
        )
        for row in found.rows
    )


def possible(by: Actor, person_id: UUID, *, at: datetime) -> dict[str, Any]:
    """The candidates of a record, with the forms to judge them."""
    found = finding.candidates(by, person_id, at=at)
    return {"candidates": told(found), "more": found.more} | pages.choices(by, at=at)


def _record(by: Actor, person_id: UUID, /, *, at: datetime) -> dict[str, Any] | None:
    if not granted(by, Action.KEEP_PERSONS):
        return None
    row = queries.record(by, person_id)
    names = [(gettext(words.NAME_KINDS[each.kind]), each) for each in row.names]
    return {"row": row, "names": _ended_last(names)} | pages.choices(by, at=at)


def _ended_last(names: list[tuple[str, NameRow]]) -> list[tuple[str, NameRow]]:
    return sorted(names, key=lambda each: each[1].ended)


def _possible(by: Actor, person_id: UUID, /, *, at: datetime) -> dict[str, Any] | None:
    return possible(by, person_id, at=at) if granted(by, Action.KEEP_PERSONS) else None


def _judgments(by: Actor, person_id: UUID, /, *, at: datetime) -> dict[str, Any] | None:
    if not granted(by, Action.KEEP_PERSONS):
        return None
    rows = [
        (each, gettext(words.SAID[each.says]), reasons(each.reasons))
        for each in queries.judgments(by, person_id)
    ]
    return {"rows": rows} | pages.choices(by, at=at)


RECORD = Part("record", "identity/record.html", _record)
POSSIBLE = Part("possible", "identity/possible.html", _possible)
JUDGMENTS = Part("judgments", "identity/judgments.html", _judgments)
