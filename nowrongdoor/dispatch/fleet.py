"""Tables of what may come: kinds of help, units, crews and cars. No row says anything of a person in
crisis; they stand outside row-level security (`site/tables.py`)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nowrongdoor.dispatch.facts import Axis, KindFacts, Mode


class Kind(models.Model):
    """A kind of help that can be asked for. From the community's files."""

    code = models.TextField(primary_key=True)
    names = models.JSONField()
    axis = models.TextField()
    mode = models.TextField(default="")  # for police: aware, staged, now
    unit_kinds = ArrayField(models.TextField())
    needs = ArrayField(models.TextField(), default=list)  # courses: a lack is a gap
    clearances = ArrayField(models.TextField(), default=list)  # the law's: a lack blocks
    least_crew = models.IntegerField(default=2)
    clinician = models.BooleanField(default=False)
    answer_s = models.IntegerField()  # after which an unanswered request rings
    position = models.IntegerField()
    source = models.TextField()

    class Meta:
        db_table = "dispatch_kind"

    def facts(self) -> KindFacts:
        return KindFacts(
            code=self.code,
            axis=Axis(self.axis),
            mode=Mode(self.mode),
            unit_kinds=frozenset(self.unit_kinds),
            needs=frozenset(self.needs),
            clearances=frozenset(self.clearances),
            least_crew=self.least_crew,
            clinician=self.clinician,
        )


class Unit(models.Model):
    """Two people and a car. `cad`: CAD's own; what it does is what CAD last said."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    kind = models.TextField()
    vehicle = models.TextField()
    plain_clothes = models.BooleanField()
    cad = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)
    source = models.TextField()


class UnitAuthority(models.Model):
    """A program whose desk may send a unit, from a time until another."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="authorities")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_unit_authority"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "program", "from_at"], name="unit_authority_once"
            ),
        ]


class Qualification(models.Model):
    """A course a member has taken, or a clearance they hold, until its time is over."""

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    code = models.TextField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "code"], name="qualification_once"),
        ]


class Crew(models.Model):
    """Who is on a unit, from roll-call until they sign off. The car may be another than usual."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="crews")
    vehicle = models.TextField()
    plain_clothes = models.BooleanField()
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until_at=None), name="crew_one_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("since_at")),
                name="crew_ends_after_it_starts",
            ),
        ]


class CrewMember(models.Model):
    """One person of a crew, acting for one program. `own_car`: comes separately, in that car."""

    id = models.UUIDField(primary_key=True)
    crew = models.ForeignKey(Crew, models.PROTECT, related_name="members")
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    role = models.TextField()
    own_car = models.TextField(default="")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_crew_member"
        constraints = [
            # nobody is on two crews
            models.UniqueConstraint(
                fields=["member"], condition=Q(until_at=None), name="crew_member_on_one_crew"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("since_at")),
                name="crew_member_ends_after_it_starts",
            ),
        ]


class Position(models.Model):
    """Where a unit was last. One row each, kept and not logged."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="position")
    lat = models.FloatField()
    lon = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="position_on_earth",
            ),
        ]


class CadStatus(models.Model):
    """What CAD last said of a unit of CAD's: a status word of its own, and when."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="said")
    state = models.TextField()
    busy = models.BooleanField()
    at = models.DateTimeField()


class Unavailable(models.Model):
    """A unit out of service, with the reason, until it is back."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="unavailable")
    reason = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until_at=None), name="unavailable_once"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="unavailable_ends_after_it_starts",
            ),
        ]
