"""Which levels were lowered is found without reading every screening.

Lock: SHARE while it is built: writes to the table wait as long.
Reverse: drops it.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("triage", "0002_kept")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="screening",
            index=models.Index(
                condition=models.Q(("cause", "lowered")), fields=["at"], name="screening_lowered"
            ),
        ),
    ]
