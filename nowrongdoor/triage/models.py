"""Tables of triage.

An answer is read by the program that asked; by the others that work on the episode only where it travels
(hard stops, and what 911 was told; a counselor's, once they hand the person back). The level, its reason
and its duties are read by all who work on the episode.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nowrongdoor.rows.constraints import Immutable, RowAccess, changed
from nowrongdoor.rows.policies import PROGRAM, WORKED
from nowrongdoor.triage import safeguards

OWN = f"by_program_id = {PROGRAM}"
WRITTEN = (
    "id", "screening_id", "episode_id", "step", "question", "value", "at", "by_program_id",
)  # fmt: skip
LOADED = dict.fromkeys(("SELECT", "INSERT", "UPDATE"), "loaded with the community's files")


class Protocol(models.Model):
    """One version of the protocol, as its file was. In force from `active_from`; never deleted."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField()
    version = models.TextField()
    text = models.TextField()
    digest = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(  # None: it came with the community's files
        "agencies.Member", models.PROTECT, null=True, related_name="+"
    )
    proved_at = models.DateTimeField(null=True)
    active_from = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # a protocol describes nobody: everybody who acts may read it
            RowAccess(
                name="triage_protocol_access",
                select="true",
                insert="true",
                update="true",
                columns=("proved_at", "active_from", "retired_at"),
                owner=LOADED,
            ),
            Immutable(
                name="triage_protocol_is_never_rewritten",
                once=changed("code", "version", "text", "digest", "drafted_at"),
            ),
            Immutable(
                name="triage_protocol_decision_stands",
                once=(
                    "OLD.retired_at IS NOT NULL "
                    f"OR (OLD.active_from IS NOT NULL AND {changed('active_from')})"
                ),
            ),
            *safeguards.PROTOCOL,
            models.UniqueConstraint(fields=["code", "version"], name="protocol_version_once"),
            # a protocol that was not proved is never in force
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(proved_at__isnull=False),
                name="protocol_active_if_proved",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None)
                | Q(active_from=None)
                | Q(retired_at__gte=F("active_from")),
                name="protocol_retires_after_it_is_active",
            ),
        ]


class Approval(models.Model):
    """One of the community's approvers has said yes to one version, by name."""

    id = models.UUIDField(primary_key=True)
    protocol = models.ForeignKey(Protocol, models.PROTECT, related_name="approvals")
    approver = models.TextField()  # which of the protocol's four: its own word
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            RowAccess(name="triage_approval_access", select="true", insert="true", owner=LOADED),
            models.UniqueConstraint(fields=["protocol", "approver"], name="approval_once"),
            # four people, not one with four hats
            models.UniqueConstraint(fields=["protocol", "member"], name="approval_by_four_people"),
        ]


class Screening(models.Model):
    """What is known of one person's need after one step. Append-only: a step is never rewritten.

    `level` is what the rules say of the answers, where a hard stop not asked yet counts as unknown
    (`provisional`). `standing`, with its three axes, is what was said so far and holds: it rises by
    itself and is lowered by a named act. `shown`, with its own three, is the higher of the two: what a
    screen says once a hard stop was answered (`screened`). `rule` '': only that questions are open.
    `said` is a clinician's own level, where the step was that.
    """

    COVERED = (
        *("episode_id", "step", "cause", "protocol_id", "at", "by_program_id", "by_member_id"),
        *("agreed_with_id", "reason", "level", "rule", "duties", "provisional", "said", "standing"),
        *("shown", "police", "ems", "clinical", "rose"),
    )

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    step = models.IntegerField()
    cause = models.TextField()  # answers | recommended | lowered
    protocol = models.ForeignKey(Protocol, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    agreed_with = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="")  # a code of override_reasons, where lowered
    level = models.TextField()
    rule = models.TextField()
    duties = ArrayField(models.TextField())
    provisional = models.BooleanField()
    said = models.TextField(default="")
    standing = models.TextField()
    shown = models.TextField()
    police = models.TextField()
    ems = models.TextField()
    clinical = models.TextField()
    shown_police = models.TextField(
        default="", db_default=""
    )  # '' on steps from before 1.2: as it stands
    shown_ems = models.TextField(default="", db_default="")
    shown_clinical = models.TextField(default="", db_default="")
    screened = models.BooleanField(default=True, db_default=True)
    rose = models.BooleanField()  # the need rose with this step: both sides must have seen it

    class Meta:
        constraints = [
            RowAccess(name="triage_screening_access", select=WORKED, insert=f"{OWN} AND {WORKED}"),
            models.UniqueConstraint(fields=["episode", "step"], name="screening_step_once"),
            models.CheckConstraint(
                condition=Q(cause__in=["answers", "recommended", "lowered"]),
                name="screening_cause_known",
            ),
            # lowering is a named act with a reason
            models.CheckConstraint(
                condition=~Q(cause="lowered") | (Q(by_member__isnull=False) & ~Q(reason="")),
                name="screening_lowered_by_name_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(cause="recommended") | ~Q(said=""), name="screening_says_its_level"
            ),
        ]
        indexes = [
            # the supervisor's page: which levels were lowered
            models.Index(fields=["at"], condition=Q(cause="lowered"), name="screening_lowered"),
        ]


class Answer(models.Model):
    """One answer, as it was given at one step. Append-only; a later one does not erase it."""

    COVERED = WRITTEN[1:]

    id = models.UUIDField(primary_key=True)
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="answers")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    step = models.IntegerField()
    question = models.TextField()
    value = models.TextField()
    asked_together = models.BooleanField()  # one spoken question stood for several
    at = models.DateTimeField()
    by_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    travels = models.BooleanField()  # other programs that work on it may read it

    class Meta:
        constraints = [
            RowAccess(
                name="triage_answer_access",
                select=f"{OWN} OR (travels AND {WORKED})",
                insert=f"{OWN} AND {WORKED}",
                update=OWN,
                columns=("travels",),
                owner={"SELECT": "triage_known: what the rules weigh"},
            ),
            # never rewritten; it may come to travel, and then goes on to
            Immutable(
                name="triage_answer_stands",
                once=f"{changed(*WRITTEN)} OR (OLD.travels AND NOT NEW.travels)",
            ),
            *safeguards.ANSWER,
            models.UniqueConstraint(
                fields=["episode", "step", "question"], name="triage_answer_once"
            ),
        ]


class DutyDone(models.Model):
    """A duty that the rules named and a person has done, by name."""

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    duty = models.TextField()
    at = models.DateTimeField()
    by_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")

    class Meta:
        db_table = "triage_duty_done"
        constraints = [
            RowAccess(name="triage_duty_done_access", select=WORKED, insert=f"{OWN} AND {WORKED}"),
            models.UniqueConstraint(fields=["episode", "duty"], name="duty_done_once"),
        ]


class ClinicalNeed(models.Model):
    """A team or a pair that a person at 4 or E is owed once it is safe (clinical_joins_when_safe).

    Open until a program accepts the request by which the owner sends it, or until somebody ends it with
    a reason. A level that is lowered does not end it.
    """

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    clinical = models.TextField()  # what is owed: team or pair
    began_at = models.DateTimeField()
    by_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    request = models.ForeignKey("dispatch.Request", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="")  # a code of clinical_need_ends

    class Meta:
        db_table = "triage_clinical_need"
        constraints = [
            RowAccess(
                name="triage_clinical_need_access",
                select=WORKED,
                insert=f"{OWN} AND {WORKED}",
                update=WORKED,
                columns=("request_id", "ended_at", "ended_by_id", "reason"),
            ),
            Immutable(
                name="triage_clinical_need_stands",
                once=(
                    "OLD.ended_at IS NOT NULL OR "
                    f"{changed('id', 'episode_id', 'clinical', 'began_at', 'by_program_id')}"
                ),
            ),
            models.UniqueConstraint(fields=["episode", "clinical"], name="clinical_need_once"),
            models.CheckConstraint(
                condition=Q(clinical__in=["team", "pair"]), name="clinical_need_known"
            ),
            # it ends by name and with a reason
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(reason="")),
                name="clinical_need_ended_by_name_with_reason",
            ),
        ]
        indexes = [
            # the supervisor's page: what is owed to somebody still
            models.Index(
                fields=["began_at"], condition=Q(ended_at=None), name="clinical_need_open"
            ),
        ]
