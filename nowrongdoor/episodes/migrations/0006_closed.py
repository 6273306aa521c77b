"""What is not closed, and what was since yesterday, is found without reading all that is over.

Lock: SHARE while they are built: writes to the table wait as long.
Reverse: drops them.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("episodes", "0005_offered_by_team")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["id"], name="episode_not_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["closed_at"],
                name="episode_closed",
            ),
        ),
    ]
