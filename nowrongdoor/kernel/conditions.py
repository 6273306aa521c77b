"""The language of conditions: read, asked, and written again. Protocols and disclosure rules are written in it.

It is a corner of Python's expressions, so that an editor colors it: `SI=="active" and TALK!="Y"`,
`HAZ in ("fire","traffic")`, `not in`, `or`, `not`, `True`, brackets; `emergency`, where a fact is only
true or false; `to in justice`, where a list has a name. Everything else is refused in one sentence.
What is read becomes a tree; evaluator, solver and words come from that one tree, never from the text a
second time.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST = 2000
DEEPEST = 20
FLAG = ("no", "yes")
"""The values of what is only true or false: its bare name means `yes`."""


@dataclass(frozen=True, slots=True)
class Always:
    """The condition `True`."""


@dataclass(frozen=True, slots=True)
class Compare:
    """The value of a question, or of a fact, is `among` these values, or is not."""

    name: str
    values: tuple[str, ...]
    among: bool


@dataclass(frozen=True, slots=True)
class Every:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Negated:
    part: "Condition"


Condition = Always | Compare | Every | Either | Negated
"""What a rule asks for. Evaluator, solver and wording all read these, and only these."""


@dataclass(frozen=True, slots=True)
class Language:
    """What a condition may name: `values` of each question or fact, `lists` that have a name of their own.

    `noun` is what sentences call one of them.
    """

    values: Mapping[str, Sequence[str]]
    noun: str = "question"
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def said(self) -> str:
        return f'Write {self.noun}s, "values", ==, !=, in, not in, and, or, not, True and brackets.'


class BadCondition(Exception):  # noqa: N818 - it is an answer, not a fault
    """The text is not a condition in this language; the message is the sentence to show."""


def parse(text: str, language: Language) -> Condition:
    """Read one condition. Errors: BadCondition."""
    if len(text) > LONGEST:
        raise BadCondition(f"This is longer than {LONGEST} characters; make several rules of it.")
    try:
        expression = ast.parse(" ".join(text.split()), mode="eval").body
    except SyntaxError as error:
        raise BadCondition(f"This cannot be read: {error.msg}. {language.said}") from None
    except (ValueError, RecursionError, MemoryError):
        raise BadCondition(f"This cannot be read. {language.said}") from None
    return _Reader(language).condition(expression, 1)


class _Reader:
    """From Python's tree to ours, letting through only what the language has."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.values = language.values

    def condition(self, node: ast.expr, depth: int) -> Condition:
        if depth > DEEPEST:
            raise BadCondition("The brackets go too deep to be read; make several rules of it.")
        match node:
            case ast.Constant(value=True):
                return Always()
            case ast.BoolOp(op=op, values=parts):
                read = tuple(self.condition(part, depth + 1) for part in parts)
                return Every(read) if isinstance(op, ast.And) else Either(read)
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Negated(self.condition(part, depth + 1))
            case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]):
                return self.compare(name, op, right)
            case ast.Name(id=name) if tuple(self.known(name)) == FLAG:
                return Compare(name, FLAG[1:], among=True)
        raise BadCondition(f"{_seen(node)} is not part of the language. {self.language.said}")

    def known(self, name: str) -> Sequence[str]:
        if name not in self.values:
            raise BadCondition(f"There is no {self.language.noun} {name[:60]}.")
        return self.values[name]

    def compare(self, name: str, op: ast.cmpop, right: ast.expr) -> Compare:
        self.known(name)
        if isinstance(op, ast.Eq | ast.NotEq):
            values: tuple[str, ...] = (self.value(name, right),)
        elif isinstance(op, ast.In | ast.NotIn):
            values = self.list(name, right)
        else:
            raise BadCondition(
                f"{name} is compared in a way the language has not. {self.language.said}"
            )
        return Compare(name, values, among=isinstance(op, ast.Eq | ast.In))

    def list(self, name: str, node: ast.expr) -> tuple[str, ...]:
        if isinstance(node, ast.Name) and node.id in self.language.lists:
            return self.named(name, node.id)
        if not isinstance(node, ast.Tuple) or not node.elts:
            raise BadCondition(
                f'After {name} in, write the values in brackets: ("a","b"), or ("a",) for one.'
            )
        values = tuple(self.value(name, each) for each in node.elts)
        if len(set(values)) < len(values):
            raise BadCondition(f"{name} is compared with the same value twice.")
        return values

    def named(self, name: str, list: str) -> tuple[str, ...]:
        values = tuple(each for each in self.language.lists[list] if each in self.values[name])
        if not values:
            raise BadCondition(f"{name} is never in {list}.")
        return values

    def value(self, name: str, node: ast.expr) -> str:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise BadCondition(f"{name} is compared with {_seen(node)}, not with a value.")
        if node.value not in self.values[name]:
            takes = ", ".join(self.values[name])
            raise BadCondition(f'{name} is never "{node.value}"; it takes {takes}.')
        return node.value


def _seen(node: ast.expr) -> str:
    try:
        return ast.unparse(node)[:60]
    except RecursionError:
        return "this"


def holds(condition: Condition, settled: Mapping[str, str]) -> bool:
    """Whether the condition is true of these settled values: one for every name."""
    match condition:
        case Always():
            return True
        case Compare(name, values, among):
            return (settled[name] in values) is among
        case Every(parts):
            return all(holds(part, settled) for part in parts)
        case Either(parts):
            return any(holds(part, settled) for part in parts)
        case Negated(part):
            return not holds(part, settled)


def written(condition: Condition) -> str:
    """The condition in its own language again, the same for the same tree. It is Python, too."""
    match condition:
        case Always():
            return "True"
        case Compare(name, (value,), among):
            return f'{name}{"==" if among else "!="}"{value}"'
        case Compare(name, values, among):
            listed = ",".join(f'"{value}"' for value in values)
            return f"{name} {'in' if among else 'not in'} ({listed})"
        case Every(parts):
            return " and ".join(map(_bracketed, parts))
        case Either(parts):
            return " or ".join(map(_bracketed, parts))
        case Negated(part):
            return f"not {_bracketed(part)}"


def _bracketed(part: Condition) -> str:
    simple = isinstance(part, Compare | Always | Negated)
    return written(part) if simple else f"({written(part)})"


def names_in(condition: Condition) -> Iterator[str]:
    """Every question or fact the condition looks at, in its order, as often as it does."""
    match condition:
        case Compare(name, _, _):
            yield name
        case Every(parts) | Either(parts):
            for part in parts:
                yield from names_in(part)
        case Negated(part):
            yield from names_in(part)
