"""A remembered answer is seen by the member who asked, and by nobody else.

Lock: new table, nothing waits.
Reverse: drops the policies.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows import policies

MINE = f"member_id = {policies.MEMBER}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("web", "0001_tables")]
    operations: ClassVar = [
        policies.protect("web_answer", {"SELECT": MINE, "INSERT": MINE, "UPDATE": MINE}),
        policies.owner_may("web_answer", "SELECT", "verify counts rows against constraints"),
    ]
