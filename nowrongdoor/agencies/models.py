"""Tables of the agencies. Reference rows come from the community's files."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from nowrongdoor.agencies.facts import PresenceFacts, RouteFacts
from nowrongdoor.rows.functions import ReferenceRows, Trigger

_BY_FILES = """
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """
"""Only the owner, who loads the community's files, writes this."""


class Agency(models.Model):
    """An organisation that takes part."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField()
    names = models.JSONField()  # {language: name}
    pointer = models.BooleanField(default=False)  # keeps its records on its own servers

    class Meta:
        constraints = [ReferenceRows(name="agency_reference")]


class Program(models.Model):
    """A part of an agency with its own work and its own wall."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="programs")
    code = models.TextField()
    names = models.JSONField()
    disclosure_kind = models.TextField(default="", db_default="")  # what it is, to the gate

    class Meta:
        constraints = [
            ReferenceRows(name="program_reference"),
            # a program's code is its own within its agency
            models.UniqueConstraint(fields=["agency", "code"], name="program_code_in_agency"),
        ]


class Desk(models.Model):
    """A place in a program where somebody sits, with a queue of its own."""

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="desks")
    code = models.TextField()
    names = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="desk_code_in_program"),
        ]


class Members(BaseUserManager):  # type: ignore[type-arg]  # not generic at run time
    """What Django's sign-in needs to find a member by name."""


class Member(AbstractBaseUser):
    """A person who signs in. Never deleted: access ends instead."""

    COVERED = ("username", "employer_id", "synthetic")
    LOADED = True

    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=80, unique=True)
    name = models.TextField()
    employer = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    languages = models.JSONField(default=list)  # spoken, ISO 639 codes
    language = models.CharField(max_length=8, default="en")  # of the screens
    synthetic = models.BooleanField(default=False)  # may be picked in the demo
    access_ended_at = models.DateTimeField(null=True)
    password_given = models.BooleanField(default=False)  # by somebody else: to be changed at once
    replaced_at = models.DateTimeField(
        null=True
    )  # their sign-in, by `replaced_by`; NULL once they saw it
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(
        null=True
    )  # that it is they who sign in with what was given
    confirmed_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Members()

    class Meta:
        constraints = [
            # whoever replaced somebody's sign-in does not confirm it, and nobody confirms their own
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (
                    Q(confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("replaced_by"))
                    & ~Q(confirmed_by=F("id"))
                ),
                name="sign_in_confirmed_by_another",
            ),
            # walls and shelves go by who employs a member: allauth writes the whole row, and not this
            Trigger(
                name="agencies_member_employer_stands",
                fires="BEFORE UPDATE OF employer_id",
                when="OLD.employer_id <> NEW.employer_id",
                body=_BY_FILES,
            ),
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django reads it as a plain value
        return self.access_ended_at is None

    @property
    def unconfirmed(self) -> bool:
        """Somebody gave them what they sign in with, and nobody else confirmed that it is they."""
        return self.replaced_at is not None and self.confirmed_at is None


class Position(models.Model):
    """A member's role in one program, from a time until another."""

    COVERED = ("member_id", "program_id", "role", "from_at", "until_at")
    LOADED = True

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="positions")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    role = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # one open position for a member in a program and role
            models.UniqueConstraint(
                fields=["member", "program", "role"],
                condition=Q(until_at=None),
                name="position_once",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="position_ends_after_it_starts",
            ),
            Trigger(
                name="agencies_position_ends_once",
                fires="BEFORE UPDATE OF until_at",
                when="OLD.until_at IS NOT NULL AND (NEW.until_at IS NULL OR NEW.until_at > OLD.until_at)",
                body=_BY_FILES,
            ),
        ]


class Route(models.Model):
    """One way along which a person, or standing awareness, may go."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    from_program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    to_program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    basis = models.TextField()
    source = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ReferenceRows(name="route_reference"),
            models.UniqueConstraint(
                fields=["kind", "from_program", "to_program", "from_at"], name="route_once"
            ),
        ]

    def facts(self) -> RouteFacts:
        return RouteFacts(
            kind=self.kind,
            from_program_id=self.from_program_id,
            to_program_id=self.to_program_id,
            basis=self.basis,
            from_at=self.from_at,
            until_at=self.until_at,
        )


class Shift(models.Model):
    """A member on duty in a program. `supervises` names who answers for the queue."""

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    supervises = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # nobody is on duty twice in one program
            models.UniqueConstraint(
                fields=["program", "member"], condition=Q(until_at=None), name="shift_once"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="shift_ends_after_it_starts",
            ),
        ]


class Presence(models.Model):
    """A member at a desk now. One open row each; `heard_at` is kept, not logged."""

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="+")
    signed_in_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)  # told to the supervisor; NULL again when heard
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # a member sits at one desk at a time
            models.UniqueConstraint(
                fields=["member"], condition=Q(ended_at=None), name="presence_once"
            ),
        ]

    def facts(self) -> PresenceFacts:
        return PresenceFacts(
            member_id=self.member_id,
            program_id=self.program_id,
            signed_in_at=self.signed_in_at,
            heard_at=self.heard_at,
            ended_at=self.ended_at,
        )


class Token(models.Model):
    """A key by which a machine acts for a program: its SHA-256 is kept, never the key.

    `position`: of keys that acted in a person's name; all are revoked, and none is made any more.
    `agreed_at`: since when it shows what describes a person; asked for by the scope `see_people`.
    """

    COVERED = (
        "position_id",
        "program_id",
        "issued_by_id",
        "agreed_by_id",
        "agreed_at",
        "digest",
        "scopes",
        "expires_at",
        "revoked_at",
    )

    id = models.UUIDField(primary_key=True)
    position = models.ForeignKey(Position, models.PROTECT, null=True, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    agreed_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    label = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # a key that is in force is a program's, and in nobody's name
            models.CheckConstraint(
                condition=Q(program__isnull=False, position=None) | Q(revoked_at__isnull=False),
                name="token_is_a_machines",
            ),
            # whoever made a key does not agree to what it shows
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False, issued_by=None)
                | (
                    Q(agreed_at__isnull=False, agreed_by__isnull=False)
                    & ~Q(agreed_by=F("issued_by"))
                ),
                name="token_agreed_by_another",
            ),
        ]
