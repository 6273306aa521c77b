"""Somebody else confirms who signs in with what an administrator gave them.

Lock: `agencies_member`, for as long as two columns without a value and a check of its few rows take.
Whoever was given another sign-in and has not said that they read it waits to be confirmed from now on;
servers of before do not ask. Reverse: the columns go, and nobody waits any more.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_keys_act_as_machines'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_at__isnull', False), models.Q(('confirmed_by', models.F('replaced_by')), _negated=True), models.Q(('confirmed_by', models.F('id')), _negated=True)), _connector='OR'), name='sign_in_confirmed_by_another'),
        ),
    ]
