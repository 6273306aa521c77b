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
    ]
