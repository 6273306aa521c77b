"""A remembered answer is as old as it is: made now by the database's clock, and never made older.

Lock: `web_answer`, for the moment in which its policies change. Servers of before go on; their clock may be
five minutes away from the database's. Reverse: the policies of before.
"""

import nowrongdoor.rows.constraints
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('web', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='answer',
            name='web_answer_access',
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=nowrongdoor.rows.constraints.RowAccess(columns=('status', 'headers', 'body'), delete="(SELECT nullif(current_setting('nwd.task', true), '')) = 'forget' AND asked_at < now() - interval '30 days'", insert="member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND asked_at BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes'", name='web_answer_access', select="member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) OR (SELECT nullif(current_setting('nwd.task', true), '')) = 'forget' AND asked_at < now() - interval '30 days'", update="member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid)"),
        ),
    ]
