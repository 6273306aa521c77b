"""A message that is acknowledged has a time as well as a name: one without the time passed the check before.

Lock: `narrative_note`, for as long as checking its rows takes. Reverse: the check is as it was.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_employers_and_ends_stand'),
        ('episodes', '0004_calls_of_a_record'),
        ('narrative', '0002_notes_of_ones_own_record'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='note',
            name='note_acknowledged_by_name',
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at', None), ('acknowledged_by', None)), models.Q(('acknowledged_at__gte', models.F('written_at')), ('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False), ('to_program__isnull', False)), _connector='OR'), name='note_acknowledged_by_name'),
        ),
    ]
