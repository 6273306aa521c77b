"""What the gate asks of the agencies: what a program is, and for what a route tells.

Lock: `agencies_program` and `agencies_route`, for as long as a column with a fixed default takes. A kind is
empty until the community is loaded again, and an empty kind is told nothing. Reverse: the columns go.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_sign_ins_are_confirmed'),
    ]

    operations = [
        migrations.AddField(
            model_name='program',
            name='disclosure_kind',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='route',
            name='purpose',
            field=models.TextField(db_default='respond', default='respond'),
        ),
    ]
