"""Cards are found by the words of their place and name, and by the last digits of their telephone numbers.

Lock: `episodes_card` against writing while its index is built: about 4 seconds for 100,000 cards. One function
is added, which servers of before do not call. Reverse: the function and the index go.
"""

import django.contrib.postgres.indexes
import django.db.models.expressions
import nowrongdoor.rows.functions
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_sign_ins_are_confirmed'),
        ('episodes', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='card',
            index=django.contrib.postgres.indexes.GinIndex(django.db.models.expressions.RawSQL("to_tsvector('simple'::regconfig, regexp_replace(lower(translate(place || ' ' || name_given, 'ÁÀÂÄÃÅáàâäãåÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÖÕóòôöõÚÙÛÜúùûüÑñÇç', 'AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOoooooUUUUuuuuNnCc')), '[^[:alnum:]]+', ' ', 'g') || ' ' || regexp_replace(reverse(regexp_replace(regexp_replace(regexp_replace(lower(callback), '(ext|x|#)[^0-9;,/]*[0-9]+', ';', 'g'), '[[:alpha:],/]+', ';', 'g'), '[^0-9;]+', '', 'g')), ';*([0-9]+);*', ' p\\1', 'g'))", ()), name='card_sought'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=nowrongdoor.rows.functions.SqlFunction(arguments='words text, since timestamptz, most integer', body="\n    WITH found AS MATERIALIZED (  -- first, whatever is thought to be quicker\n        SELECT DISTINCT c.episode_id FROM episodes_card c WHERE to_tsvector('simple'::regconfig, regexp_replace(lower(translate(place || ' ' || name_given, 'ÁÀÂÄÃÅáàâäãåÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÖÕóòôöõÚÙÛÜúùûüÑñÇç', 'AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOoooooUUUUuuuuNnCc')), '[^[:alnum:]]+', ' ', 'g') || ' ' || regexp_replace(reverse(regexp_replace(regexp_replace(regexp_replace(lower(callback), '(ext|x|#)[^0-9;,/]*[0-9]+', ';', 'g'), '[[:alpha:],/]+', ';', 'g'), '[^0-9;]+', '', 'g')), ';*([0-9]+);*', ' p\\1', 'g')) @@ words::tsquery\n    )\n    SELECT e.id FROM found JOIN episodes_episode e ON e.id = found.episode_id\n    WHERE (SELECT nullif(current_setting('nwd.program', true), '')::uuid) = ANY (e.worked_by) AND e.opened_at >= since\n    ORDER BY e.opened_at DESC, e.id DESC LIMIT most\n", name='episodes_with_card', returns='TABLE (id uuid)'),
        ),
    ]
