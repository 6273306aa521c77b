"""Kinds of transfer that whoever is with the person may offer, for the holder: a drop-off at a door.

Lock: a column with a constant default; no row is rewritten.
Reverse: drops the column; such kinds are then offered by the holder alone.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("episodes", "0004_guest_answers")]
    operations: ClassVar = [
        migrations.AddField(
            "kind", "by_team", models.BooleanField(default=False, db_default=False)
        ),
    ]
