"""Places, and what was said of how full they are. What was said stays: nobody may change a row."""

from django.db import models
from django.db.models import F, Q

from nowrongdoor.directory.facts import (
    SAID,
    Age,
    CapacityFacts,
    CapacityReport,
    Medical,
    Point,
    Police,
    RunBy,
    Serves,
    State,
    Takes,
)
from nowrongdoor.rows.constraints import RowAccess
from nowrongdoor.rows.policies import AGENCY, MEMBER, PROGRAM

RUNS_IT = (
    "EXISTS (SELECT FROM directory_facility f "
    f"WHERE f.id = facility_id AND f.program_id = {PROGRAM})"
)
CLOSED = [State.FULL.value, State.DIVERTING.value]


class Facility(models.Model):
    """A place where a person can go. Retired, never removed: old words are about it."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField()
    names = models.JSONField()
    # NULL: it is run by nobody who takes part here
    program = models.ForeignKey("agencies.Program", models.PROTECT, null=True, related_name="+")
    staffed = models.BooleanField()  # its program has people here, who say how full it is
    zone = models.ForeignKey("community.Zone", models.PROTECT, null=True, related_name="+")
    lon = models.FloatField()  # its own point, else the middle of its zone
    lat = models.FloatField()
    hours = models.TextField()
    takes = models.JSONField()
    places = models.IntegerField(null=True)
    phone = models.TextField(default="")
    position = models.IntegerField()
    source = models.TextField()
    retired_at = models.DateTimeField(null=True)

    def point(self) -> Point:
        return (self.lon, self.lat)

    def run_by(self) -> RunBy:
        return RunBy(self.program_id, staffed=self.staffed, places=self.places)

    def taken(self) -> Takes:
        found = self.takes
        return Takes(
            ages=frozenset(map(Age, found["ages"])),
            police=Police(found["police"]),
            involuntary=found["involuntary"],
            medical=Medical(found["medical"]),
            serves=frozenset(map(Serves, found["serves"])),
            pets=found["pets"],
        )


class Capacity(models.Model):
    """One word about how full a place is. It says nothing about any person who is there."""

    id = models.UUIDField(primary_key=True)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    machine = models.ForeignKey("agencies.Token", models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    state = models.TextField()
    free = models.IntegerField(null=True)  # NULL: nobody counted
    reason = models.TextField(default="")
    review_at = models.DateTimeField()
    told_by = models.TextField(default="")  # who there said it by phone; '' is the place's own word

    class Meta:
        constraints = [
            # About no person: everybody who acts for a program reads it. A program writes in its own
            # name; of a place that it does not run, only what it was told by somebody there.
            RowAccess(
                name="directory_capacity_access",
                select=f"{PROGRAM} IS NOT NULL",
                insert=(
                    f"agency_id = {AGENCY} AND program_id = {PROGRAM} "
                    f"AND coalesce(member_id, machine_id) = {MEMBER} AND (told_by <> '' OR {RUNS_IT})"
                ),
            ),
            # a person says it, or a machine; never one in the other's name
            models.CheckConstraint(
                condition=Q(member=None, machine__isnull=False)
                | Q(member__isnull=False, machine=None),
                name="capacity_said_by_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in SAID]), name="capacity_state_said"
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=F("said_at")), name="capacity_reviewed_after_it_is_said"
            ),
            models.CheckConstraint(
                condition=Q(free=None) | Q(free__gte=0), name="capacity_free_is_a_count"
            ),
            # a full place has none free; an open or limited one has not "none"
            models.CheckConstraint(
                condition=Q(free=None)
                | Q(state=State.DIVERTING.value)
                | Q(state=State.FULL.value, free=0)
                | Q(state__in=[State.OPEN.value, State.LIMITED.value], free__gt=0),
                name="capacity_free_fits_state",
            ),
            # full and diverting say why, open says nothing
            models.CheckConstraint(
                condition=(Q(state__in=CLOSED) & ~Q(reason=""))
                | Q(state=State.OPEN.value, reason="")
                | Q(state=State.LIMITED.value),
                name="capacity_says_why",
            ),
        ]
        # how a place stands now: its last word
        indexes = [models.Index(fields=["facility", "-said_at", "-id"], name="capacity_last")]

    def facts(self) -> CapacityFacts:
        word = CapacityReport(
            state=State(self.state),
            review_at=self.review_at,
            free=self.free,
            reason=self.reason,
            told_by=self.told_by,
        )
        return CapacityFacts(word, self.said_at, own=not self.told_by)
