"""The table of rules, who signed its rows off, and what agencies agreed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nowrongdoor.rows.constraints import Immutable, RowAccess, ended_by_name
from nowrongdoor.rows.functions import ReferenceRows, SqlFunction, Trigger
from nowrongdoor.rows.policies import AGENCY, MEMBER
from nowrongdoor.sharing.models.columns import a_member, a_program, texts
from nowrongdoor.sharing.safeguards import OFFICER

LOADS = {"INSERT": "a community's files list what was agreed before"}
_BUMP = "sharing_changed"


def _remembered(table: str) -> Trigger:
    """Servers keep these rows in memory (`community.remembered`): a change is seen by the next transaction."""
    return Trigger(name=f"sharing_{table}_changed", fires="AFTER INSERT OR UPDATE", function=_BUMP)


class Ruleset(models.Model):
    """One version of the community's table of who may be told what."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField()
    version = models.TextField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    from_at = models.DateTimeField()

    class Meta:
        constraints = [
            ReferenceRows(name="ruleset_reference"),
            SqlFunction(
                name=_BUMP,
                returns="trigger",
                body="""
BEGIN
    UPDATE community_version SET value = gen_random_uuid();
    RETURN NULL;
END """,
            ),
            models.UniqueConstraint(fields=["code", "version"], name="ruleset_once"),
        ]


class SignOff(models.Model):
    """A privacy officer signs, by name, a row of the table that had waited for counsel."""

    COVERED = ("row", "digest", "agency_id", "member_id", "at")

    id = models.UUIDField(primary_key=True)
    row = models.TextField()
    digest = models.CharField(max_length=64)  # of the row's own text: another text is not signed
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    member = a_member()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = a_member(null=True)

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_signoff_access",
                select="true",  # it names no person, and every decision asks it
                insert=f"agency_id = {AGENCY} AND member_id = {MEMBER} AND {OFFICER}",
                update=f"agency_id = {AGENCY} AND {OFFICER}",
                columns=("withdrawn_at", "withdrawn_by_id"),
            ),
            _remembered("signoff"),
            Immutable(name="sharing_withdrawn_stands", once="OLD.withdrawn_at IS NOT NULL"),
            ended_by_name("withdrawn_at", "withdrawn_by", name="signoff_withdrawn_by_name"),
            models.UniqueConstraint(
                fields=["row", "digest", "agency"],
                condition=Q(withdrawn_at=None),
                name="signed_off_once",
            ),
        ]


class Paper(models.Model):
    """A signed agreement as it was scanned. Never changed; another scan is another paper."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    media = models.TextField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    agencies = ArrayField(models.UUIDField())
    member = a_member()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_paper_access",
                select=f"{AGENCY} = ANY (agencies)",
                insert=f"{AGENCY} = ANY (agencies) AND member_id = {MEMBER} AND {OFFICER}",
            ),
            Immutable(name="sharing_paper_append_only"),
        ]


class Agreement(models.Model):
    """One version of an agreement between agencies. Opens nothing that a telling agency has not agreed to."""

    COVERED = (
        *("code", "version", "tells", "told", "data", "purposes", "fields", "legal_basis"),
        *("from_at", "until_at", "replaces_id", "ended_at"),
    )
    LOADED = True

    id = models.UUIDField(primary_key=True)
    code = models.TextField()  # what people call it: MOU-14
    version = models.IntegerField(default=1)
    title = models.TextField()
    tells = ArrayField(models.UUIDField())  # programs whose records it opens
    told = ArrayField(models.UUIDField())  # programs that are told
    agencies = ArrayField(models.UUIDField())  # of all of these
    data = texts()
    purposes = texts()
    fields = texts(default=list)  # none: whatever the row of the table gives
    legal_basis = models.TextField()
    signed_by = models.JSONField(default=list)  # [{name, agency}], as on the paper
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    remind_days = ArrayField(models.IntegerField(), default=list)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    program = a_program()
    member = a_member()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = a_member(null=True)

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_agreement_access",
                select="true",  # who agreed what is no secret to those who take part
                insert=f"{AGENCY} = ANY (agencies) AND member_id = {MEMBER} AND {OFFICER}",
                update=f"{AGENCY} = ANY (agencies) AND {OFFICER}",
                columns=("ended_at", "ended_by_id"),
                owner=LOADS,
            ),
            Immutable(name="sharing_agreement_ended_stands", once="OLD.ended_at IS NOT NULL"),
            _remembered("agreement"),
            models.UniqueConstraint(fields=["code", "version"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")),
                name="agreement_ends_after_it_begins",
            ),
            ended_by_name("ended_at", "ended_by", name="agreement_ended_by_name"),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
                name="agreement_versions_follow",
            ),
            models.CheckConstraint(
                condition=Q(tells__len__gt=0, told__len__gt=0, data__len__gt=0, purposes__len__gt=0)
                & ~Q(legal_basis=""),
                name="agreement_says_who_what_why",
            ),
        ]


class Agreed(models.Model):
    """An agency's privacy officer agrees to a version, by name."""

    COVERED = ("agreement_id", "agency_id", "member_id", "at")
    LOADED = True

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="agreed")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    member = a_member()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_agreed_access",
                select="true",
                insert=f"agency_id = {AGENCY} AND member_id = {MEMBER} AND {OFFICER}",
                owner=LOADS,
            ),
            Immutable(name="sharing_agreed_append_only"),
            _remembered("agreed"),
            models.UniqueConstraint(fields=["agreement", "agency"], name="agreed_once"),
        ]
