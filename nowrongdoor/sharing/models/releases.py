"""What a person signed, and whose record it means."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from nowrongdoor.rows.constraints import (
    Immutable,
    RowAccess,
    changed,
    ended_by_name,
    in_another_name,
)
from nowrongdoor.rows.functions import Sequence
from nowrongdoor.rows.policies import AGENCY, MEMBER, PROGRAM
from nowrongdoor.sharing.models.columns import a_member, a_program, texts
from nowrongdoor.sharing.safeguards import OFFICER

NUMBER = Func(
    Value("sharing_number"),
    function="nextval",
    template="%(function)s(%(expressions)s::text::regclass)",
)
KINDS = ("part2_tpo", "part2_named", "part2_cj", "authorization", "hmis", "victim")
ELEMENTS = (
    ~Q(person_name="")
    & Q(told__len__gt=0, data__len__gt=0, items__len__gt=0)
    & ~Q(description="")
    & ~Q(purpose="")
    & Q(statements__len__gt=0)
    & ~Q(text_version="")
    & (Q(until_at__isnull=False) | ~Q(until_event="") | Q(no_end=True, kind="part2_tpo"))
    & ~Q(signer_name="")
    & ~Q(signature="")
    & Q(signed_at__isnull=False)
    & (~Q(signer__in=["minor", "guardian"]) | Q(person_born__isnull=False))
)
"""What 42 CFR 2.31(a) and 45 CFR 164.508(c) ask for, before a release opens anything."""

WRITTEN = (
    *(
        "kind",
        "program_id",
        "member_id",
        "taken_at",
        "activated_by_id",
        "person_id",
        "person_name",
        "person_born",
        "teller_id",
        "told",
    ),
    *("told_names", "data", "items", "description", "purpose", "until_at", "until_event", "no_end"),
    *("condition", "signer", "signer_name", "signer_basis", "signature_kind", "signature"),
    *("signed_at", "witness_name", "statements", "text_version", "language", "activated_at"),
)
KNOWS = f"program_id = {PROGRAM} OR (activated_at IS NOT NULL AND (teller_id = {PROGRAM} OR {PROGRAM} = ANY (told)))"
"""SQL: where it was taken; and, once it opens something, who may tell by it and who is told. A no stays there."""


class Release(models.Model):
    """What a person signed: who may tell whom what, why, and until when."""

    COVERED = (*WRITTEN, "revoked_at", "refused_at")

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(unique=True, db_default=NUMBER)
    kind = models.TextField()
    program = a_program()  # where it was taken
    member = a_member()
    taken_at = models.DateTimeField()
    person_id = models.UUIDField(null=True)  # that program's own record; `identity` stands above
    person_name = models.TextField(default="")
    person_born = models.DateField(null=True)
    teller = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    told = ArrayField(models.UUIDField(), default=list)  # programs
    told_names = texts(default=list)  # people there, or a class: as the person reads it
    data = texts(default=list)
    items = texts(default=list)  # groups of fields of the table
    description = models.TextField(default="")
    purpose = models.TextField(default="")
    until_at = models.DateTimeField(null=True)
    until_event = models.TextField(default="")
    no_end = models.BooleanField(default=False)
    condition = models.TextField(default="")  # of criminal-justice consent: the case it is tied to
    signer = models.TextField(default="person")
    signer_name = models.TextField(default="")
    signer_basis = models.TextField(default="")  # guardian of …, or the law by which a minor signs
    signature_kind = models.TextField(default="")
    signature = models.TextField(default="")  # strokes as JSON, or the name as it was typed
    signed_at = models.DateTimeField(null=True)
    witness_name = models.TextField(default="")
    statements = texts(default=list)  # which of the law's statements were read
    text_version = models.TextField(default="")
    language = models.TextField(default="en")
    activated_at = models.DateTimeField(null=True)
    activated_by = a_member(null=True)
    refused_at = models.DateTimeField(null=True)  # the person said no
    revoked_at = models.DateTimeField(null=True)
    revoked_by = a_member(null=True)
    revoked_how = models.TextField(default="")
    copy_given = models.TextField(default="")
    copy_sha256 = models.TextField(default="")

    class Meta:
        constraints = [
            Sequence(name="sharing_number"),
            RowAccess(
                name="sharing_release_access",
                select=f"{KNOWS} OR ({OFFICER} AND EXISTS (SELECT FROM agencies_program g WHERE g.agency_id = {AGENCY}"
                " AND (g.id = program_id OR (g.id = teller_id AND activated_at IS NOT NULL))))",
                insert=f"program_id = {PROGRAM} AND member_id = {MEMBER}",
                update=KNOWS,  # it can be taken back at any door that knows of it
            ),
            Immutable(
                name="sharing_release_stands",
                once=f"OLD.activated_at IS NOT NULL AND {changed(*WRITTEN)}",
            ),
            Immutable(
                name="sharing_revoked_stands",
                once=f"OLD.revoked_at IS NOT NULL AND {changed('revoked_at', 'revoked_by_id', 'revoked_how')}",
            ),
            Immutable(
                name="sharing_revoked_in_own_name",
                once=in_another_name("revoked_at", "revoked_by_id"),
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="release_kind_known"),
            # 42 CFR 2.31(b), 45 CFR 164.508(b)(3)(ii): counseling notes by a release of their own
            models.CheckConstraint(
                condition=~Q(data__contains=["sud_notes"]) | Q(data__len=1),
                name="release_notes_alone",
            ),
            models.CheckConstraint(
                condition=Q(activated_at=None) | ELEMENTS, name="release_has_every_element"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None)
                | Q(activated_at__isnull=False, revoked_at__gte=F("activated_at")),
                name="release_revoked_after_it_began",
            ),
            ended_by_name("revoked_at", "revoked_by", name="release_revoked_by_name"),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(activated_at=None),
                name="release_refused_opens_nothing",
            ),
        ]
        indexes = [
            # those that one program may tell by
            models.Index(
                fields=["teller"],
                condition=Q(activated_at__isnull=False, revoked_at=None),
                name="release_in_force",
            ),
            models.Index(fields=["person_id"], name="release_of_person"),
        ]


class Subject(models.Model):
    """Whose record a release means, in a program that did not take it: said by name there."""

    COVERED = ("release_id", "program_id", "person_id", "member_id", "at")

    id = models.UUIDField(primary_key=True)
    release = models.ForeignKey(Release, models.PROTECT, related_name="subjects")
    program = a_program()
    person_id = models.UUIDField()
    member = a_member()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_subject_access",
                # the teller's own word goes with the release; what others say of their records does not
                select=f"program_id = {PROGRAM} OR EXISTS (SELECT FROM sharing_release r"
                " WHERE r.id = release_id AND r.teller_id = sharing_subject.program_id)",
                insert=f"program_id = {PROGRAM} AND member_id = {MEMBER}",
                update=f"program_id = {PROGRAM}",
                columns=("undone_at",),
            ),
            models.UniqueConstraint(
                fields=["release", "program"], condition=Q(undone_at=None), name="subject_once"
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="subject_of_person")]
