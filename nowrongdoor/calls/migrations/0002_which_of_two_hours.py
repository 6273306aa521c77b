"""Which of two hours a contact was received in, where clocks went back and nothing tells.

Locks: calls_contact for as long as a column with a constant default takes, whatever its size. Reversed by
taking the column away.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='received_either',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
