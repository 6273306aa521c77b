"""How often a deadline rang, and that it stands: open and overdue, and fired no more.

Lock: clocks_deadline, while the open ones are indexed: one reading of the table, and no row is written (both
    columns have constant defaults). A server of the version before makes deadlines that have not rung.
Reverse: what stands is fired again; the functions and the index of before are made again.
"""

import nowrongdoor.rows.functions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_keys_act_as_machines'),
        ('clocks', '0002_cancelled_for_every_program'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deadline',
            name='clocks_due',
        ),
        migrations.RemoveConstraint(
            model_name='deadline',
            name='clocks_overdue_since',
        ),
        migrations.RemoveIndex(
            model_name='deadline',
            name='deadline_open_due',
        ),
        migrations.AddField(
            model_name='deadline',
            name='rung',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='deadline',
            name='stands',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('fired_at', None), ('stands', False)), fields=['due_at'], name='deadline_rings_due'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=nowrongdoor.rows.functions.SqlFunction(arguments='up_to timestamptz, most integer', body='\n    SELECT d.id, d.agency_id, d.program_id FROM clocks_deadline d\n    WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL AND NOT d.stands AND d.due_at <= up_to\n    ORDER BY d.due_at, d.id LIMIT most\n', name='clocks_due', returns='TABLE (id uuid, agency_id uuid, program_id uuid)'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=nowrongdoor.rows.functions.SqlFunction(arguments='up_to timestamptz', body='\n    SELECT min(d.due_at) FROM clocks_deadline d\n    WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL AND NOT d.stands AND d.due_at <= up_to\n', name='clocks_overdue_since', returns='timestamptz'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('stands', False), ('rung__gt', 0), _connector='OR'), name='deadline_stands_after_ringing'),
        ),
    ]
