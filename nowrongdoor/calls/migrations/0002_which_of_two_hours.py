"""Which of two hours a contact was received in, where clocks went back and nothing tells.

Lock: calls_contact, for a moment; a column with a constant default rewrites no row.
Reverse: takes the column away.
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
