"""A triage protocol, and what it answers. Nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from nowrongdoor.kernel.conditions import Condition
from nowrongdoor.kernel.words import _

YES, NO, UNKNOWN = "Y", "N", "U"
YNU = (YES, NO, UNKNOWN)

Words = Mapping[str, str]
"""One thing said in several languages: language to text."""

Answers = Mapping[str, str]
"""Question to value. A question that is missing has not been asked."""


class Level(StrEnum):
    """What the person needs. E and 4 are not ordered against each other; X is outside."""

    MEDICAL = "E"
    DANGER = "4"
    PAIR = "3B"
    TEAM = "3A"
    LINE = "2"
    REFERRAL = "1"
    STANDARD = "X"


TOP = frozenset({Level.MEDICAL, Level.DANGER})

LEVEL_WORDS = {
    Level.MEDICAL: _("Medical emergency: ambulance first"),
    Level.DANGER: _("Police now, counselor stays on the line"),
    Level.PAIR: _("Co-responder, or mobile team with police staged"),
    Level.TEAM: _("Mobile crisis team"),
    Level.LINE: _("Crisis line"),
    Level.REFERRAL: _("Information or referral"),
    Level.STANDARD: _("Standard protocol"),
}


class _Axis(StrEnum):
    """Ordered as written, from nothing to everything; never by the alphabet."""

    @property
    def place(self) -> int:
        return list(type(self)).index(self)

    def __lt__(self, other: str) -> bool:
        return self.place < type(self)(other).place

    def __le__(self, other: str) -> bool:
        return self.place <= type(self)(other).place

    def __gt__(self, other: str) -> bool:
        return self.place > type(self)(other).place

    def __ge__(self, other: str) -> bool:
        return self.place >= type(self)(other).place


class Police(_Axis):
    NONE = "none"
    AWARE = "aware"
    STAGED = "staged"
    NOW = "now"


class Ems(_Axis):
    NONE = "none"
    STAGED = "staged"
    NOW = "now"


class Clinical(_Axis):
    REFER = "refer"
    LINE = "line"
    TEAM = "team"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Question:
    """`says` names every value. `external`: the community's settings answer, not the caller."""

    id: str
    values: tuple[str, ...]
    benign: str
    ask: Words
    says: Mapping[str, Words]
    hard_stop: bool = False
    always: bool = False
    external: bool = False
    ask_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """`floor`: it counts only where it gives the level, not beside another rule that does."""

    id: str
    level: Level
    when: Condition
    says: Words
    floor: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """`blocks_release`: no one leaves the line before it is done. `when` None: it is due at 4 and E
    where a rule that counts asks for a team or a pair (a clinician joins when it is safe)."""

    id: str
    when: Condition | None
    says: Words
    blocks_release: bool = False
    for_crews: bool = False
    """Told to whoever sends and to whoever goes."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """Where `when` holds, one of these does: a level, a duty, or a place on one axis of the response.
    At X the agency's own protocol decides, so there no axis is asked for."""

    id: str
    text: str
    when: Condition
    level_in: tuple[Level, ...] = ()
    duty_any: tuple[str, ...] = ()
    police_in: tuple[Police, ...] = ()
    ems_in: tuple[Ems, ...] = ()
    clinical_in: tuple[Clinical, ...] = ()


@dataclass(frozen=True, slots=True)
class Axes:
    """What should go, on each of the protocol's axes."""

    police: Police = Police.NONE
    ems: Ems = Ems.NONE
    clinical: Clinical = Clinical.REFER


@dataclass(frozen=True, slots=True)
class Response(Axes):
    """What goes. `standard`: the agency's own protocol decides instead."""

    standard: bool = False


@dataclass(frozen=True, slots=True)
class Approver:
    role: str
    name: Words


@dataclass(frozen=True, slots=True)
class Story:
    """A call that was walked through. What it does not name was answered, and was benign.
    `response` None: the story does not say what goes."""

    id: str
    story: str
    answers: Answers
    level: Level
    rule: str
    duties: tuple[str, ...]
    response: Response | None = None


@dataclass(frozen=True, slots=True)
class Exempt:
    """A mutation that nobody notices, and why that does no harm."""

    mutation: str
    because: str


@dataclass(frozen=True, slots=True)
class Lowers:
    """Calls for which this version gives less than an earlier one, on purpose, and why."""

    than: str
    when: Condition
    because: str


@dataclass(frozen=True, eq=False)
class Protocol:
    """One version of a community's protocol. `raises`: what a duty adds to the response.

    Compared by identity: what is compiled from it is kept beside it.
    """

    id: str
    version: str
    status: str
    source: str
    questions: tuple[Question, ...]
    levels: tuple[LevelRule, ...]
    duties: tuple[Duty, ...]
    invariants: tuple[Invariant, ...]
    responses: Mapping[Level, Response]
    raises: Mapping[str, Response]
    approvers: tuple[Approver, ...]
    stories: tuple[Story, ...]
    exceptions: tuple[Exempt, ...] = ()
    minimum: tuple[str, ...] = ()
    """Asked of every call, beside the hard stops, before its level is more than *so far*."""
    risk_order: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """Which answer is worse: for each question chains of its values, from better to worse."""
    lowers: tuple[Lowers, ...] = ()
    if_lost: Condition | None = None
    """Where it holds, a caller who is lost is looked for at once, not tried again in an hour."""

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def hard_stops(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.hard_stop)

    @cached_property
    def screened_by(self) -> tuple[Question, ...]:
        """The hard stops, then the rest of the minimum: until each was asked, the level is so far."""
        minimum = (self.by_id[id] for id in self.minimum)
        return (*self.hard_stops, *(each for each in minimum if not each.hard_stop))

    @cached_property
    def least(self) -> Answers:
        """The least that each question can say. Benign is what counts where it was not asked, and may
        be more: whoever was not asked is taken to talk and to have a need."""
        return {each.id: self._least(each) for each in self.questions}

    def _least(self, question: Question) -> str:
        chains = self.risk_order.get(question.id, ())
        worse = {value for chain in chains for value in chain[1:]}
        starts = [chain[0] for chain in chains if chain[0] not in worse]
        return question.benign if question.benign in starts or not starts else starts[0]

    @cached_property
    def benign(self) -> Answers:
        return {question.id: question.benign for question in self.questions}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say now. `unasked`: what must still be asked; until then it is provisional."""

    level: Level
    rule: str
    duties: tuple[str, ...] = ()
    response: Response = field(default_factory=Response)
    provisional: bool = False
    unasked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CurrentLevel:
    """The level that stands, and what it asks for. What was really sent is another fact."""

    level: Level
    response: Response


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What becomes of a caller whom the line does not answer. Police come by a person's key."""

    keep: bool
    recommend_police: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing the proof looked at. `because` says, in words, which call breaks it."""

    kind: str
    id: str
    text: str
    holds: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    protocol: str
    claims: tuple[Claim, ...]

    @property
    def failures(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if not claim.holds)

    @property
    def holds(self) -> bool:
        return not self.failures


class Fate(StrEnum):
    """What became of a mutation. The last two fail the check."""

    NOTICED = "noticed"
    SAME = "changes nothing"
    EXEMPT = "exempt"
    MISSED = "nobody notices"
    STALE = "exempt without need"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule dropped or weakened. `by` names who notices; `because` is the exception or a call."""

    name: str
    fate: Fate
    by: tuple[str, ...] = ()
    because: str = ""

    @property
    def passes(self) -> bool:
        return self.fate not in (Fate.MISSED, Fate.STALE)
