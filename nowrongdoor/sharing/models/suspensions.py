"""Suspensions of a person's accounting, which law enforcement or health oversight asked for."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from nowrongdoor.rows.constraints import Immutable, RowAccess, ended_by_name, in_another_name
from nowrongdoor.rows.policies import AGENCY, MEMBER
from nowrongdoor.sharing.models.columns import a_member
from nowrongdoor.sharing.safeguards import OFFICER, officer_of
from nowrongdoor.sharing.suspending import ORAL_DAYS


class Suspension(models.Model):
    """For so long the accounting of one record leaves out what its requester was told, and does not say so.

    An agency of the community, or by the name under which the ledger has a recipient without a program.
    """

    COVERED = (
        *("person_id", "agency_id", "member_id", "to_agency_id", "to_name", "official", "way"),
        *("from_at", "until_at", "lifted_at", "lifted_by_id"),
    )

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    member = a_member()
    to_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_name = models.TextField(default="")
    official = models.TextField()  # who made the statement: 45 CFR 164.528(a)(2)(ii)(A)
    way = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = a_member(null=True)

    class Meta:
        constraints = [
            RowAccess(
                name="sharing_suspension_access",
                select=officer_of("agency_id"),
                insert=f"agency_id = {AGENCY} AND member_id = {MEMBER} AND {OFFICER}",
                update=officer_of("agency_id"),
                columns=("lifted_at", "lifted_by_id"),
            ),
            Immutable(name="sharing_suspension_lifted_stands", once="OLD.lifted_at IS NOT NULL"),
            Immutable(
                name="sharing_suspension_lifted_in_own_name",
                once=in_another_name("lifted_at", "lifted_by_id"),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("from_at")),
                name="suspension_lifted_after_it_begins",
            ),
            # what an agency told itself is no disclosure: there is nothing to leave out
            models.CheckConstraint(
                condition=Q(to_agency=None) | ~Q(to_agency=F("agency")),
                name="suspension_of_another_agency",
            ),
            models.CheckConstraint(
                condition=Q(way__in=["oral", "written"]), name="suspension_way_known"
            ),
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="suspension_ends_after_it_begins"
            ),
            # 45 CFR 164.528(a)(2)(ii)(C)
            models.CheckConstraint(
                condition=~Q(way="oral")
                | Q(until_at__lte=F("from_at") + timedelta(days=ORAL_DAYS)),
                name="suspension_oral_ends_in_30_days",
            ),
            models.CheckConstraint(condition=~Q(official=""), name="suspension_says_who_asked"),
            models.CheckConstraint(
                condition=Q(to_agency__isnull=False, to_name="")
                | (Q(to_agency=None) & ~Q(to_name="")),
                name="suspension_of_one_requester",
            ),
            ended_by_name("lifted_at", "lifted_by", name="suspension_lifted_by_name"),
        ]
        indexes = [models.Index(fields=["person_id"], name="suspension_of_record")]
