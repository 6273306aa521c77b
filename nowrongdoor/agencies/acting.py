"""Saying to the database who is asking. Row-level security answers to nothing else."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache, partial, wraps
from typing import Any, ParamSpec, TypeVar, cast, overload
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from nowrongdoor.agencies import actors
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import NOBODY, may
from nowrongdoor.community.queries import CODES
from nowrongdoor.community.remembered import VERSION, at_version
from nowrongdoor.journal import entries
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Verdict, no, require
from nowrongdoor.rows.locks import retried
from nowrongdoor.web.counts import COMMANDS
from nowrongdoor.web.fields import can_be_shown
from nowrongdoor.web.inputs import inputs_of

P = ParamSpec("P")
R = TypeVar("R")

_SET = (
    f"SELECT {VERSION}, set_config('nwd.agency', %s, true), set_config('nwd.program', %s, true), "
    "set_config('nwd.member', %s, true), set_config('nwd.task', %s, true)"
)
_Context = tuple[str, str, str, str]
_NOBODY: _Context = ("", "", "", "")
_current: ContextVar[_Context | None] = ContextVar("acting", default=None)
_ran: ContextVar[list[str]] = ContextVar("ran")  # the commands of this transaction
ENDED = no(
    "access.ended_meanwhile", "Your access here ended before this was done. Nothing was changed."
)
FAILPOINTS = ("before_body", "after_body", "before_commit", "after_commit")


@contextmanager
def act_as(by: Actor) -> Iterator[None]:
    """Open a transaction in which the database sees `by`'s program and no other.

    Inside another `acting` of the same member and program it only passes through: no savepoint,
    so a command called by a command shares its transaction. Under any other it raises: one
    transaction never sees two programs, and is never two people's.
    """
    with _as(_context(by), by):
        yield


@contextmanager
def act_as_piped(by: Actor) -> Iterator[None]:
    """The same, but statements go out without waiting for the answers of those before.

    For a hot command that reads nothing of what it writes. An error of a statement comes out at the
    next answer that somebody reads, or at the commit; nothing is committed then. `save(update_fields)`
    and whatever else asks how many rows it changed fails loudly here: use `acting` for those.
    """
    with _as(_context(by), by, piped=True):
        yield


@contextmanager
def act_as_anonymous() -> Iterator[None]:
    """Before anybody has signed in: no program's rows can be seen."""
    with _as(_NOBODY):
        yield


@contextmanager
def act_as_task(task: str) -> Iterator[None]:
    """A step of the machinery that belongs to no program.

    `task` names it for the few policies that know it: "sequencer" and "feed" read journal
    entries, "sequencer" seals them, "forget" deletes remembered answers that are old. "live" and
    "sweep" see no row: they ask narrow functions who may see an episode, and what is due where.
    """
    with _as(("", "", "", task)):
        yield


def _context(by: Actor) -> _Context:
    return str(by.agency_id), str(by.program_id), str(by.asks_as or ""), ""


@contextmanager
def _as(context: _Context, by: Actor | None = None, *, piped: bool = False) -> Iterator[None]:
    outer = _current.get()
    if outer is not None:
        if outer != context:
            raise RuntimeError("one transaction acts for one program: finish the first one")
        yield
        return
    names: list[str] = []
    with _pipeline() if piped else nullcontext(), transaction.atomic():
        token, ran = _current.set(context), _ran.set(names)
        try:
            with at_version(_tell(context)), entries.together():
                yield
            _require_still(by, names)
            _die_at("before_commit", *names)
        finally:
            _ran.reset(ran)
            _current.reset(token)
            _forget()
    _die_at("after_commit", *names)


def _require_still(by: Actor | None, ran: list[str]) -> None:
    """Refuse what commands did for somebody whose access ended while they waited (H12)."""
    undone = (
        connection.needs_rollback
    )  # whoever answered a no has undone it: nothing is left to refuse
    if by is not None and ran and not undone and not actors.still_acting(by):
        raise NotPermitted(ENDED)


def _pipeline() -> AbstractContextManager[object]:
    connection.ensure_connection()
    pipeline: AbstractContextManager[object] = connection.connection.pipeline()
    return pipeline


def _tell(context: _Context) -> Callable[[], UUID]:
    """Say who asks. The same statement answers the version of the reference rows, to whoever asks."""
    cursor = connection.cursor()
    cursor.execute(_SET, context)

    def version() -> UUID:
        with cursor:
            value: UUID = cursor.fetchone()[0]
        return value

    return cache(version)


def _forget() -> None:
    """Inside a wider transaction (tests) a local setting would outlive this block."""
    wider = len(connection.savepoint_ids) > 0 or len(connection.atomic_blocks) > 1
    if wider and not connection.needs_rollback:
        _tell(_NOBODY)


Needs = Action | tuple[Action, ...] | None
"""What the role of whoever acts must be granted: one action, or any one of several."""


@overload
def command(change: Callable[P, R]) -> Callable[P, R]: ...
@overload
def command(*, needs: Needs) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def command(change: Callable[..., Any] | None = None, *, needs: Needs = None) -> Any:
    """Mark one change: keyword-only, `by` and `at` given, one transaction.

    Every public function of a `commands.py` carries it (a test looks). First the role is asked for
    `needs`, which the page and the API ask too; `at` is a time that every page can show; then each text is taken as its field keeps it, and each
    field of the signature (`web.fields`) has its say about what was given; then the body locks, asks its rules, changes and records. Where the
    database ended it for another's sake, the whole of it is done again (`rows.locks.retried`).
    """
    if change is None:
        return partial(_command, needs=needs)
    return _command(change, needs=needs)


def _command(change: Callable[P, R], *, needs: Needs) -> Callable[P, R]:
    name = f"{change.__module__}.{change.__qualname__}"
    short = f"{change.__module__.split('.')[1]}.{change.__qualname__}"

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs["by"]
        if not isinstance(by, Actor):
            raise TypeError("a command needs by=Actor")
        if "at" in kwargs and not can_be_shown(kwargs["at"]):
            raise BadInput("at", "time.unreadable", "Enter a date and a time.")
        if _current.get() is not None:  # whoever opened the transaction begins it again
            return once(*args, **kwargs)
        return retried(once, *args, **kwargs)

    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        by = cast("Actor", kwargs["by"])
        with COMMANDS.labels(short).time(), act_as(by):
            _ran.get().append(name)
            _die_at("before_body", name)
            require_role(by, needs)
            inputs = inputs_of(change)
            given = inputs.kept(kwargs)
            inputs.check(given, CODES)
            done = change(*args, **given)
            _die_at("after_body", name)
        return done

    run.needs = needs  # type: ignore[attr-defined]  # read by kit.acts
    return run


def require_role(by: Actor, needs: Needs) -> None:
    """Refuse whoever's role is granted none of these; None asks for nothing."""
    if not granted(by, needs):
        require(_answers(by, needs)[0], NotPermitted)


def granted(by: Actor, needs: Needs) -> bool:
    """Whether the role of `by` is granted any of these; None asks for nothing."""
    return needs is None or any(answer.allowed for answer in _answers(by, needs))


def _answers(by: Actor, needs: Needs) -> list[Verdict]:
    actions = needs if isinstance(needs, tuple) else (needs,)
    return [may(by, each) for each in actions if each is not None]


def _die_at(point: str, *names: str) -> None:
    """Kill this process where NWD_FAILPOINT says `command:point`: tests look at what is left.

    The commit is that of the whole transaction, whoever opened it.
    """
    if settings.FAILPOINT and settings.FAILPOINT in {f"{name}:{point}" for name in names}:
        os.kill(os.getpid(), signal.SIGKILL)


def named(by: Actor) -> UUID:
    """The member who acts. Errors: NotPermitted where nobody does (a timer, a queue)."""
    if by.member_id is None:
        raise NotPermitted(NOBODY)
    return by.member_id
