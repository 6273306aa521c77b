"""The accounting of a person finds what was told of their calls before anyone had said whose they were.

Lock: none but the catalog's, for one function. Reverse: the function goes.
"""

import nowrongdoor.rows.functions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0004_programs_name_their_disclosure_kind'),
        ('episodes', '0003_parties_know_the_person'),
        ('identity', '0002_what_helps_me'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='party',
            constraint=nowrongdoor.rows.functions.SqlFunction(arguments='person uuid', body="\n    SELECT p.episode_id, p.program_id FROM episodes_party p JOIN agencies_program g ON g.id = p.program_id\n    WHERE p.person_id = person AND g.agency_id = nullif(current_setting('nwd.agency', true), '')::uuid\n", name='episodes_of_record', returns='TABLE (episode_id uuid, program_id uuid)'),
        ),
    ]
