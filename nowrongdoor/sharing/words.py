"""Conditions, and disclosures, as people read them: in the words of the file."""

from nowrongdoor.kernel.conditions import FLAG, Always, Compare, Condition, Either, Every, Negated
from nowrongdoor.sharing.facts import Asked, Table


def in_words(condition: Condition, table: Table) -> str:
    """`named or emergency` in the words by which the file explains each fact."""

    def part(inner: Condition) -> str:
        said = in_words(inner, table)
        return f"({said})" if isinstance(inner, Every | Either) else said

    match condition:
        case Always():
            return "nothing more"
        case Compare(name, values, among):
            return (
                _compared(name, values, table)
                if among
                else f"not ({_compared(name, values, table)})"
            )
        case Every(parts):
            return ", and ".join(map(part, parts))
        case Either(parts):
            return ", or ".join(map(part, parts))
        case Negated(inner):
            return f"not ({in_words(inner, table)})"


def _compared(name: str, values: tuple[str, ...], table: Table) -> str:
    if values == FLAG[1:]:
        return table.facts.get(name, name)
    return f"{name} is {' or '.join(values)}"


def told(asked: Asked) -> str:
    """Who tells whom what for which purpose with which facts."""
    facts = f"with {', '.join(sorted(asked.facts))}" if asked.facts else "with no fact"
    return f"{asked.sender} tells {asked.recipient} {asked.data} for {asked.purpose}, {facts}"
