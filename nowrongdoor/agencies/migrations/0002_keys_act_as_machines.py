"""A key acts as a machine of a program, and no more in a person's name; a replaced sign-in is told.

Lock: `agencies_token` and `agencies_member`, for as long as a few columns without a value take, and
once over the few rows of keys. Keys of before are revoked: each acted as a person. Servers of before
find none in force any more, and refuse keys. Reverse: the columns go; no key comes to life again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


def revoke(apps, schema_editor):
    """Every key that acts in a person's name ends."""
    keys = apps.get_model("agencies", "Token").objects.using(schema_editor.connection.alias)
    keys.filter(revoked_at=None).update(revoked_at=Now())


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='replaced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='replaced_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='token',
            name='agreed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='token',
            name='agreed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='token',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='token',
            name='program',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.program'),
        ),
        migrations.AlterField(
            model_name='token',
            name='position',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.position'),
        ),
        migrations.RunPython(revoke, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='token',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('position', None), ('program__isnull', False)), ('revoked_at__isnull', False), _connector='OR'), name='token_is_a_machines'),
        ),
        migrations.AddConstraint(
            model_name='token',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at', None), ('agreed_by', None)), models.Q(('agreed_at__isnull', False), ('agreed_by__isnull', False), ('issued_by', None)), models.Q(('agreed_at__isnull', False), ('agreed_by__isnull', False), models.Q(('agreed_by', models.F('issued_by')), _negated=True)), _connector='OR'), name='token_agreed_by_another'),
        ),
    ]
