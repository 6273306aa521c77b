"""The remembered answers of requests that carried an idempotency key."""

from django.db import models
from django.db.models import Func

from nowrongdoor.rows.constraints import RowAccess
from nowrongdoor.rows.policies import MEMBER, TASK

MINE = f"member_id = {MEMBER}"
# deleting finds its rows by the condition of SELECT too; 30 days is the least that anything is kept
OLD = f"{TASK} = 'forget' AND asked_at < now() - interval '30 days'"
# nobody makes an answer look old, to have it deleted: by the database's clock, and never changed
NEW = "asked_at BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes'"


class Answer(models.Model):
    """What was answered to one key, so that asking twice acts once.

    An answer is as sensitive as what it shows: row-level security keeps it to
    the member who asked.
    """

    id = models.UUIDField(primary_key=True, db_default=Func(function="gen_random_uuid"))
    member_id = models.UUIDField()
    route = models.TextField()
    key = models.TextField()
    body_digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    status = models.IntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")

    class Meta:
        constraints = [
            # a remembered answer is seen by the member who asked, and by nobody else
            RowAccess(
                name="web_answer_access",
                select=f"{MINE} OR {OLD}",
                insert=f"{MINE} AND {NEW}",
                update=MINE,
                columns=("status", "headers", "body"),
                delete=OLD,
            ),
            # one key acts once, for one member on one route
            models.UniqueConstraint(fields=["member_id", "route", "key"], name="answer_once"),
        ]
        indexes = [models.Index(fields=["asked_at"], name="answer_age")]
