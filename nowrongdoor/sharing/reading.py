"""Reading a disclosure table. All that is wrong is named at once: file, line, key, in words.

What a file can say wrongly is found here. What a readable table can decide wrongly is the proof's business.
"""

import keyword
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.written import Written, file_of, text_of
from nowrongdoor.kernel.conditions import FLAG, Always, BadCondition, Condition, Language, parse
from nowrongdoor.sharing import schema
from nowrongdoor.sharing.facts import (
    Allow,
    Asked,
    Basis,
    Deny,
    Flow,
    Invariant,
    Scope,
    Table,
)

FILE = "disclosure.yaml"
LONGEST, MOST_MARKS = 2_000_000, 400_000
"""Bytes of a text and marks in it: eighty times the community's own."""
ALL, SAME = "*", "same"
OWN_NAMES = ("data", "sender", "to", "purpose", SAME, "basis", "row_needs_agreement_only")
"""What a condition may name besides the file's facts, the last two only in an invariant."""
Place = tuple[str | int, ...]


def table_of(community: str) -> Table:
    """The table of a community: its folder, its name under communities/, or the file. As `read`."""
    file = Path(community)
    return read(file if file.is_file() else file_of(community, FILE))


def read(file: Path) -> Table:
    """Read a table's file. Errors: BadCommunity with every problem found."""
    return read_text(text_of(file), file.name)


def read_text(text: str, name: str = FILE) -> Table:
    """Read a table from its text; `name` is what problems call the file. Errors: as `read`."""
    written = Written(text, name, schema.DisclosureFile, longest=LONGEST, most_marks=MOST_MARKS)
    problems = [written.at(path, because) for path, because in _names(written.rows)]
    _refuse(problems)  # whoever reads on relies on each name being one thing
    built = _Build(written)
    table = built.table()
    _refuse([*built.problems, *(written.at(*each) for each in _row_ids(written.rows))])
    return table


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise BadCommunity(sorted(problems, key=lambda each: each.line))


class _Build:
    """Rows to facts. What cannot be read becomes a problem, and counts as nothing."""

    def __init__(self, written: Written[schema.DisclosureFile]) -> None:
        self.written, self.rows = written, written.rows
        self.problems: list[Problem] = []
        recipients = (*self.rows.kinds, *self.rows.recipients_only)
        values: Mapping[str, Sequence[str]] = {
            "data": tuple(self.rows.data),
            "sender": self.rows.kinds,
            "to": recipients,
            "purpose": self.rows.purposes,
            SAME: FLAG,
            **dict.fromkeys(self.rows.facts, FLAG),
        }
        self.of_rows = Language(values, "fact", self.rows.groups)
        self.of_invariants = Language(
            {**values, "basis": tuple(Basis), "row_needs_agreement_only": FLAG},
            "fact",
            self.rows.groups,
        )

    def table(self) -> Table:
        rows = self.rows
        return Table(
            id=rows.disclosure,
            version=rows.version,
            data=rows.data,
            kinds=rows.kinds,
            recipients_only=rows.recipients_only,
            groups=rows.groups,
            purposes=rows.purposes,
            facts=rows.facts,
            fields=rows.fields,
            deny=tuple(self.deny(n, row) for n, row in enumerate(rows.deny)),
            allow=tuple(self.allow(n, row) for n, row in enumerate(rows.allow)),
            signed_off=frozenset(rows.signed_off),
            invariants=tuple(self.invariant(n, row) for n, row in enumerate(rows.invariants)),
            flows=(
                *(self.flow(("must_work", n), row) for n, row in enumerate(rows.must_work)),
                *(self.flow(("must_not", n), row) for n, row in enumerate(rows.must_not)),
            ),
        )

    def deny(self, n: int, row: schema.DenyRow) -> Deny:
        unless = row.unless and self.condition(row.unless, self.of_rows, ("deny", n, "unless"))
        return Deny(row.id, self.scope(row, ("deny", n)), row.because, unless or None)

    def allow(self, n: int, row: schema.AllowRow) -> Allow:
        self.known(row.fields, self.rows.fields, "field group", ("allow", n, "fields"))
        return Allow(
            id=row.id,
            scope=self.scope(row, ("allow", n)),
            needs=self.condition(row.needs, self.of_rows, ("allow", n, "needs")),
            fields=row.fields,
            duties=row.duties,
            basis=row.basis,
            because=row.because,
            source=row.source,
            settled=row.settled,
        )

    def invariant(self, n: int, row: schema.InvariantRow) -> Invariant:
        def read(key: str, text: str | None) -> Condition | None:
            return (
                text and self.condition(text, self.of_invariants, ("invariants", n, key))
            ) or None

        never, when = read("never", row.never), read("when", row.when)
        return Invariant(row.id, row.say, never, when, row.duty_any, row.duty_all)

    def flow(self, path: Place, row: schema.FlowRow) -> Flow:
        self.known([row.data], self.rows.data, "class", (*path, "data"))
        self.known([row.sender], self.rows.kinds, "kind", (*path, "from"))
        recipients = (*self.rows.kinds, *self.rows.recipients_only)
        self.known([row.to], recipients, "kind", (*path, "to"))
        self.known([row.purpose], self.rows.purposes, "purpose", (*path, "purpose"))
        self.known(row.true, self.rows.facts, "fact", (*path, "with"))
        asked = Asked(row.data, row.sender, row.to, row.purpose, frozenset(row.true))
        return Flow(row.say, asked, works=path[0] == "must_work")

    def scope(self, row: schema.DenyRow | schema.AllowRow, path: Place) -> Scope:
        senders = self.who(row.sender, self.rows.kinds, (*path, "from"))
        same = row.to == (SAME,)
        recipients = (*self.rows.kinds, *self.rows.recipients_only)
        to = self.who((ALL,) if same else row.to, recipients, (*path, "to"))
        return Scope(
            data=self.these(row.data, tuple(self.rows.data), "class", (*path, "data")),
            senders=senders,
            recipients=to,
            purposes=self.these(row.purpose, self.rows.purposes, "purpose", (*path, "purpose")),
            same=same,
        )

    def these(
        self, names: Sequence[str] | None, known: Sequence[str], what: str, path: Place
    ) -> frozenset[str]:
        self.known(names or (), known, what, path)
        return frozenset(known if names is None else names)

    def who(self, names: Sequence[str] | None, known: Sequence[str], path: Place) -> frozenset[str]:
        """Kinds and groups to kinds. A group of whom some only receive names nobody who tells."""
        if names is None or tuple(names) == (ALL,):
            return frozenset(known)
        each_own = {each: tuple(self.rows.groups.get(each, (each,))) for each in names}
        self.known([each for own in each_own.values() for each in own], known, "kind", path)
        return frozenset(each for own in each_own.values() for each in own)

    def known(
        self, names: Sequence[str], known: Sequence[str] | Mapping[str, str], what: str, path: Place
    ) -> None:
        for name in names:
            if name not in known:
                self.problems.append(self.written.at(path, f"there is no {what} {name} here"))

    def condition(self, text: str, language: Language, path: Place) -> Condition:
        try:
            return parse(text, language)
        except BadCondition as bad:
            self.problems.append(self.written.at(path, str(bad)))
            return Always()


def _names(rows: schema.DisclosureFile) -> Iterator[tuple[Place, str]]:
    """Names that stand twice in a list, and names that could mean two things."""
    everybody = (*rows.kinds, *rows.recipients_only)
    yield from _twice(rows, everybody)
    for group, members in rows.groups.items():
        if group in everybody:
            yield ("groups", group), f"{group} is the name of a kind"
        for name in set(members) - set(everybody):
            yield ("groups", group), f"there is no kind {name} here"
    if SAME in (*everybody, *rows.groups):
        yield ("kinds",), f"{SAME} means the sender's own kind"
    for fact in rows.facts:
        if fact in (*OWN_NAMES, *rows.groups) or keyword.iskeyword(fact):
            yield ("facts", fact), f"a fact cannot be called {fact}"


def _twice(rows: schema.DisclosureFile, everybody: Sequence[str]) -> Iterator[tuple[Place, str]]:
    lists: Mapping[str, Sequence[str]] = {
        "kinds": rows.kinds,
        "recipients_only": () if _doubled(rows.kinds) else everybody,
        "purposes": rows.purposes,
        "data": tuple(rows.data.values()),
        "signed_off": rows.signed_off,
    }
    for key, names in lists.items():
        for name in _doubled(names):
            yield (key,), f"{name} stands here twice"


def _row_ids(rows: schema.DisclosureFile) -> Iterator[tuple[Place, str]]:
    """Each row, and each invariant, has an id of its own; only rows that allow are signed off."""
    seen: set[str] = {"NONE"}
    for key in ("deny", "allow", "invariants"):
        for n, row in enumerate(getattr(rows, key)):
            if row.id in seen:
                yield (key, n), f"{row.id} stands here twice"
            seen.add(row.id)
    known = {row.id for row in rows.allow}
    for n, id in enumerate(rows.signed_off):
        if id not in known:
            yield ("signed_off", n), f"there is no row {id} here"


def _doubled(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
