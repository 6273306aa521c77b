"""Time for a journey: what is written down is moved into the past, so that nobody has to wait."""

import psycopg

from tests.browser.conftest import NAME, City
from tests.conftest import database_url

_BACK = "UPDATE {table} SET {column} = {column} - make_interval(secs => %s) WHERE {open}"


def hurry(_city: City, *, seconds: int) -> None:
    """Everybody who is on a line has been there for so much longer. As a superuser: no app may."""
    with psycopg.connect(database_url("admin", NAME), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            _BACK.format(table="calls_on_line", column="since_at", open="until_at IS NULL"),
            [seconds],
        )
