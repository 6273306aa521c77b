"""Tables of what a program keeps of people, and what the database itself keeps of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nowrongdoor.identity.facts import Born, JudgmentFacts, NameFacts, NameKind, Says
from nowrongdoor.rows.constraints import Immutable, RowAccess, changed, ended_by_name
from nowrongdoor.rows.functions import SqlFunction, Trigger
from nowrongdoor.rows.policies import MEMBER, OWN

OF_PERSON = f"{OWN} AND EXISTS (SELECT FROM identity_person p WHERE p.id = person_id)"
"""The acting program's own row, of a record of its own: of another program's it sees none."""
JUDGED = (
    *("program_id", "one_id", "other_id", "says", "judged_at", "judged_by_id"),
    *("bits_tenths", "reasons", "one_version", "other_version"),
)
WRITTEN = ("person_id", "program_id", "made_at", "made_by_id")


class Person(models.Model):
    """One program's record of somebody. `version` is that of the whole record, `told_version` of what is compared."""

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+", db_index=False)
    moniker = models.TextField(default="")  # what an unknown person is called here
    born = models.DateField(null=True)
    born_from = models.SmallIntegerField(null=True)  # years, where no date is known
    born_until = models.SmallIntegerField(null=True)
    address = models.TextField(default="")
    usual_place = models.TextField(default="")
    description = models.TextField(default="")
    language = models.TextField(default="")
    safe_contact = ArrayField(models.TextField(), default=list)
    safe_contact_note = models.TextField(default="")
    protections = ArrayField(models.TextField(), default=list)
    # in the person's own words; others see it where their release names it
    what_helps = models.TextField(default="", db_default="")
    what_helps_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    told_version = models.IntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", db_index=False
    )
    merged_at = models.DateTimeField(null=True)
    merged_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            RowAccess(
                name="identity_person_access",
                select=OWN,
                insert=OWN,
                update=OWN,
                owner={"SELECT": "identity_program_of, episodes_own_person"},
            ),
            Immutable(
                name="identity_person_stands",
                once=changed("program_id", "made_at", "made_by_id"),
            ),
            models.CheckConstraint(
                condition=Q(born=None) | Q(born_from=None, born_until=None),
                name="person_born_once",
            ),
            models.CheckConstraint(
                condition=Q(born_from=None, born_until=None)
                | Q(
                    born_from__isnull=False,
                    born_until__isnull=False,
                    born_until__gte=F("born_from"),
                ),
                name="person_born_between",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None, merged_by=None)
                | (
                    Q(merged_into__isnull=False, merged_at__isnull=False, merged_by__isnull=False)
                    & ~Q(merged_into=F("id"))
                ),
                name="person_merged_by_name",
            ),
            # whose a record is, for the gate, and nothing of it
            SqlFunction(
                name="identity_program_of",
                arguments="person uuid",
                returns="uuid",
                body="SELECT p.program_id FROM identity_person p WHERE p.id = person",
            ),
            # whoever merges sees both records: of another program's it sees none
            Trigger(
                name="identity_merged_in_one_program",
                fires="BEFORE INSERT OR UPDATE OF merged_into_id, program_id",
                when="NEW.merged_into_id IS NOT NULL",
                body="""
BEGIN
    IF NOT EXISTS (
        SELECT FROM identity_person p
        WHERE p.id = NEW.merged_into_id AND p.program_id = NEW.program_id AND p.merged_into_id IS NULL
    ) THEN
        RAISE EXCEPTION 'identity_merged_in_one_program' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """,
            ),
        ]
        indexes = [
            # the list of a program's records, the latest first
            models.Index(fields=["program", "-made_at"], name="person_of_program"),
            # what is merged into a record
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="person_merged",
            ),
        ]

    def born_facts(self) -> Born:
        return Born(self.born, self.born_from, self.born_until)


class Name(models.Model):
    """One name of somebody, legal or not. One that was wrong ends, and stays."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="names")
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    kind = models.TextField()
    given = models.TextField(default="")
    family = models.TextField(default="")
    second_family = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            RowAccess(
                name="identity_name_access",
                select=OWN,
                insert=OF_PERSON,
                update=OWN,
                columns=("ended_at", "ended_by_id"),
            ),
            Immutable(
                name="identity_name_stands",
                once=changed(*WRITTEN, "kind", "given", "family", "second_family"),
            ),
            Immutable(name="identity_name_ended_stands", once="OLD.ended_at IS NOT NULL"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in NameKind]), name="name_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(given="", family="", second_family=""), name="name_says_something"
            ),
            ended_by_name("ended_at", "ended_by", name="name_ended_by_name"),
        ]

    def facts(self) -> NameFacts:
        return NameFacts(self.given, self.family, self.second_family)


class Phone(models.Model):
    """A number under which somebody was reached, or gave. It may be several people's."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="phones")
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    number = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            RowAccess(
                name="identity_phone_access",
                select=OWN,
                insert=OF_PERSON,
                update=OWN,
                columns=("ended_at", "ended_by_id"),
            ),
            Immutable(name="identity_phone_stands", once=changed(*WRITTEN, "number")),
            Immutable(name="identity_phone_ended_stands", once="OLD.ended_at IS NOT NULL"),
            models.CheckConstraint(condition=~Q(number=""), name="phone_says_something"),
            ended_by_name("ended_at", "ended_by", name="phone_ended_by_name"),
        ]


class Key(models.Model):
    """One of the numbers under which a record is found. Made from the record; `live` while that says so."""

    id = models.BigAutoField(primary_key=True)
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    key = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    live = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            RowAccess(
                name="identity_key_access",
                select=OWN,
                insert=OF_PERSON,
                update=OWN,
                columns=("live",),
            ),
        ]
        indexes = [
            # candidates; the person stands in the index, so that the table is not read
            models.Index(
                fields=["program", "key", "person"], condition=Q(live=True), name="key_found"
            ),
        ]


class Judgment(models.Model):
    """What a named person said of two records, with the reasons they saw. `one_id` < `other_id`.

    `one_version`, `other_version`: as of which `told_version` of each; of another program's record 0.
    """

    COVERED = (*JUDGED, "undone_at", "undone_by_id")

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    one = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    says = models.TextField()
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, related_name="+", db_index=False
    )
    bits_tenths = models.IntegerField()  # tenths of bits, as they were shown
    reasons = models.JSONField(default=list)  # [{field, level, bits}], no value of a field
    one_version = models.IntegerField()
    other_version = models.IntegerField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            RowAccess(
                name="identity_judgment_access",
                select=OWN,
                insert=f"{OWN} AND judged_by_id = {MEMBER}",
                update=OWN,
                check=f"{OWN} AND undone_by_id = {MEMBER}",
                columns=("undone_at", "undone_by_id"),
            ),
            Immutable(name="identity_judgment_stands", once=changed(*JUDGED)),
            Immutable(name="identity_undone_stands", once="OLD.undone_at IS NOT NULL"),
            models.CheckConstraint(
                condition=Q(says__in=[each.value for each in Says]), name="judgment_known"
            ),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="judgment_of_two_in_order"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(
                    undone_at__isnull=False,
                    undone_at__gte=F("judged_at"),
                    undone_by__isnull=False,
                ),
                name="judgment_undone_by_name",
            ),
            # a program says one thing of two records at a time
            models.UniqueConstraint(
                fields=["program", "one", "other"],
                condition=Q(undone_at=None),
                name="judgment_once",
            ),
        ]
        indexes = [
            models.Index(fields=["one", "judged_at"], name="judgment_of_one"),
            models.Index(fields=["other", "judged_at"], name="judgment_of_other"),
        ]

    def facts(self) -> JudgmentFacts:
        return JudgmentFacts(
            id=self.pk,
            one_id=self.one_id,
            other_id=self.other_id,
            says=Says(self.says),
            by_name=self.judged_by.name,
            on=f"{self.judged_at:%Y-%m-%d}",
        )
