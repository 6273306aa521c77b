"""What helps a person in a crisis, in their own words.

Lock: `identity_person`, for as long as two columns without a value take. Reverse: the columns go, and the words.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='what_helps',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='person',
            name='what_helps_at',
            field=models.DateTimeField(null=True),
        ),
    ]
