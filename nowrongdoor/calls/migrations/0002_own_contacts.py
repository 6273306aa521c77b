"""A contact is seen by the program that took it.

Lock: new table, nothing waits.
Reverse: drops the policies.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows import policies

OURS = f"program_id = {policies.PROGRAM}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("calls", "0001_tables")]
    operations: ClassVar = [
        policies.protect("calls_contact", {"SELECT": OURS, "INSERT": OURS, "UPDATE": OURS}),
        policies.owner_may("calls_contact", "SELECT", "verify counts rows against constraints"),
    ]
