"""What was promised of a row is canceled for every program, whoever keeps it.

Lock: `clocks_deadline`, for a moment: its policies are taken away and made again, with one more.
Reverse: the function and the owner's policy go; the policies of before are made again.
"""

import nowrongdoor.rows.constraints
import nowrongdoor.rows.functions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('clocks', '0001_initial'),
        ('episodes', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deadline',
            name='clocks_deadline_access',
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=nowrongdoor.rows.constraints.RowAccess(insert="(SELECT nullif(current_setting('nwd.program', true), '')::uuid) = program_id OR (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = other_program_id", name='clocks_deadline_access', owner={'SELECT': 'clocks_due: which program has what due; must-have-a-deadline', 'UPDATE': 'clocks_cancel: whoever keeps a promise may not see all clocks that run for it'}, select="(SELECT nullif(current_setting('nwd.program', true), '')::uuid) = program_id OR (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = other_program_id OR EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))", update="(SELECT nullif(current_setting('nwd.program', true), '')::uuid) = program_id OR (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = other_program_id OR EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))"),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=nowrongdoor.rows.functions.SqlFunction(arguments='subject uuid, ended timestamptz', body='\n    UPDATE clocks_deadline d SET cancelled_at = ended\n    WHERE d.subject_id = subject AND d.fired_at IS NULL AND d.cancelled_at IS NULL\n', name='clocks_cancel', returns='void', writes=True),
        ),
    ]
