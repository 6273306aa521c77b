"""Time for a journey: what is written down is moved into the past, so that nobody has to wait."""

import psycopg

from tests.browser.conftest import NAME, City
from tests.conftest import database_url

_BACK = "UPDATE {table} SET {column} = {column} - make_interval(secs => %s) WHERE {open}"


def overdue(_city: City, kind: str, *, minutes: int = 0) -> None:
    """What of this kind was promised is due now; requests have waited for so much longer."""
    with psycopg.connect(database_url("admin", NAME), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        if minutes:
            admin.execute(
                "UPDATE dispatch_request SET queued_at = queued_at - make_interval(mins => %s), "
                "asked_at = asked_at - make_interval(mins => %s) WHERE queued_at IS NOT NULL",
                [minutes, minutes],
            )
        admin.execute(
            "UPDATE clocks_deadline SET due_at = now() - interval '1 second' "
            "WHERE kind = %s AND fired_at IS NULL AND cancelled_at IS NULL",
            [kind],
        )


def hurry(_city: City, *, seconds: int) -> None:
    """Everybody who is on a line has been there for so much longer. As a superuser: no app may."""
    with psycopg.connect(database_url("admin", NAME), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            _BACK.format(table="calls_participant", column="since_at", open="until_at IS NULL"),
            [seconds],
        )
