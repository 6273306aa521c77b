"""For what each kind of program reads about a person, and what it never sees: of the audience alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nowrongdoor.kernel.conditions import (
    FLAG,
    Always,
    Compare,
    Condition,
    Either,
    Every,
    Negated,
    names_in,
)
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
class Way:
    """One row by which a class opens to a kind of program: on what condition, what for, and who tells."""

    needs: Condition
    purposes: tuple[str, ...]
    holders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Closed:
    """A class that some row opens to a kind of program. `facts`, `purpose` and `holders` are its first row's."""

    data: str
    ways: tuple[Way, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names_in(self.ways[0].needs)))

    @property
    def purpose(self) -> str:
        return self.ways[0].purposes[0]

    @property
    def holders(self) -> frozenset[str]:
        return self.ways[0].holders


def opened(table: Table, kind: str) -> tuple[Closed, ...]:
    """What this kind of program sees for what its page is read for, and no fact is needed."""
    return tuple(each for each in _classes(table, kind) if _needs_nothing(each, kind))


def closed(table: Table, kind: str) -> tuple[Closed, ...]:
    """What it sees only where a fact opens it, or for something that no page is read for."""
    return tuple(each for each in _classes(table, kind) if not _needs_nothing(each, kind))


def _needs_nothing(each: Closed, kind: str) -> bool:
    return any(way.needs == Always() and read_for(way, kind) for way in each.ways)


def read_for(way: Way, kind: str) -> tuple[str, ...]:
    """Of a row's purposes, those for which this kind of program reads a page."""
    mine = aims(kind, working=True)
    return tuple(each for each in way.purposes if each in mine)


def _classes(table: Table, kind: str) -> Iterator[Closed]:
    found: dict[str, list[Way]] = {}
    for row in _rows_to(table, kind):
        purposes = tuple(each for each in table.purposes if each in row.scope.purposes - APART)
        others = (row.scope.senders - {kind}) or row.scope.senders
        for data in row.scope.data - NOT_PERSONAL:
            found.setdefault(data, []).append(Way(row.needs, purposes, others))
    return (Closed(data, tuple(found[data])) for data in table.data if data in found)


def lacking(condition: Condition, known: Mapping[str, bool]) -> Condition | None:
    """What is left of a condition where these facts are known: None, if it can no longer hold."""
    match condition:
        case Compare(name, values, among) if name in known:
            return Always() if (FLAG[known[name]] in values) is among else None
        case Every(parts):
            return _every([lacking(part, known) for part in parts])
        case Either(parts):
            return _either([lacking(part, known) for part in parts])
        case Negated(part):
            return _negated(lacking(part, known))
        case _:
            return condition


def _every(left: Sequence[Condition | None]) -> Condition | None:
    rest = tuple(each for each in left if each is not None and each != Always())
    joined = Every(rest) if len(rest) > 1 else next(iter(rest), Always())
    return None if None in left else joined


def _either(left: Sequence[Condition | None]) -> Condition | None:
    rest = tuple(each for each in left if each is not None)
    if Always() in rest:
        return Always()
    return Either(rest) if len(rest) > 1 else next(iter(rest), None)


def _negated(left: Condition | None) -> Condition | None:
    if left is None:
        return Always()
    return None if left == Always() else Negated(left)


def never(table: Table, kind: str) -> tuple[str, ...]:
    """The classes that no row opens to this kind of program. It depends on nobody in particular, so it tells nothing."""
    found = {each.data for each in _classes(table, kind)}
    return tuple(each for each in table.data if each not in found | NOT_PERSONAL)


def _rows_to(table: Table, kind: str) -> list[Allow]:
    return [
        row
        for row in table.allow
        if table.counts(row)
        and kind in row.scope.recipients
        and not row.scope.same
        and row.scope.purposes - APART
    ]
