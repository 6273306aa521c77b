"""Callers and their lines, searches, what was sent, pulls, plans, line status, other centres.

Lock: new tables; the columns of calls_contact have constant defaults, so no row is rewritten.
Reverse: drops the tables and columns, with what they hold.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_tables"),
        ("calls", "0002_own_contacts"),
        ("episodes", "0004_guest_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Psap",
            fields=[
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="agencies.program",
                    ),
                ),
                ("zones", models.JSONField()),
                ("emergency_number", models.TextField()),
                ("source", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="contact",
            name="caller_callback",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="contact",
            name="caller_language",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="contact",
            name="caller_name",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="contact",
            name="caller_relay",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="contact",
            name="caller_unverified",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Leg",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("medium", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_as", models.TextField(default="")),
                ("alone_since", models.DateTimeField(null=True)),
                ("alone_s", models.IntegerField(default=0)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.contact",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LineStatus",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("down_at", models.DateTimeField()),
                ("up_at", models.DateTimeField(null=True)),
                (
                    "down_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
                (
                    "said_by_program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
                (
                    "up_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "calls_line_status",
            },
        ),
        migrations.CreateModel(
            name="OnLine",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("medium", models.TextField()),
                ("attested_name", models.TextField(default="")),
                ("mode", models.TextField()),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("ended_as", models.TextField(default="")),
                ("seen_step", models.IntegerField(default=0)),
                ("reminders", models.IntegerField(default=0)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
                (
                    "leg",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on",
                        to="calls.leg",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
                (
                    "relief_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "calls_on_line",
            },
        ),
        migrations.CreateModel(
            name="PlanNote",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("wishes_follow_up", models.BooleanField(null=True)),
                (
                    "by_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
            ],
            options={
                "db_table": "calls_plan_note",
            },
        ),
        migrations.CreateModel(
            name="Pull",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("given", models.BooleanField(default=False)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
                (
                    "holder_program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Search",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("seeking", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("found_at", models.DateTimeField(null=True)),
                ("alerts", models.IntegerField(default=0)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("axis", models.TextField()),
                ("value", models.TextField()),
                ("at", models.DateTimeField()),
                ("rescue", models.TextField(default="")),
                ("met_at", models.DateTimeField(null=True)),
                ("not_found_at", models.DateTimeField(null=True)),
                (
                    "by_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
                (
                    "met_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Try",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("how", models.TextField()),
                ("found", models.BooleanField()),
                (
                    "by_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="episodes.episode",
                    ),
                ),
                (
                    "search",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="calls.search",
                    ),
                ),
            ],
        ),
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
