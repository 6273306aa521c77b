"""A community's kinds of case, and what is asked of one case. Nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

Words = Mapping[str, str]
"""A name in each language of the community."""


class Named(Protocol):
    """Anything that the community's file gives a code and a name."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> Words: ...


class Then(StrEnum):
    """What follows from the result of a try."""

    DONE = "done"  # the task is done
    AGAIN = "again"  # it counts as a try; another one is owed
    TELL = "tell"  # the same, and the program's supervisor is told at once
    STOP = "stop"  # every open task of the case stops, kindly


class Need(StrEnum):
    """What an outcome asks for before a case is closed by it."""

    REASON = "reason"
    DONE = "done"  # no task is open
    TRIES = "tries"  # of each task that is open, every try was made


@dataclass(frozen=True, slots=True)
class State:
    """`pauses`: while a case is in it, clocks that may be paused do not run."""

    code: str
    name: Words
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What may come of a try. `to`: the state to which the case goes by it; '' where it stays."""

    code: str
    name: Words
    then: Then
    to: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    code: str
    name: Words
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One thing that a plan owes. `opens`, `due`: clocks of the community's; '': it is open from the start."""

    code: str
    name: Words
    due: str
    tries: int
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    code: str
    name: Words
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a case, and whose it becomes. `levels` empty: whatever the level. Programs as agency/program."""

    event: str
    senders: frozenset[str]
    levels: frozenset[str]
    to: str
    plan: str
    basis: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`untaken`: the clock by which the program's supervisor is told that nobody took a case."""

    code: str
    name: Words
    owners: frozenset[str]
    untaken: str
    first: str
    states: Mapping[str, State]
    moves: frozenset[tuple[str, str]]
    results: Mapping[str, Result]
    outcomes: Mapping[str, Outcome]
    plans: Mapping[str, Plan]
    opened_by: tuple[Opening, ...]


@dataclass(frozen=True, eq=False)
class Book:
    """All kinds of a community. A book is equal to itself alone."""

    id: str
    version: str
    kinds: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One task of a case, as the rules ask it. `tried`: how many tries were made."""

    id: UUID
    due_at: datetime
    tries: int
    tried: int
    over: bool


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """`member_id` None: it waits in the program's queue, and its supervisor answers."""

    program_id: UUID
    member_id: UUID | None
    state: str
    closed: bool
    tasks: tuple[TaskFacts, ...] = ()
