"""The database's engine. What differs from Django's: what a pooled connection that died meanwhile costs.

A server that ends a connection (restarted, killed, handed over to another) closes it, and that is seen
here without asking: there is something to read on it, unasked. Only a server that vanished without a word
leaves nothing: so a connection that nobody was given for `ASKED_AGAIN_S` is asked as well. Where it ends
just then, its first statement is made again on another: with that one nothing had begun.
"""

import select
from collections.abc import Callable
from time import monotonic
from typing import Any, ClassVar

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.errors import AdminShutdown, CrashShutdown
from psycopg_pool import ConnectionPool

ASKED_AGAIN_S = 1.0
AGAIN = 3
"""How often. While a server ends its connections, another may be one of those that are about to end."""
ENDED = (AdminShutdown, CrashShutdown)


class Pool(ConnectionPool[Connection[Any]]):
    """Hands out what lives. Its own `check` asks each time, and waits longer and longer between dead ones."""

    def getconn(self, timeout: float | None = None) -> Connection[Any]:
        """Errors: PoolTimeout where none that lives comes in time."""
        until = monotonic() + (self.timeout if timeout is None else timeout)
        while not lives(found := super().getconn(until - monotonic())):
            found.close()
            self.putconn(found)  # which has another made in its place
        return found


class DatabaseWrapper(base.DatabaseWrapper):
    _connection_pools: ClassVar[dict[str, Pool]]  # Django's: its stubs lack both
    _configure_connection: Callable[[Connection[Any]], None]
    untried = False
    """Whether no statement was made yet on the connection that was handed out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._made_again)

    @property
    def pool(self) -> Pool | None:
        """As Django's own, which has no other way to be given a pool."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options:
            return None
        if self.alias not in self._connection_pools:
            asked = self.get_connection_params() | {"autocommit": True}
            made = Pool(kwargs=asked, open=False, configure=self._configure_connection, **options)
            self._connection_pools.setdefault(self.alias, made)  # another thread's may be first
        return self._connection_pools[self.alias]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        self.untried = self.pool is not None
        found: Connection[Any] = super().get_new_connection(conn_params)
        return found

    def _made_again(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's signature
        context: dict[str, Any],
    ) -> Any:
        untried, self.untried = self.untried, False
        nothing_begun = untried and (self.in_atomic_block or sql.lstrip().startswith("SELECT"))
        for _ in range(AGAIN if nothing_begun else 0):
            try:
                return execute(sql, params, many, context)
            except OperationalError as error:
                if not (self.connection.closed or isinstance(error.__cause__, ENDED)):
                    raise
            self._take_another()
            context["cursor"].cursor = self.create_cursor()
        return execute(sql, params, many, context)

    def _take_another(self) -> None:
        """In place of the one that was lost, in the same state. Errors: OperationalError where none comes."""
        autocommit = self.autocommit
        self.connection.close()
        self._close()  # type: ignore[attr-defined]  # once: the pool counts what comes back
        self.closed_in_transaction = self.needs_rollback = self.in_atomic_block
        with self.wrap_database_errors:
            self.connection = self.get_new_connection(self.get_connection_params())
        self.connection.autocommit = autocommit
        self.closed_in_transaction = self.needs_rollback = False
        self.untried = self.errors_occurred = False


def lives(connection: Connection[Any]) -> bool:
    at, before = monotonic(), getattr(connection, "given_at", 0.0)
    try:
        if at - before > ASKED_AGAIN_S or speaks(connection):
            ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    connection.given_at = at  # type: ignore[attr-defined]  # ours
    return True


def speaks(connection: Connection[Any]) -> bool:
    """Whether there is anything to read that was not asked for: a last word, or the end."""
    looked = select.poll()
    looked.register(connection.fileno(), select.POLLIN)
    return bool(looked.poll(0))
