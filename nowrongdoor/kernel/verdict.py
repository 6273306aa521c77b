"""The one answer a rule gives, and the four ways a request can be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """A yes or a no, and the rule that gave it.

    `rule` is stable: it is returned by the API and named in tests. `sentence`
    is what staff read, with `{names}` filled from `values`; the edge translates
    it before filling. A Verdict has no truth value on purpose: ask `.allowed`.
    """

    allowed: bool
    rule: str
    sentence: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def because(self) -> str:
        return self.sentence.format_map(self.values)

    def __bool__(self) -> bool:
        raise TypeError("ask verdict.allowed")


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The request was understood, and a rule says no.

    `newer`: what somebody else wrote since the page was drawn, by the names that are sent; whoever has seen
    it, as of `version`, may write all the same.
    """

    def __init__(
        self, verdict: Verdict, newer: Mapping[str, str] | None = None, version: int | None = None
    ) -> None:
        super().__init__(verdict.because or verdict.rule)
        self.verdict, self.newer, self.version = verdict, newer, version


class NotPermitted(Refused):
    """The rule that says no is about who is asking."""


class NotFound(Refused):
    """There is no such record, or none that the one asking may know of."""


class BadInput(Refused):
    """Something that was typed or sent cannot be read; `field` says which."""

    def __init__(self, field: str, rule: str, sentence: str, **values: str) -> None:
        super().__init__(no(rule, sentence, **values))
        self.field = field


def yes(rule: str) -> Verdict:
    return Verdict(allowed=True, rule=rule)


def no(rule: str, sentence: str, **values: str) -> Verdict:
    """A no; `values` fill the `{names}` of the sentence, in any language."""
    return Verdict(allowed=False, rule=rule, sentence=sentence, values=values)


def require(verdict: Verdict, error: type[Refused] = Refused) -> None:
    """Do nothing on a yes; raise `error` carrying the verdict on a no."""
    if not verdict.allowed:
        raise error(verdict)
