"""Grounds, the ledger of what was told, what another person reviews, and who looked."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nowrongdoor.rows.constraints import Immutable, RowAccess, ended_by_name
from nowrongdoor.rows.policies import AGENCY, MEMBER, PROGRAM, WORKED
from nowrongdoor.sharing.models.agreements import Agreement
from nowrongdoor.sharing.models.columns import a_member, a_program, texts
from nowrongdoor.sharing.models.releases import Release
from nowrongdoor.sharing.safeguards import officer_of

OF_THE_HOLDER = (
    "EXISTS (SELECT FROM agencies_program a JOIN agencies_program b USING (agency_id)"
    " WHERE a.id = program_id AND b.id = from_program_id)"
)
"""SQL: the program that reviews is of the agency whose record it is."""
SIDES = f"{PROGRAM} IN (program_id, from_program_id, to_program_id)"


class Ground(models.Model):
    """A fact of the table that somebody stands for by name: an order, process, a request, an emergency.

    `kind` is the fact's name. An emergency has a free-text reason, and another person reviews it.
    """

    COVERED = (
        *("kind", "program_id", "member_id", "made_at", "from_program_id", "to_program_id"),
        *("to_kind", "person_id", "episode_id", "reference", "from_at", "until_at", "withdrawn_at"),
    )

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    program = a_program()  # of whoever says so
    member = a_member()
    made_at = models.DateTimeField()
    from_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    from_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", db_index=False
    )
    to_program = a_program(null=True)
    to_kind = models.TextField(default="")  # of those who have no program here: a family, a court
    person_id = models.UUIDField(null=True)  # the holder's record
    episode_id = models.UUIDField(null=True)
    reference = models.TextField()  # the number of the order, the code of the law; the reason
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = a_member(null=True)

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_ground_access",
                select=f"{SIDES} OR {officer_of('from_agency_id')}",
                # whoever holds the record; whoever would be told of it only in an emergency, for themselves
                insert=f"program_id = {PROGRAM} AND member_id = {MEMBER} AND (from_program_id = {PROGRAM}"
                f" OR (kind = 'emergency' AND to_program_id = {PROGRAM}))",
                update=f"{SIDES} OR {officer_of('from_agency_id')}",
                columns=("withdrawn_at", "withdrawn_by_id"),
            ),
            Immutable(name="sharing_ground_withdrawn_stands", once="OLD.withdrawn_at IS NOT NULL"),
            models.CheckConstraint(condition=~Q(reference=""), name="ground_says_what"),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False) | Q(episode_id__isnull=False),
                name="ground_is_about_someone",
            ),
            # what opens a record at once opens it for an hour or two, never for good
            models.CheckConstraint(
                condition=~Q(kind="emergency")
                | Q(
                    until_at__isnull=False,
                    until_at__gt=F("from_at"),
                    until_at__lte=F("from_at") + timedelta(hours=2),
                ),
                name="ground_emergency_ends",
            ),
            ended_by_name("withdrawn_at", "withdrawn_by", name="ground_withdrawn_by_name"),
        ]
        indexes = [models.Index(fields=["from_program", "person_id"], name="ground_of_record")]


class Disclosure(models.Model):
    """One line of the ledger: which version of which record was told to whom, why, on what basis."""

    COVERED = (
        *(
            "at",
            "program_id",
            "member_id",
            "from_program_id",
            "to_program_id",
            "to_kind",
            "to_name",
        ),
        *(
            "person_id",
            "episode_id",
            "record_kind",
            "record_id",
            "record_version",
            "data",
            "fields",
        ),
        *(
            "purpose",
            "from_kind",
            "facts",
            "row",
            "basis",
            "duties",
            "agreement_id",
            "release_id",
            "ground_id",
            "rules",
        ),
        *("notice", "channel"),
    )

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    program = a_program()  # of whoever did it: the teller's, or the reader's
    member = a_member(null=True)  # none: the machinery told what a standing rule lets it
    from_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    from_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", db_index=False
    )
    to_program = a_program(null=True)
    to_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_kind = models.TextField()
    to_name = models.TextField(default="")  # and address, of a recipient who has no program here
    person_id = models.UUIDField(null=True)  # the teller's record of the person
    episode_id = models.UUIDField(null=True)
    record_kind = models.TextField()
    record_id = models.UUIDField()
    record_version = models.IntegerField(default=1)
    data = models.TextField()
    fields = texts()
    purpose = models.TextField()
    from_kind = models.TextField()
    facts = texts(default=list)  # what was true: so a changed table can be tried on what was told
    row = models.TextField()
    basis = models.TextField()
    duties = texts(default=list)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, related_name="+", db_index=False
    )
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="told_by_it")
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, related_name="+", db_index=False)
    rules = models.TextField()  # version of the table
    notice = models.TextField(default="")  # version of the notice that went with it
    channel = models.TextField()

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_disclosure_access",
                select=f"{SIDES} OR {officer_of('from_agency_id', 'to_agency_id')}",
                # the teller, the one who is told, or whoever works on the call and asks for help with it
                insert=f"program_id = {PROGRAM} AND (member_id = {MEMBER} OR member_id IS NULL)"
                f" AND ({PROGRAM} IN (from_program_id, to_program_id) OR {WORKED})",
            ),
            Immutable(name="sharing_disclosure_append_only"),
            # written once for each version, reader, purpose and basis, when it is first told; what is told by
            # hand is told each time
            models.UniqueConstraint(
                fields=[
                    *("record_kind", "record_id", "record_version", "from_program", "to_program"),
                    *("to_kind", "to_name", "member", "purpose", "row", "fields"),
                    *("release", "agreement", "ground"),
                ],
                condition=~Q(channel="spoken"),
                nulls_distinct=False,
                name="disclosure_once",
            ),
            models.CheckConstraint(condition=Q(fields__len__gt=0), name="disclosure_of_something"),
            # whoever has no program here has a kind, and a name
            models.CheckConstraint(
                condition=Q(to_program__isnull=False, to_agency__isnull=False)
                | (Q(to_program=None, to_agency=None) & ~Q(to_name="")),
                name="disclosure_to_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "at"], name="disclosure_of_person"),
            models.Index(fields=["episode_id"], name="disclosure_of_episode"),
        ]


class Review(models.Model):
    """What somebody else must look at: an emergency, a word to police, or before it is told at all.

    `confirm`: asked before; it is told once another person has said yes. `review`: it was told at once.
    """

    COVERED = (
        *(
            "kind",
            "program_id",
            "ground_id",
            "disclosure_id",
            "record_id",
            "asked_by_id",
            "asked_at",
        ),
        *("done_at", "done_by_id", "finding", "words"),
    )

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    duty = models.TextField()  # of the table: second_person, officer_72h
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")  # who reviews
    asked_by = a_member()
    asked_at = models.DateTimeField()
    from_program = a_program()
    to_program = a_program(null=True)
    to_kind = models.TextField()
    purpose = models.TextField()
    row = models.TextField()
    person_id = models.UUIDField(null=True)
    episode_id = models.UUIDField(null=True)
    record_id = models.UUIDField()
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, related_name="+", db_index=False)
    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = a_member(null=True)
    finding = models.TextField(default="")
    words = models.TextField(default="")

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_review_access",
                select=f"{PROGRAM} IN (program_id, from_program_id, to_program_id)",
                # whoever asks, asks the agency that holds the record, and answers nothing themselves
                insert=f"{PROGRAM} IN (from_program_id, to_program_id) AND asked_by_id = {MEMBER}"
                f" AND done_at IS NULL AND {OF_THE_HOLDER}",
                update=f"program_id = {PROGRAM} AND asked_by_id <> {MEMBER}",
                check=f"program_id = {PROGRAM} AND done_by_id = {MEMBER}",
                columns=("done_at", "done_by_id", "finding", "words"),
            ),
            Immutable(name="sharing_review_stands", once="OLD.done_at IS NOT NULL"),
            # nobody reviews what they claimed themselves
            models.CheckConstraint(
                condition=Q(done_by=None) | ~Q(done_by=F("asked_by")), name="review_by_another"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, finding="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(finding="")),
                name="review_says_what_was_found",
            ),
        ]
        indexes = [
            models.Index(fields=["program"], condition=Q(done_at=None), name="review_open"),
            models.Index(fields=["record_id"], name="review_of_record"),
        ]


class Look(models.Model):
    """A member saw a record or a page about a person: once for each day and page."""

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    program = a_program()
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    of_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", db_index=False
    )
    record_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    episode_id = models.UUIDField(null=True)
    page = models.TextField()
    label = models.TextField()  # the number of the call or record; never a name
    basis = models.TextField()  # own, works, or the row of the table
    day = models.DateField()  # as the clocks here show it
    at = models.DateTimeField()

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_look_access",
                select=f"member_id = {MEMBER} OR {officer_of('agency_id', 'of_agency_id')}",
                insert=f"program_id = {PROGRAM} AND member_id = {MEMBER} AND agency_id = {AGENCY}",
            ),
            Immutable(name="sharing_look_append_only"),
            models.UniqueConstraint(
                fields=["member", "record_id", "page", "day"], name="look_once_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["record_id", "at"], name="look_of_record"),
            models.Index(fields=["person_id", "at"], name="look_of_person"),
        ]


class Ask(models.Model):
    """Somebody asks to see what is closed to them. It ends as a release, or as a no with its reason."""

    COVERED = (
        *(
            "program_id",
            "member_id",
            "of_program_id",
            "episode_id",
            "data",
            "purpose",
            "why",
            "asked_at",
        ),
        *("answered_at", "answered_by_id", "answer", "reason", "release_id"),
    )

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    member = a_member()
    of_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    of_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", db_index=False
    )
    episode_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)  # the asking program's own record
    data = models.TextField()
    items = ArrayField(models.TextField(), default=list)
    purpose = models.TextField()
    why = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = a_member(null=True)
    answer = models.TextField(default="")
    reason = models.TextField(default="")
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_ask_access",
                select=f"{PROGRAM} IN (program_id, of_program_id) OR {officer_of('of_agency_id')}",
                insert=f"program_id = {PROGRAM} AND member_id = {MEMBER}",
                update=f"of_program_id = {PROGRAM} OR {officer_of('of_agency_id')}",
                columns=("answered_at", "answered_by_id", "answer", "reason", "release_id"),
            ),
            Immutable(name="sharing_answer_stands", once="OLD.answered_at IS NOT NULL"),
            models.CheckConstraint(condition=~Q(why=""), name="ask_says_why"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="", reason="")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                    & ~Q(answer="no", reason="")
                ),
                name="ask_answered_with_a_reason",
            ),
        ]
