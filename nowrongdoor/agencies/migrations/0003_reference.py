"""A change of agencies, programs or routes is a new version of the reference rows.

Lock: SHARE ROW EXCLUSIVE on three small tables that only `load` writes, for a moment.
Reverse: drops the triggers.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows.reference import watched


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("agencies", "0002_given_password"),
        ("community", "0002_version"),
    ]
    operations: ClassVar = [watched("agencies_agency", "agencies_program", "agencies_route")]
