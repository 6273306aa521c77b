"""Bringing the database to this version. Runs as the owner; safe to run again."""

import sys

from django.conf import settings
from django.core.management import call_command

from nowrongdoor.rows import policies
from nowrongdoor.site import tables


def migrate() -> None:
    """Create or change tables, then give the app its verbs.

    Errors: SystemExit where owner and app are one role; whatever PostgreSQL says otherwise. Each
        migration is one transaction.
    """
    owner, app = (settings.DATABASES[name]["USER"] for name in ("owner", "default"))
    if owner == app:
        sys.exit(
            "DATABASE_OWNER_URL and DATABASE_URL name one role. The tables belong to the first, and "
            "row-level security binds the second: see docs/howto/production.md."
        )
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", "web_cache", database="owner", verbosity=0)
    tables.grant(policies.app_role())
