"""A version of the reference rows, so that servers may keep them in memory and still see a change at once.

The value is drawn by chance, never counted: after a restore a number could stand for other rows than
before it.
Lock: SHARE ROW EXCLUSIVE on four small tables that only `load` writes, for a moment.
Reverse: drops the triggers, their function and the table.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Func

from nowrongdoor.rows.reference import watched

CHANGED = """
CREATE FUNCTION reference_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE community_version SET value = gen_random_uuid();
    RETURN NULL;
END $$;
INSERT INTO community_version (id) VALUES (1);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("community", "0001_tables")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("value", models.UUIDField(db_default=Func(function="gen_random_uuid"))),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="community_one_version"
                    )
                ],
            },
        ),
        migrations.RunSQL(CHANGED, "DROP FUNCTION reference_changed()"),
        watched("community_community", "community_code", "community_zone", "community_setting"),
    ]
