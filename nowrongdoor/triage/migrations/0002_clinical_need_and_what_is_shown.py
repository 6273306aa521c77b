"""What a screen shows on each axis, beside what stands; and the clinician who is owed once it is safe.

Lock: ACCESS EXCLUSIVE on triage_screening for a moment (four columns with a constant default, no scan);
the foreign keys lock agencies, dispatch and episodes in SHARE ROW EXCLUSIVE for as long. Servers of the
version before go on: the columns fill themselves, and what is empty is read as what stands.
Reverse: drops the columns and the table, and with it what was owed.
"""


import django.db.models.deletion
import nowrongdoor.rows.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('dispatch', '0001_initial'),
        ('episodes', '0001_initial'),
        ('triage', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='screening',
            name='screened',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='shown_clinical',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='screening',
            name='shown_ems',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='screening',
            name='shown_police',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.CreateModel(
            name='ClinicalNeed',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('clinical', models.TextField()),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(default='')),
                ('by_program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.program')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='episodes.episode')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.request')),
            ],
            options={
                'db_table': 'triage_clinical_need',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['began_at'], name='clinical_need_open')],
                'constraints': [nowrongdoor.rows.constraints.RowAccess(columns=('request_id', 'ended_at', 'ended_by_id', 'reason'), insert="by_program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))", name='triage_clinical_need_access', select="EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))", update="EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))"), nowrongdoor.rows.constraints.Immutable(name='triage_clinical_need_stands', once='OLD.ended_at IS NOT NULL OR (NEW.id IS DISTINCT FROM OLD.id OR NEW.episode_id IS DISTINCT FROM OLD.episode_id OR NEW.clinical IS DISTINCT FROM OLD.clinical OR NEW.began_at IS DISTINCT FROM OLD.began_at OR NEW.by_program_id IS DISTINCT FROM OLD.by_program_id)'), models.UniqueConstraint(fields=('episode', 'clinical'), name='clinical_need_once'), models.CheckConstraint(condition=models.Q(('clinical__in', ['team', 'pair'])), name='clinical_need_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('reason', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='clinical_need_ended_by_name_with_reason')],
            },
        ),
    ]
