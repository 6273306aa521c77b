"""An accounting leaves out what law enforcement asked to be left out, for a time.

Lock: none that anything waits for: a new table, with short locks on agencies and members for its foreign keys.
Reverse: the table goes, and with it every request that was written down.
"""

import datetime as dt
import django.db.models.deletion
import django.db.models.expressions
import nowrongdoor.rows.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_employers_and_ends_stand'),
        ('sharing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('to_name', models.TextField(default='')),
                ('official', models.TextField()),
                ('way', models.TextField()),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('lifted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_agency', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
            ],
            options={
                'indexes': [models.Index(fields=['person_id'], name='suspension_of_record')],
                'constraints': [nowrongdoor.rows.constraints.RowAccess(columns=('lifted_at', 'lifted_by_id'), insert="agency_id = (SELECT nullif(current_setting('nwd.agency', true), '')::uuid) AND member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND EXISTS (SELECT FROM agencies_position p WHERE p.member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND p.program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND p.role = 'privacy_officer' AND p.until_at IS NULL)", name='sharing_suspension_access', select="((agency_id = (SELECT nullif(current_setting('nwd.agency', true), '')::uuid)) AND EXISTS (SELECT FROM agencies_position p WHERE p.member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND p.program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND p.role = 'privacy_officer' AND p.until_at IS NULL))", update="((agency_id = (SELECT nullif(current_setting('nwd.agency', true), '')::uuid)) AND EXISTS (SELECT FROM agencies_position p WHERE p.member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND p.program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND p.role = 'privacy_officer' AND p.until_at IS NULL))"), nowrongdoor.rows.constraints.Immutable(name='sharing_suspension_lifted_stands', once='OLD.lifted_at IS NOT NULL'), nowrongdoor.rows.constraints.Immutable(name='sharing_suspension_lifted_in_own_name', once="NEW.lifted_at IS DISTINCT FROM OLD.lifted_at AND NEW.lifted_by_id IS DISTINCT FROM nullif(current_setting('nwd.member', true), '')::uuid"), models.CheckConstraint(condition=models.Q(('lifted_at', None), ('lifted_at__gte', models.F('from_at')), _connector='OR'), name='suspension_lifted_after_it_begins'), models.CheckConstraint(condition=models.Q(('to_agency', None), models.Q(('to_agency', models.F('agency')), _negated=True), _connector='OR'), name='suspension_of_another_agency'), models.CheckConstraint(condition=models.Q(('way__in', ['oral', 'written'])), name='suspension_way_known'), models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('from_at'))), name='suspension_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'oral'), _negated=True), ('until_at__lte', django.db.models.expressions.CombinedExpression(models.F('from_at'), '+', models.Value(dt.timedelta(days=30)))), _connector='OR'), name='suspension_oral_ends_in_30_days'), models.CheckConstraint(condition=models.Q(('official', ''), _negated=True), name='suspension_says_who_asked'), models.CheckConstraint(condition=models.Q(models.Q(('to_agency__isnull', False), ('to_name', '')), models.Q(('to_agency', None), models.Q(('to_name', ''), _negated=True)), _connector='OR'), name='suspension_of_one_requester'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='suspension_lifted_by_name')],
            },
        ),
    ]
