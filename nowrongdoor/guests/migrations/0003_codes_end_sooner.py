"""A spoken code ends sooner than its link: six digits can be guessed, an address cannot.

`guests_by_code` says until when the code opens, in the column in which it said the link's end: who
types a code meets one answer, whether it is unknown or too old. A code that was told before this
migration opens nothing after it; its address does.

Lock: the new column takes ACCESS EXCLUSIVE on guests_link for an instant; no row is rewritten.
Reverse: a code lives as long as its link again.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q

# Written once for the links that are there: as the owner, and past the trigger that lets no answer change.
COLUMN = """
ALTER TABLE guests_link ADD COLUMN code_expires_at timestamptz;
ALTER TABLE guests_link NO FORCE ROW LEVEL SECURITY;
ALTER TABLE guests_link DISABLE TRIGGER guests_answer_stands;
UPDATE guests_link SET code_expires_at = least(expires_at, made_at + interval '30 minutes');
ALTER TABLE guests_link ENABLE TRIGGER guests_answer_stands;
ALTER TABLE guests_link FORCE ROW LEVEL SECURITY;
ALTER TABLE guests_link ALTER COLUMN code_expires_at SET NOT NULL;
"""
BY_CODE = """
CREATE OR REPLACE FUNCTION guests_by_code(digest text) RETURNS TABLE (
    id uuid, agency_id uuid, program_id uuid, handoff_id uuid,
    expires_at timestamptz, ended_at timestamptz, answered_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.id, l.agency_id, l.program_id, l.handoff_id, l.{until}, l.ended_at, l.answered_at
    FROM guests_link l WHERE l.code_digest = digest AND l.answered_at IS NULL AND l.ended_at IS NULL
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("guests", "0002_own_links")]
    operations: ClassVar = [
        migrations.RunSQL(
            COLUMN,
            "ALTER TABLE guests_link DROP COLUMN code_expires_at",
            state_operations=[
                migrations.AddField("link", "code_expires_at", models.DateTimeField())
            ],
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=Q(code_expires_at__gt=F("made_at")),
                name="link_code_expires_after_it_is_made",
            ),
        ),
        migrations.RunSQL(
            BY_CODE.format(until="code_expires_at"), BY_CODE.format(until="expires_at")
        ),
    ]
