from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=models.Func(function="gen_random_uuid"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("member_id", models.UUIDField()),
                ("route", models.TextField()),
                ("key", models.TextField()),
                ("body_digest", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("status", models.IntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(default="")),
            ],
            options={
                "indexes": [models.Index(fields=["asked_at"], name="answer_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member_id", "route", "key"), name="answer_once"
                    )
                ],
            },
        ),
    ]
