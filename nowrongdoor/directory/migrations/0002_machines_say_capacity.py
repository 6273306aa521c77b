"""A machine says how full a place is, as itself: in nobody's name.

Lock: `directory_capacity`, briefly; the new check reads each row once. Reverse: where no machine has
said anything yet; else its rows have no member.
"""

import django.db.models.deletion
import nowrongdoor.rows.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_keys_act_as_machines'),
        ('directory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='capacity',
            name='directory_capacity_access',
        ),
        migrations.AddField(
            model_name='capacity',
            name='machine',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.token'),
        ),
        migrations.AlterField(
            model_name='capacity',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='capacity',
            constraint=nowrongdoor.rows.constraints.RowAccess(insert="agency_id = (SELECT nullif(current_setting('nwd.agency', true), '')::uuid) AND program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND coalesce(member_id, machine_id) = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND (told_by <> '' OR EXISTS (SELECT FROM directory_facility f WHERE f.id = facility_id AND f.program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid)))", name='directory_capacity_access', select="(SELECT nullif(current_setting('nwd.program', true), '')::uuid) IS NOT NULL"),
        ),
        migrations.AddConstraint(
            model_name='capacity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('machine__isnull', False), ('member', None)), models.Q(('machine', None), ('member__isnull', False)), _connector='OR'), name='capacity_said_by_one'),
        ),
    ]
