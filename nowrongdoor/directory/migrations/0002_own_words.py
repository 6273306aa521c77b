"""How full a place is, everybody who acts for a program may read: it is about no person.

A program writes in its own name and its own member's; of a place that it does not run, only what it
was told by somebody there. Nobody changes or deletes what was said: neither verb is granted.

Lock: new table, nothing waits.
Reverse: drops the policies.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows import policies

ACTING = f"{policies.PROGRAM} IS NOT NULL"
RUNS_IT = (
    "EXISTS (SELECT FROM directory_facility f "
    f"WHERE f.id = facility_id AND f.program_id = {policies.PROGRAM})"
)
IN_ITS_NAME = (
    f"agency_id = {policies.AGENCY} AND program_id = {policies.PROGRAM} "
    f"AND member_id = {policies.MEMBER} AND (told_by <> '' OR {RUNS_IT})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("directory", "0001_tables")]
    operations: ClassVar = [
        policies.protect("directory_capacity", {"SELECT": ACTING, "INSERT": IN_ITS_NAME}),
        policies.owner_may(
            "directory_capacity", "SELECT", "verify counts rows against constraints"
        ),
    ]
