"""A program says what it is to the gate: a word of the community's table of who may be told what.

Lock: `agencies_program`, for as long as a column with a fixed default takes. Empty until the community is
loaded again; an empty kind is told nothing. Reverse: the column goes.
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
    ]
