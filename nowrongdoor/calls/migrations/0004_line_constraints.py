"""One of a kind, and one way to end: the constraints and indexes of callers' lines.

Lock: the tables are new, nothing waits.
Reverse: drops them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_lines")]

    operations = [
        migrations.AddIndex(
            model_name="leg",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["episode"], name="leg_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="leg",
            constraint=models.CheckConstraint(
                condition=models.Q(("medium__in", ["audio", "video", "text", "in_person"])),
                name="leg_medium_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="leg",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("ended_at", None)),
                    models.Q(("ended_as__in", ["ended", "lost"]), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="leg_ends_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="leg",
            constraint=models.CheckConstraint(
                condition=models.Q(("alone_since", None), ("ended_at", None), _connector="OR"),
                name="leg_alone_while_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="linestatus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("up_at", None)), fields=("program",), name="line_down_once"
            ),
        ),
        migrations.AddIndex(
            model_name="online",
            index=models.Index(
                condition=models.Q(("until_at", None)),
                fields=["member"],
                name="on_line_open_member",
            ),
        ),
        migrations.AddIndex(
            model_name="online",
            index=models.Index(fields=["episode"], name="on_line_episode"),
        ),
        migrations.AddConstraint(
            model_name="online",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at", None)),
                fields=("leg", "member"),
                name="on_line_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="online",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("member__isnull", False),
                    models.Q(("attested_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="on_line_by_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="online",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["joined", "listening"])), name="on_line_mode_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="online",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("medium", "text"), _negated=True),
                    models.Q(("mode", "listening"), _negated=True),
                    _connector="OR",
                ),
                name="on_line_never_listens_to_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="online",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("until_at", None)),
                    models.Q(
                        ("until_at__isnull", False), models.Q(("ended_as", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="on_line_ends_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="pull",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("episode", "program"),
                name="pull_once_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.UniqueConstraint(
                condition=models.Q(("found_at", None)),
                fields=("episode", "seeking"),
                name="search_once_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(("seeking__in", ["place", "caller"])), name="search_seeks_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sent",
            constraint=models.CheckConstraint(
                condition=models.Q(("axis__in", ["police", "ems", "clinical"])),
                name="sent_axis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sent",
            constraint=models.CheckConstraint(
                condition=models.Q(("rescue__in", ["", "voluntary", "involuntary"])),
                name="sent_rescue_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("met_at", None), ("met_by", None)),
                    models.Q(("met_at__isnull", False), ("met_by__isnull", False)),
                    _connector="OR",
                ),
                name="sent_met_by_name",
            ),
        ),
    ]
