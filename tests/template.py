"""`python -m tests.template`: the databases that tests copy, made in one process that ends with its connections."""

import os

import django
import psycopg

from nowrongdoor.site.cli import main


def made() -> None:
    """Migrated; a copy of that as `migrated`; then the Tucson community, and the static files."""
    django.setup()
    main(["migrate"], standalone_mode=False)
    let_go()
    with psycopg.connect(os.environ["NWD_TEST_ADMIN"], autocommit=True) as admin:
        admin.execute("CREATE DATABASE migrated TEMPLATE template OWNER nwd_owner")
    main(["load", "communities/tucson"], standalone_mode=False)
    main(["collect"], standalone_mode=False)
    let_go()


def let_go() -> None:
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's backend has it


if __name__ == "__main__":
    made()
