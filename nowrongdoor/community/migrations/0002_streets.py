"""The streets of the map, with where house numbers stand on them.

Lock: none but of the new table. It is empty until the community's files are loaded again, and the map shows zones alone.
Reverse: takes the table away.
"""

import nowrongdoor.rows.functions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Streets',
            fields=[
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('lines', models.JSONField()),
                ('blocks', models.JSONField()),
                ('notes', models.JSONField()),
            ],
            options={
                'constraints': [nowrongdoor.rows.functions.ReferenceRows(name='streets_reference')],
            },
        ),
    ]
