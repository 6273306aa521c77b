"""What the server refuses to start with."""

import sys
from ipaddress import ip_address

from django.conf import settings
from django.db import connection

from nowrongdoor.site import migrate
from nowrongdoor.web import clock


def refuse_unsafe() -> None:
    """Stop, with one sentence, rather than serve without the second lock or with an open picker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        [above] = cursor.fetchone()
    if above:
        sys.exit(
            "DATABASE_URL names a role that row-level security does not bind. "
            "Use one without SUPERUSER and BYPASSRLS."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        [owned] = cursor.fetchone()
    if owned:
        sys.exit(
            "DATABASE_URL names the role that owns the tables: it could take the walls down. "
            "Use another for serving, and this one as DATABASE_OWNER_URL."
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege(current_user, current_database(), 'TEMPORARY')"
        )
        [temporary] = cursor.fetchone()
    if temporary:
        sys.exit(
            "DATABASE_URL names a role that may make temporary tables, which stand before ours for "
            "every function; a copy of a database is like that. Run `nowrongdoor migrate` as its owner."
        )
    _refuse_a_plain_connection()
    _refuse_other_safeguards()
    if not settings.SYNTHETIC and clock.path().exists():
        sys.exit(
            f"{clock.path()} sets a clock that ran faster than ours: it belongs to a synthetic city. "
            "Use another folder, and another database, for real people."
        )
    if settings.SYNTHETIC and settings.SECURE:
        sys.exit("NWD_SYNTHETIC opens the demo's picker: never together with NWD_TLS.")
    if settings.FAILPOINT and not settings.SYNTHETIC:
        sys.exit("NWD_FAILPOINT kills the server on purpose: only with NWD_SYNTHETIC, for tests.")


def _refuse_other_safeguards() -> None:
    """Stop where the database does not keep what this version relies on, whatever its migrations say."""
    if different := migrate.differences():
        sys.exit(
            f"{len(different)} things in this database are not as this version's migrations make them: "
            f"{'; '.join(different[:3])}. Run `nowrongdoor migrate`, then `nowrongdoor verify`, as its owner."
        )


def _refuse_a_plain_connection() -> None:
    """Stop where what is said to the database could be heard on its way there."""
    encrypted, seen_from = reached()
    if not encrypted and seen_from is not None and not ip_address(seen_from).is_loopback:
        sys.exit(
            f"The database is on another machine, which sees this one as {seen_from}, and the connection is not "
            "encrypted. Add sslmode=verify-full and sslrootcert to DATABASE_URL."
        )


def reached() -> tuple[bool, str | None]:
    """Whether the connection is encrypted, and from where PostgreSQL sees it come; None by its own socket.

    PostgreSQL is asked, not the address: behind HAProxy on this machine it is elsewhere all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(s.ssl, false) OR coalesce(g.encrypted, false), host(inet_client_addr())
            FROM (SELECT pg_backend_pid() AS pid) here
            LEFT JOIN pg_stat_ssl s USING (pid) LEFT JOIN pg_stat_gssapi g USING (pid)"""
        )
        encrypted, seen_from = cursor.fetchone()
    return encrypted, seen_from
