"""The bench's sentence: could A tell B this, for that? What can be chosen, and what the gate says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from nowrongdoor.agencies.parties import parties
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import bench, said
from nowrongdoor.sharing.facts import Asked, Table
from nowrongdoor.sharing.rules import may_disclose
from nowrongdoor.web.refusals import reason

FIRST = ("named", "agreement", "emergency", "process", "same_entity", "minor")
"""The facts that are asked about most; the others are one step away."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bench says: yes or no, in words, and what would change it."""

    allowed: bool
    because: str
    row: str
    fields: str
    duties: str
    basis: str
    source: str
    others: tuple[tuple[str, bool, str, str], ...]


def choices(given: QueryDict, table: Table | None, by: Actor) -> Mapping[str, Any]:
    """The sentence *could A tell B this for that*, with what was chosen."""
    if table is None:
        return {}
    programs = sorted(parties().values(), key=lambda each: each.path)

    def of(name: str, options: list[tuple[str, str]]) -> list[Choice]:
        return [Choice(value, words, given.get(name) == value) for value, words in options]

    named = [(str(each.program_id), each.name(by.language)) for each in programs]
    facts = [
        Choice(each, said.said(said.FACTS, each), each in given.getlist("fact"))
        for each in table.facts
    ]
    outside = [(each, said.said(said.KINDS, each)) for each in table.recipients_only]
    return {
        "from": of("from", named),
        "to": of("to", [*named, *outside]),
        "data": of(
            "data",
            [(each, f"{said.said(said.DATA, each)}, {code}") for each, code in table.data.items()],
        ),
        "purpose": of(
            "purpose", [(each, said.said(said.PURPOSES, each)) for each in table.purposes]
        ),
        "facts": [each for each in facts if each.value in FIRST],
        "more": (more := [each for each in facts if each.value not in FIRST]),
        "more_open": any(each.chosen for each in more),
    }


def answer(given: QueryDict, table: Table | None) -> Answer | None:
    """What the gate says to the sentence. None while it is not whole."""
    sender, known = program_of(given.get("from", "")), parties()
    to, data, purpose = given.get("to", ""), given.get("data", ""), given.get("purpose", "")
    receiver = program_of(to)
    kind = known[receiver].kind if receiver in known else to
    if (
        table is None
        or sender not in known
        or data not in table.data
        or purpose not in table.purposes
        or kind not in table.recipients
    ):
        return None
    facts = frozenset(each for each in given.getlist("fact") if each in table.facts)
    asked = Asked(data, known[sender].kind, kind, purpose, facts)
    found = may_disclose(table, asked)
    row = next((each for each in table.allow if each.id == found.row), None)
    return Answer(
        allowed=found.allowed,
        because=reason(found.verdict),
        row=found.row,
        fields=said.listed(said.FIELDS, found.fields),
        duties=said.listed(said.DUTIES, tuple(str(each) for each in found.duties)),
        basis="" if found.basis is None else said.said(said.BASES, str(found.basis)),
        source="" if row is None else row.source,
        others=tuple(
            (
                said.said(said.FACTS, each.fact),
                each.added,
                each.answer.row,
                said.listed(said.FIELDS, each.answer.fields) if each.answer.allowed else "",
            )
            for each in bench.others(table, asked)
        ),
    )


def program_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
