"""Every way to take something from one rule: the whole rule, an answer it counts, a guard it keeps.

Two directions. *Less*: the rule is dropped, loses a branch of an `or`, or one answer no longer
counts (`MEANS!="N"` counts Y and U; without U an unknown no longer does). *More*: the rule loses
one part of an `and`, or one value of a `not in`, and takes calls that were another rule's.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from nowrongdoor.kernel.conditions import (
    Always,
    Compare,
    Condition,
    Either,
    Every,
    Negated,
    written,
)
from nowrongdoor.triage.facts import (
    Clinical,
    Duty,
    Ems,
    LevelRule,
    Police,
    Protocol,
    Response,
)

Rule = TypeVar("Rule", LevelRule, Duty)
Edit = tuple[str, Condition]
Edits = Callable[[Condition], Iterator[Edit]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one rule. `when` None: the rule is dropped. `name` is stable and unique."""

    name: str
    rule: LevelRule | Duty
    when: Condition | None

    def turned(self, rule: Rule) -> Rule:
        """A rule as this mutant has it; one that is dropped never matches."""
        if rule is not self.rule:
            return rule
        return replace(rule, when=Negated(Always()) if self.when is None else self.when)


def mutants(protocol: Protocol) -> tuple[Mutant, ...]:
    """All of them, level rules first, in the order of the file."""
    edits = _Edits(protocol)
    seen: Counter[str] = Counter()
    made = []
    rules: tuple[LevelRule | Duty, ...] = (*protocol.levels, *protocol.duties)
    for rule in rules:
        if rule.when is None:  # it follows from the level and from what the others send
            continue
        for what, when in edits.of(rule.when):
            name = f"{rule.id} {what}"
            seen[name] += 1
            numbered = f"{name} ({seen[name]})" if seen[name] > 1 else name
            made.append(Mutant(numbered, rule, when))
    return tuple(made)


def weaker(protocol: Protocol) -> Iterator[tuple[str, Protocol]]:
    """Each place of the response table one step down: what a level sends, what a duty adds."""
    for axis, places in (
        ("police", tuple(Police)),
        ("ems", tuple(Ems)),
        ("clinical", tuple(Clinical)),
    ):
        for level, sent in protocol.responses.items():
            if (to := _down(sent, axis, places)) is not None:
                name = f"response {level} with {axis} {getattr(to, axis)}"
                yield name, replace(protocol, responses={**protocol.responses, level: to})
        for duty, sent in protocol.raises.items():
            if (to := _down(sent, axis, places)) is not None:
                name = f"response {duty} with {axis} {getattr(to, axis)}"
                yield name, replace(protocol, raises={**protocol.raises, duty: to})


def _down(sent: Response, axis: str, places: Sequence[str]) -> Response | None:
    at = places.index(getattr(sent, axis))
    changed: dict[str, Any] = {axis: places[at - 1] if at else None}
    return replace(sent, **changed) if at else None


class _Edits:
    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def of(self, when: Condition) -> Iterator[tuple[str, Condition | None]]:
        plain = _plain(when, negated=False)
        yield "dropped", None
        yield from self.less(plain)
        yield from self.more(plain)

    def less(self, when: Condition) -> Iterator[Edit]:
        match when:
            case Compare(question, values, among):
                every = self.protocol.by_id[question].values
                counted = [value for value in every if (value in values) is among]
                for value in counted if len(counted) > 1 else ():
                    left = tuple(each for each in counted if each != value)
                    yield f"without {question} {value}", Compare(question, left, among=True)
            case Either(parts):
                yield from _without_one(parts, Either)
                yield from _inside(parts, Either, self.less)
            case Every(parts):
                yield from _inside(parts, Every, self.less)

    def more(self, when: Condition) -> Iterator[Edit]:
        match when:
            case Compare(question, values, False) if len(values) > 1:
                for value in values:
                    left = tuple(each for each in values if each != value)
                    yield f"also with {question} {value}", Compare(question, left, among=False)
            case Every(parts):
                yield from _without_one(parts, Every)
                yield from _inside(parts, Every, self.more)
            case Either(parts):
                yield from _inside(parts, Either, self.more)


def _plain(when: Condition, *, negated: bool) -> Condition:
    """The same condition without `not`: what is negated is turned round, part by part."""
    match when:
        case Negated(part):
            return _plain(part, negated=not negated)
        case Compare(question, values, among):
            return Compare(question, values, among is not negated)
        case Every(parts) | Either(parts):
            join = Every if isinstance(when, Every) is not negated else Either
            return join(tuple(_plain(part, negated=negated) for part in parts))
    return Negated(when) if negated else when


Joined = type[Every] | type[Either]


def _without_one(parts: tuple[Condition, ...], join: Joined) -> Iterator[Edit]:
    for place, part in enumerate(parts):
        word = "without" if join is Either else "even without"
        yield f"{word} {written(part)}", _joined((*parts[:place], *parts[place + 1 :]), join)


def _inside(parts: tuple[Condition, ...], join: Joined, edits: Edits) -> Iterator[Edit]:
    for place, part in enumerate(parts):
        for what, changed in edits(part):
            yield what, join((*parts[:place], changed, *parts[place + 1 :]))


def _joined(parts: tuple[Condition, ...], join: Joined) -> Condition:
    return parts[0] if len(parts) == 1 else join(parts)
