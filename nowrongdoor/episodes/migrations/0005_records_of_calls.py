"""Those who are asked for a record find their own behind the call that the request names.

Lock: none but the catalog's, for one function. Reverse: the function goes.
"""

import nowrongdoor.rows.functions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_employers_and_ends_stand'),
        ('episodes', '0004_calls_of_a_record'),
        ('identity', '0002_what_helps_me'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='party',
            constraint=nowrongdoor.rows.functions.SqlFunction(arguments='calls uuid[]', body="\n    SELECT p.episode_id, p.program_id, p.person_id FROM episodes_party p JOIN agencies_program g ON g.id = p.program_id\n    WHERE p.episode_id = ANY (calls) AND p.person_id IS NOT NULL\n      AND (p.program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) OR ((g.agency_id = (SELECT nullif(current_setting('nwd.agency', true), '')::uuid)) AND EXISTS (SELECT FROM agencies_position p WHERE p.member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND p.program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND p.role = 'privacy_officer' AND p.until_at IS NULL)))\n", name='episodes_records_of', returns='TABLE (episode_id uuid, program_id uuid, person_id uuid)'),
        ),
    ]
