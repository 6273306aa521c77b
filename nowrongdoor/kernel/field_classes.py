"""What class of information each field of a table holds, declared beside the table.

A community's disclosure table names the classes (`incident`, `clinical`) and the groups of fields (`card`,
`treatment`); `tests/sharing/test_classes.py` holds these declarations against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

BY_HOLDER, NOBODY = "by_holder", "nobody"
"""The class that the program has which holds the row; and what is nobody's personal data."""


@dataclass(frozen=True, slots=True)
class FieldClass:
    """`groups`: of fields of the table; each of them opens the field. Of what is nobody's there are none."""

    data: str
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Classes:
    """Of one table. `rest`: of each field that is not named; None where each has to be."""

    named: Mapping[str, FieldClass]
    rest: FieldClass | None = None

    def of(self, field: str, *, key: bool) -> FieldClass:
        """The class of one field. A key that is not named is nobody's: what it leads to has its own class.

        Errors: KeyError for a field of which nothing is said.
        """
        if field in self.named:
            return self.named[field]
        if key:
            return FieldClass(NOBODY)
        if self.rest is None:
            raise KeyError(field)
        return self.rest


def classes(*, nobody: str = "", **of: Mapping[str, str]) -> Classes:
    """`classes(nobody="made_at", incident={"card": "place note", "need": "place"})`.

    Errors: ValueError for a field of two classes.
    """
    groups: dict[str, set[str]] = {}
    data = dict.fromkeys(nobody.split(), NOBODY)
    for name, by_group in of.items():
        for group, fields in by_group.items():
            for field in fields.split():
                if data.setdefault(field, name) != name:
                    raise ValueError(f"{field} is of the class {data[field]} and of {name}")
                groups.setdefault(field, set()).add(group)
    return Classes(
        {field: FieldClass(of_, frozenset(groups.get(field, ()))) for field, of_ in data.items()}
    )


def entirely(data: str, group: str) -> Classes:
    """Every field is of one class and group, those that come later too."""
    return Classes({}, FieldClass(data, frozenset({group})))


NOBODYS = Classes({}, FieldClass(NOBODY))
"""A table that says nothing about anyone: reference rows, settings, seals."""
