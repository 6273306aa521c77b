"""A remembered answer is seen by the member who asked, and by nobody else; old ones are forgotten.

Lock: new table, nothing waits.
Reverse: drops the policies.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows import policies

MINE = f"member_id = {policies.MEMBER}"
# Deleting finds its rows by the SELECT policy too; 30 days is the least that anything is kept.
OLD = f"{policies.TASK} = 'forget' AND asked_at < now() - interval '30 days'"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("web", "0001_tables")]
    operations: ClassVar = [
        policies.protect(
            "web_answer",
            {"SELECT": f"{MINE} OR {OLD}", "INSERT": MINE, "UPDATE": MINE, "DELETE": OLD},
        ),
        policies.owner_may("web_answer", "SELECT", "verify counts rows against constraints"),
    ]
