"""Only the community's files move a member to another employer, or open a position again that has ended.

Lock: `agencies_member` and `agencies_position`, for as long as creating a trigger takes. Reverse: both go.
"""

import nowrongdoor.rows.functions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0004_programs_name_their_disclosure_kind'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='member',
            constraint=nowrongdoor.rows.functions.Trigger(body="\nBEGIN\n    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN\n        RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\nEND ", fires='BEFORE UPDATE OF employer_id', name='agencies_member_employer_stands', when='OLD.employer_id <> NEW.employer_id'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=nowrongdoor.rows.functions.Trigger(body="\nBEGIN\n    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN\n        RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\nEND ", fires='BEFORE UPDATE OF until_at', name='agencies_position_ends_once', when='OLD.until_at IS NOT NULL AND (NEW.until_at IS NULL OR NEW.until_at > OLD.until_at)'),
        ),
    ]
