"""A password that an administrator gave is marked, so that whoever signs in with it chooses another.

Lock: ACCESS EXCLUSIVE on agencies_member for a moment; a column with a constant default rewrites nothing.
Reverse: the column goes, and given passwords are kept like any other.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("agencies", "0001_tables")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="member",
            name="password_given",
            field=models.BooleanField(default=False),
        ),
    ]
