"""A party to an episode points at its own program's record of the person.

Lock: `episodes_party` for a moment, to add an empty column with its reference and index; a party is written
with one check more. Servers of before do not name the column. Reverse: column, function and triggers go.
"""

import django.db.models.deletion
import nowrongdoor.rows.functions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0004_programs_name_their_disclosure_kind'),
        ('episodes', '0002_calls_are_found'),
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=nowrongdoor.rows.functions.SqlFunction(body="\nBEGIN\n    IF NEW.program_id IS DISTINCT FROM (SELECT nullif(current_setting('nwd.program', true), '')::uuid) OR NOT EXISTS (\n        SELECT FROM identity_person p WHERE p.id = NEW.person_id AND p.program_id = NEW.program_id\n        UNION ALL SELECT WHERE NEW.person_id IS NULL\n    ) THEN\n        RAISE EXCEPTION 'episodes_own_person' USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\nEND ", name='episodes_own_person', returns='trigger'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=nowrongdoor.rows.functions.Trigger(fires='BEFORE INSERT', function='episodes_own_person', name='episodes_new_party_own_person', when='NEW.person_id IS NOT NULL'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=nowrongdoor.rows.functions.Trigger(fires='BEFORE UPDATE OF person_id', function='episodes_own_person', name='episodes_party_own_person', when='NEW.person_id IS DISTINCT FROM OLD.person_id'),
        ),
    ]
