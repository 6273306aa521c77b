"""A disclosure table's rows in the languages of Cedar and of Casbin, and a disclosure as both are asked it."""

from collections.abc import Callable, Iterable

from nowrongdoor.kernel.conditions import FLAG, Always, Compare, Condition, Either, Every, Negated
from nowrongdoor.sharing.facts import Allow, Asked, Deny, Table

Among = Callable[[str, Iterable[str]], str]


def line(asked: Asked, table: Table) -> dict[str, object]:
    facts = {fact: fact in asked.facts for fact in table.facts}
    who = {"data": asked.data, "sender": asked.sender, "to": asked.recipient}
    return {**who, "purpose": asked.purpose, "same": asked.sender == asked.recipient, **facts}


def cedar(table: Table) -> str:
    """A `forbid` for each row that denies, a `permit` for each that allows and counts."""

    def among(name: str, values: Iterable[str]) -> str:
        listed = ", ".join(f'"{value}"' for value in values)
        return f"[{listed}].contains(context.{name})"

    words = _Words(among, lambda name: f"context.{name}", "&&", "||", "!", "true")
    return "\n".join(
        f"{'permit' if isinstance(row, Allow) else 'forbid'} (principal, action, resource)"
        f" when {{ {words.row(row, table)} }};"
        for row in table.rows
        if isinstance(row, Deny) or table.counts(row)
    )


def casbin(table: Table) -> list[list[str]]:
    """For each row its rule and its effect."""

    def among(name: str, values: Iterable[str]) -> str:
        return f"r.{name} in [{', '.join(map(repr, values))}]"

    words = _Words(among, lambda name: f"'{name}' in r.facts", "and", "or", "not", "True")
    return [
        [words.row(row, table), "allow" if isinstance(row, Allow) else "deny"]
        for row in table.rows
        if isinstance(row, Deny) or table.counts(row)
    ]


class _Words:
    def __init__(self, among: Among, fact: Callable[[str], str], *glue: str) -> None:
        self.among, self.fact = among, fact
        self.and_, self.or_, self.not_, self.true = glue

    def row(self, row: Deny | Allow, table: Table) -> str:
        scope = row.scope
        everything = (table.data, table.kinds, table.recipients, table.purposes)
        named = (scope.data, scope.senders, scope.recipients, scope.purposes)
        parts = [
            self.among(name, sorted(of))
            for name, of, all_of in zip(
                ("data", "sender", "to", "purpose"), named, everything, strict=True
            )
            if len(of) < len(all_of)
        ]
        parts += [self.fact("same")] if scope.same else []
        parts.append(self.holds(row))
        return f" {self.and_} ".join(f"({part})" for part in parts)

    def holds(self, row: Deny | Allow) -> str:
        if isinstance(row, Allow):
            return self.condition(row.needs)
        return self.true if row.unless is None else f"{self.not_} ({self.condition(row.unless)})"

    def condition(self, condition: Condition) -> str:
        match condition:
            case Always():
                return self.true
            case Compare(name, values, among):
                said = self.fact(name) if values == FLAG[1:] else self.among(name, values)
                return said if among else f"{self.not_} ({said})"
            case Every(parts):
                return f" {self.and_} ".join(f"({self.condition(part)})" for part in parts)
            case Either(parts):
                return f" {self.or_} ".join(f"({self.condition(part)})" for part in parts)
            case Negated(part):
                return f"{self.not_} ({self.condition(part)})"
