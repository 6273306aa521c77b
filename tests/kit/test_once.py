"""Each act, asked twice by one key and by many at once, is done once.

A module says in `tests/<module>/full.py` how each of its acts is tried: `tried()` makes what it needs and
yields who acts, on what, and what they type. An act that nobody tries fails here.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.journal.models import Entry
from nowrongdoor.site.modules import MODULES
from tests.clients import Desk

pytestmark = pytest.mark.usefixtures("db")
AT_ONCE = 4
KEYS = count()
TRYING = [module for module in MODULES if module.acts is not None]


def entries() -> int:
    with act_as_task("feed"):
        return Entry.objects.count()


def leaves(module: str, name: str) -> bool:
    """Whether whoever acts is sent elsewhere."""
    [acts] = [each.acts for each in TRYING if each.name == module]
    assert acts is not None
    return acts.all[name].leaves


def tries(module: str) -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    found: Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]
    found = import_module(f"tests.{module}.full").tried()
    return found


def all_at_once(who: str, url: str, typed: dict[str, str], key: str) -> list[Any]:
    """The answers to the same asked by several windows of one person."""

    def ask(desk: Desk) -> Any:
        try:
            return desk.htmx(url, typed, key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, [Desk(who) for _ in range(AT_ONCE)]))


@pytest.mark.parametrize("module", [each.name for each in TRYING])
def test_an_act_is_done_once_however_often_and_by_however_many_at_once(module: str) -> None:
    asked = set()
    for who, name, ids, typed in tries(module):
        asked.add(name)
        url, key, before = reverse(f"{module}:{name}", kwargs=ids), str(next(KEYS)), entries()

        together, desk = all_at_once(who, url, typed, key), Desk(who)

        done = 204 if leaves(module, name) else 200
        assert {each.status_code for each in together} == {done}, (name, together[0].content)
        replayed = [each for each in together if "Idempotency-Replayed" in each]
        assert len(replayed) == AT_ONCE - 1, name
        once = entries() - before
        assert once > 0, name
        later = desk.htmx(url, typed, key)
        assert (later.status_code, later["Idempotency-Replayed"]) == (done, "true"), name
        reused = desk.htmx(url, typed | {"more": "x"}, key)
        assert (reused.status_code, entries() - before) == (409, once), name
        desk.htmx(url, typed, str(next(KEYS)))  # refused, or the same once more: never more
        assert entries() - before <= 2 * once, name

    [acts] = [each.acts for each in TRYING if each.name == module]
    assert acts is not None
    assert asked == set(acts.all), "each act is tried"
