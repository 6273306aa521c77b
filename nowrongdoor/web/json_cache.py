"""Django's cache in the database, of plain JSON: what is read there makes no object and runs nothing.

Django's own keeps pickles, and whoever may write one row of them runs code in every server process
(H7). Kept are counts and times: allauth's limits, and those of spoken codes. They must hold across
processes, and lie in the table `web_cache`, which `migrate` makes.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

_READ = """
SELECT cache_key, value FROM web_cache WHERE cache_key = ANY(%(keys)s) AND expires > clock_timestamp()
"""
# What has expired goes a few at a time, with each write; never the row that is being written.
_WRITE = """
WITH old AS (
    DELETE FROM web_cache WHERE cache_key IN (
        SELECT cache_key FROM web_cache WHERE expires <= clock_timestamp() AND cache_key <> %(key)s
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO web_cache (cache_key, value, expires)
VALUES (%(key)s, %(value)s, clock_timestamp() + make_interval(secs => %(s)s))
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
WHERE %(over)s OR web_cache.expires <= clock_timestamp()
RETURNING cache_key
"""
_DELETE = "DELETE FROM web_cache WHERE cache_key = ANY(%(keys)s) RETURNING cache_key"
_CLEAR = "DELETE FROM web_cache"


class JsonCache(BaseCache):
    """As `BaseCache` says, but that a value is JSON: TypeError for anything else, and a row that is none is not there.

    One statement each. Nothing is kept for ever.
    """

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        made = {self.make_and_validate_key(key, version): key for key in keys}
        rows = _run(_READ, {"keys": list(made)})
        read = ((made[key], _read(text)) for key, text in rows)
        return {key: value for key, value in read if value is not None}

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._write(key, value, timeout, version, over=True)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._write(key, value, timeout, version, over=False)

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(_run(_DELETE, {"keys": [self.make_and_validate_key(key, version)]}))

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        _run(_DELETE, {"keys": [self.make_and_validate_key(key, version) for key in keys]})

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CLEAR)

    def _write(
        self, key: str, value: Any, timeout: Any, version: int | None, *, over: bool
    ) -> bool:
        given = {
            "key": self.make_and_validate_key(key, version),
            "value": json.dumps(value),
            "s": self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout,
            "over": over,
        }
        return bool(_run(_WRITE, given))


def _run(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
