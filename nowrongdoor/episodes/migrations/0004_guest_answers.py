"""Who is no user answers by their own hand: accepts, or declines by name.

Lock: a column with a constant default rewrites nothing; replacing a check takes ACCESS EXCLUSIVE
on episodes_handoff while its rows are read once.
Reverse: drops the column and narrows the check again; it fails where a guest declined meanwhile.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

DECLINED = Q(declined_at=None) | (
    (Q(declined_by__isnull=False) | ~Q(attested_name="")) & ~Q(reason="")
)
NAMED = Q(guest=False) | (Q(accepted_by=None, declined_by=None) & ~Q(attested_name=""))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("episodes", "0003_take_back")]
    operations: ClassVar = [
        migrations.AddField(
            "handoff", "guest", models.BooleanField(default=False, db_default=False)
        ),
        migrations.RemoveConstraint("handoff", "handoff_declined_with_reason"),
        migrations.AddConstraint(
            "handoff",
            models.CheckConstraint(condition=DECLINED, name="handoff_declined_with_reason"),
        ),
        migrations.AddConstraint(
            "handoff", models.CheckConstraint(condition=NAMED, name="handoff_guest_gives_name")
        ),
    ]
