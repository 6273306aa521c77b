"""A disclosure table, what it is asked, and what it answers. Nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nowrongdoor.kernel.conditions import FLAG, Compare, Condition
from nowrongdoor.kernel.verdict import Verdict

AGREEMENT = Compare("agreement", FLAG[1:], among=True)
NONE = "none"
"""The row of an answer that no row gave."""


class Duty(StrEnum):
    """What whoever tells has to do besides. A table names these; what each means is code."""

    MINIMUM = "minimum"
    ACCOUNT = "account"
    AUDIT = "audit"
    NOTICE = "notice"
    COPY = "copy"
    EXPIRES = "expires"
    SECOND_PERSON = "second_person"
    OFFICER_72H = "officer_72h"
    LOG_WHO_WHEN_WHY = "log_who_when_why"
    SUPPRESS = "suppress"


class Basis(StrEnum):
    NONE_NEEDED = "N"
    AGREEMENT = "A"
    RELEASE = "R"
    PART_2_CONSENT = "P"
    COURT = "C"
    EMERGENCY = "E"
    LAW = "L"
    CUSTODY = "K"


@dataclass(frozen=True, slots=True)
class Asked:
    """One disclosure that somebody would make. `facts`: those that are true of it."""

    data: str
    sender: str
    recipient: str
    purpose: str
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a row speaks of, every name written out. `same`: only where sender and recipient are of one kind."""

    data: frozenset[str]
    senders: frozenset[str]
    recipients: frozenset[str]
    purposes: frozenset[str]
    same: bool = False


@dataclass(frozen=True, slots=True)
class Deny:
    id: str
    scope: Scope
    because: str
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    id: str
    scope: Scope
    needs: Condition
    fields: tuple[str, ...]
    duties: tuple[Duty, ...]
    basis: Basis
    because: str = ""
    source: str = ""
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Invariant:
    """What holds of everything that is allowed: `never` this, or where `when`, `any` or all of these duties."""

    id: str
    text: str
    never: Condition | None = None
    when: Condition | None = None
    duty_any: tuple[Duty, ...] = ()
    duty_all: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """One disclosure that must be possible, or must not."""

    text: str
    asked: Asked
    works: bool


@dataclass(frozen=True, eq=False)
class Table:
    """A community's disclosure rules. `data`: class to its code, D1 to D14; `facts`, `fields`: name to words.

    A table is equal to itself alone, so that what is compiled of it is found at once.
    """

    id: str
    version: str
    data: Mapping[str, str]
    kinds: tuple[str, ...]
    recipients_only: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    purposes: tuple[str, ...]
    facts: Mapping[str, str]
    fields: Mapping[str, str]
    deny: tuple[Deny, ...]
    allow: tuple[Allow, ...]
    signed_off: frozenset[str]
    invariants: tuple[Invariant, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        return self.kinds + self.recipients_only

    @cached_property
    def rows(self) -> "tuple[Deny | Allow, ...]":
        """In the order in which they decide."""
        return (*self.deny, *self.allow)

    def counts(self, row: Allow) -> bool:
        """Whether a row decides: counsel has settled it, or the community has signed it off."""
        return row.settled or row.id in self.signed_off


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the table answers. `verdict` says it in words; `fields` are groups; `passed_over`: rows that would
    have decided, had counsel settled them."""

    verdict: Verdict
    row: str
    fields: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    basis: Basis | None = None
    passed_over: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.verdict.allowed


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was looked at for every possible disclosure. `because` shows why it fails; '' where it holds."""

    kind: str
    id: str
    text: str
    because: str = ""

    @property
    def holds(self) -> bool:
        return not self.because
