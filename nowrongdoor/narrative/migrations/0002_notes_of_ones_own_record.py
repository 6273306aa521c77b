"""A note may be kept in a program's own record, of the class that its author's employer and role give it.

Lock: `narrative_note`, for as long as two columns with fixed defaults and two checks of its rows take. What was
written before is D1, for everyone on its call, and stays readable to all of them; servers of before go on
writing such notes. Reverse: own notes would be read by everyone on their call, so take them out first.
"""

import django.db.models.deletion
import nowrongdoor.rows.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0004_programs_name_their_disclosure_kind'),
        ('episodes', '0003_parties_know_the_person'),
        ('narrative', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='note',
            name='narrative_note_access',
        ),
        migrations.RemoveConstraint(
            model_name='note',
            name='narrative_text_stands',
        ),
        migrations.RemoveConstraint(
            model_name='note',
            name='note_class_known',
        ),
        migrations.AddField(
            model_name='note',
            name='apart',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='note',
            name='employer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=nowrongdoor.rows.constraints.RowAccess(columns=('acknowledged_at', 'acknowledged_by_id'), insert="program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND member_id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid) AND EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))", name='narrative_note_access', select="(EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by)) AND data_class = 'D1') OR (program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND (NOT apart OR employer_id = (SELECT m.employer_id FROM agencies_member m WHERE m.id = (SELECT nullif(current_setting('nwd.member', true), '')::uuid))))", update="to_program_id = (SELECT nullif(current_setting('nwd.program', true), '')::uuid) AND EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id AND (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by))"),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=nowrongdoor.rows.constraints.Immutable(name='narrative_text_stands', once='(NEW.episode_id IS DISTINCT FROM OLD.episode_id OR NEW.program_id IS DISTINCT FROM OLD.program_id OR NEW.member_id IS DISTINCT FROM OLD.member_id OR NEW.written_at IS DISTINCT FROM OLD.written_at OR NEW.text IS DISTINCT FROM OLD.text OR NEW.data_class IS DISTINCT FROM OLD.data_class OR NEW.employer_id IS DISTINCT FROM OLD.employer_id OR NEW.apart IS DISTINCT FROM OLD.apart OR NEW.to_program_id IS DISTINCT FROM OLD.to_program_id OR NEW.corrects_id IS DISTINCT FROM OLD.corrects_id)'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('data_class__in', ('D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'D10', 'D11', 'D12', 'D13', 'D14'))), name='note_class_known'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('to_program', None), ('data_class', 'D1'), _connector='OR'), name='note_message_is_shared'),
        ),
    ]
