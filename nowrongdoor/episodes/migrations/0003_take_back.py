"""Taking back what one has just handed on; saying better what happened, and in which zone.

Lock: replacing a check takes ACCESS EXCLUSIVE on episodes_handoff while its rows are read once.
Reverse: the narrower check; it fails where somebody was taken back meanwhile.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

PURPOSES = ["transfer", "relief", "take", "assume", "join", "separate", "take_back"]


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(
        f"GRANT UPDATE (class_code, zone_id) ON episodes_episode TO {policies.app_role()}"
    )


def revoke(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    app = policies.app_role()
    editor.execute(f"REVOKE UPDATE (class_code, zone_id) ON episodes_episode FROM {app}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("episodes", "0002_holding_kept")]
    operations: ClassVar = [
        migrations.RemoveConstraint("handoff", "handoff_purpose_known"),
        migrations.AddConstraint(
            "handoff",
            models.CheckConstraint(
                condition=models.Q(purpose__in=PURPOSES), name="handoff_purpose_known"
            ),
        ),
        migrations.RunPython(grant, revoke),
    ]
