"""For which crew's sake a request was asked: one that gave no sign of life, or was in danger.

Lock: dispatch_request, while the open ones are indexed: one reading of the table, and no row is written. What was
    asked before names no crew, and ends by its desk as it did.
Reverse: takes column and index away.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_keys_act_as_machines'),
        ('dispatch', '0002_a_file_may_say_later'),
        ('episodes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='for_assignment',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.assignment'),
        ),
        migrations.AddIndex(
            model_name='request',
            index=models.Index(condition=models.Q(('for_assignment__isnull', False), ('declined_at', None), ('ended_at', None), ('withdrawn_at', None)), fields=['for_assignment'], name='request_open_for_crew'),
        ),
    ]
