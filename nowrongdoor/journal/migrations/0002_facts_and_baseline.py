"""What an entry vouches for in rows, and the baseline of what the owner wrote.

Lock: `journal_entry`, for a moment: a column with a constant default rewrites nothing.
Reverse: both are dropped; what was covered is then covered no more.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('mac', models.TextField()),
            ],
            options={
                'db_table': 'journal_baseline',
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='facts',
            field=models.TextField(db_default=''),
        ),
    ]
