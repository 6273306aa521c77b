"""For what each kind of program reads about a person, and what it never sees: of the audience alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from nowrongdoor.kernel.conditions import Compare, Condition, Either, Every, Negated
from nowrongdoor.sharing.facts import Allow, Table

_POLICE = ("close_loop", "coordinate")
_CARE = ("treatment", "close_loop")
AIMS: Mapping[str, tuple[str, ...]] = {
    "psap": ("close_loop",),
    **dict.fromkeys(("le_patrol", "le_detectives", "other_le"), _POLICE),
    "le_mhst": ("serve_order", *_POLICE),
    "le_deflection": ("engagement", *_POLICE),
    "le_outreach": ("engagement", "coordinate"),
    **dict.fromkeys(
        ("crisis_line", "cmt_provider", "crc", "hospital", "clinic", "jail_health", "fire_ems"),
        _CARE,
    ),
    **dict.fromkeys(("peer_org", "homeless_provider"), ("engagement", "coordinate")),
    "part2_program": ("treatment", "coordinate"),
    "rbha": ("operations",),
    "court": ("petition",),
}
"""What a program reads a person's page for, by its kind. Anything else is asked for."""
RESPONDING = ("respond", "scene_safety")
"""Besides, while it works on an open call of theirs."""
EMERGENCY = ("imminent_threat", "medical_emergency", "duty_to_warn")
"""Besides, while an emergency is claimed."""
APART = frozenset({"own_access", "legal_proceeding", "publish", "compliance", "research"})
"""What somebody asks for in writing, and no page shows."""
NOT_PERSONAL = frozenset({"aggregate", "staff"})


def aims(kind: str, *, working: bool) -> tuple[str, ...]:
    """The purposes for which a page asks the gate; the same for every person."""
    return (*(RESPONDING if working else ()), *AIMS.get(kind, ()), *EMERGENCY)


@dataclass(frozen=True, slots=True)
class Closed:
    """A class that is closed to a kind of program as a rule: the facts that open it, and who holds it."""

    data: str
    facts: tuple[str, ...]
    purpose: str
    holders: frozenset[str]


def closed(table: Table, kind: str) -> tuple[Closed, ...]:
    """What this kind of program sees only where something opens it: once for each class, by its first row."""
    found: dict[str, Closed] = {}
    for row in _rows_to(table, kind):
        facts = _facts(row.needs)
        for data in sorted(row.scope.data - NOT_PERSONAL):
            if facts and data not in found:
                purpose = sorted(row.scope.purposes - APART)[0]
                found[data] = Closed(data, facts, purpose, row.scope.senders - {kind})
    return tuple(each for each in found.values() if each.holders)


def never(table: Table, kind: str) -> tuple[str, ...]:
    """The classes that no row opens to this kind of program. It depends on nobody in particular, so it tells nothing."""
    opened = {data for row in _rows_to(table, kind) for data in row.scope.data}
    return tuple(each for each in table.data if each not in opened | NOT_PERSONAL)


def _rows_to(table: Table, kind: str) -> list[Allow]:
    return [
        row
        for row in table.allow
        if table.counts(row)
        and kind in row.scope.recipients
        and not row.scope.same
        and row.scope.purposes - APART
    ]


def _facts(condition: Condition) -> tuple[str, ...]:
    match condition:
        case Compare(name, _values, _among):
            return (name,)
        case Every(parts) | Either(parts):
            return tuple(dict.fromkeys(each for part in parts for each in _facts(part)))
        case Negated(part):
            return _facts(part)
        case _:
            return ()
