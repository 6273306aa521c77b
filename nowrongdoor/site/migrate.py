"""Bringing the database to this version. Runs as the owner; safe to run again."""

from django.core.management import call_command

from nowrongdoor.rows import policies
from nowrongdoor.site import tables


def migrate() -> None:
    """Create or change tables, then give the app its verbs.

    Errors: whatever PostgreSQL says; each migration is one transaction.
    """
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", database="owner", verbosity=0)
    tables.grant(policies.app_role())
