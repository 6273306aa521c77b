"""The `nowrongdoor` command without a process of its own: to start one takes longer than most commands do.

One test of each command starts it for real, as an operator does; what else is asked of it is asked here.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from click.testing import CliRunner


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended, and what it said: as of a process."""

    returncode: int
    stdout: str
    stderr: str


def nowrongdoor(database: str, *words: object, **more: str) -> Done:
    """What the command answers at this database, with `more` in its environment."""
    from nowrongdoor.site.cli import main

    at_term = signal.getsignal(signal.SIGTERM)
    try:
        with at_database(database), mock.patch.dict(os.environ, more):
            answer = CliRunner().invoke(main, [str(word) for word in words])
    finally:
        signal.signal(signal.SIGTERM, at_term)
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception  # where a process would have printed a traceback
    return Done(answer.exit_code, answer.stdout, answer.stderr)


@contextmanager
def at_database(name: str) -> Iterator[None]:
    """The app's and the owner's connections lead to this database, and afterwards to the test's own."""
    from django.conf import settings

    _let_go()
    before = {alias: dict(each) for alias, each in settings.DATABASES.items()}
    try:
        for each in settings.DATABASES.values():
            each["NAME"] = name
        yield
    finally:
        _let_go()
        for alias, each in before.items():
            settings.DATABASES[alias]["NAME"] = each["NAME"]


def _let_go() -> None:
    from django.db import connections

    from tests.conftest import stop_following

    connections.close_all()
    stop_following()
