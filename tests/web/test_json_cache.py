"""Counts that all processes share: JSON, so that whoever can write a row there runs nothing (H7)."""

import base64
import pickle
import threading
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.urls import reverse

from tests.clients import Visitor

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
RAN: list[str] = []


def ran(word: str) -> int:
    RAN.append(word)
    return 1


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return ran, ("run",)


def planted(key: str) -> None:
    """As injected SQL would write it: by the app's own connection."""
    text = base64.b64encode(pickle.dumps(Hostile())).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_cache VALUES (%s, %s, now() + interval '1 hour')", [key, text]
        )


def test_a_row_that_somebody_planted_runs_nothing() -> None:
    RAN.clear()
    for n in range(5):
        planted(cache.make_key(f"guests:code:127.0.0.1:{n}"))
        planted(f":1:guests:code:127.0.0.1:{n}")  # where the pickles of earlier versions were

    guess = {"place": "sheriff911", "code": "12345678"}
    told = Visitor().post(reverse("guests:code"), guess)

    assert told.status_code == 429  # the rows were looked at: no seat is free
    assert RAN == []


def test_the_control_runs_it() -> None:
    RAN.clear()
    planted(":1:guests:code:127.0.0.1:0")

    DatabaseCache("web_cache", {}).get("guests:code:127.0.0.1:0")

    assert RAN == ["run"]


def test_what_is_no_json_is_not_kept() -> None:
    with pytest.raises(TypeError):
        cache.set("a", Hostile(), 60)


def test_it_keeps_what_is_kept_until_it_ends(admin: Admin) -> None:
    assert cache.get("a", 7) == 7
    assert cache.add("a", [1.5], 60) is True
    assert cache.add("a", [2.5], 60) is False
    assert cache.get_many(["a", "b"]) == {"a": [1.5]}

    admin.execute("UPDATE web_cache SET expires = now()")
    assert cache.get("a") is None
    assert cache.add("a", [3.5], 60) is True
    cache.set("a", [4.5], 60)
    assert cache.get("a") == [4.5]
    assert cache.delete("a") is True
    assert cache.delete("a") is False


def test_what_has_ended_goes_with_the_next_write(admin: Admin) -> None:
    for n in range(5):
        cache.set(f"old:{n}", n, 60)
    admin.execute("UPDATE web_cache SET expires = now()")

    cache.set("new", 1, 60)

    row = admin.execute("SELECT count(*) FROM web_cache").fetchone()
    assert row == (1,)


def test_of_several_at_once_one_adds_it() -> None:
    added: list[bool] = []

    def add() -> None:
        try:
            added.append(cache.add("seat", 1, 60))
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(added) == [False] * 7 + [True]
