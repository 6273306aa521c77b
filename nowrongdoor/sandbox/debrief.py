"""What the protocol expected of a practice call against what was done. Pure: a person draws the lesson."""

from collections.abc import Collection
from dataclasses import dataclass

from nowrongdoor.triage import rules
from nowrongdoor.triage.facts import Answers, Protocol, Question, Story


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was due: what the caller would say, and what was written down ('' for nothing)."""

    question: Question
    expected: str
    written: str

    @property
    def right(self) -> bool:
        return self.written == self.expected


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: whether the story calls for it, the screen said so, and it was done."""

    id: str
    expected: bool
    raised: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Debrief:
    asked: tuple[Asked, ...]
    level_expected: str
    level_shown: str
    rule: str
    duties: tuple[Duty, ...]

    @property
    def missing(self) -> tuple[Asked, ...]:
        """Questions that were due and were not asked, hard stops first as the protocol has them."""
        return tuple(each for each in self.asked if not each.written)

    @property
    def wrong(self) -> tuple[Asked, ...]:
        """Questions whose answer was written down otherwise than the caller would say."""
        return tuple(each for each in self.asked if each.written and not each.right)

    @property
    def as_expected(self) -> bool:
        undone = any(each.expected and not each.done for each in self.duties)
        return self.level_shown == self.level_expected and not self.wrong and not undone


def due(protocol: Protocol, story: Story) -> tuple[Question, ...]:
    """Every question that this caller is asked, in the order in which the screen brings them."""
    says = {**protocol.benign, **story.answers}
    given: dict[str, str] = {}
    found: list[Question] = []
    while coming := [
        each
        for each in sorted(rules.open_questions(protocol, given), key=lambda one: not one.hard_stop)
        if each.id not in given
    ]:
        for each in coming:
            given[each.id] = says[each.id]
            if not each.external:
                found.append(each)
    return tuple(found)


def compare(
    protocol: Protocol,
    story: Story,
    *,
    written: Answers,
    level: str,
    raised: Collection[str],
    done: Collection[str],
) -> Debrief:
    """Hold a practice call against its story.

    Shape: questions in the order of the screen; duties in the order of the protocol's file, without
    those that neither the story calls for nor the screen raised. `level` '' where nobody screened.
    """
    says = {**protocol.benign, **story.answers}
    return Debrief(
        asked=tuple(
            Asked(each, says[each.id], written.get(each.id, "")) for each in due(protocol, story)
        ),
        level_expected=story.level.value,
        level_shown=level,
        rule=story.rule,
        duties=tuple(
            Duty(
                each.id,
                each.id in story.duties,
                each.id in raised,
                done=each.id in done or each.when is None,
            )
            for each in protocol.duties
            if each.id in story.duties or each.id in raised
        ),
    )
