"""Tables of requests, assignments, signs of life and cautions. Units and crews are in `fleet.py`."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nowrongdoor.dispatch import safeguards
from nowrongdoor.dispatch.facts import (
    AssignmentFacts,
    RequestFacts,
    RequestState,
    Stage,
)
from nowrongdoor.dispatch.fleet import (
    CadStatus,
    Crew,
    CrewMember,
    Kind,
    Position,
    Qualification,
    Unavailable,
    Unit,
    UnitAuthority,
)
from nowrongdoor.rows.constraints import RowAccess
from nowrongdoor.rows.policies import WORKED

NOT_ENDED = Q(declined_at=None, withdrawn_at=None, ended_at=None)
"""A request that somebody still has to answer, or is answering."""
NOT_FOLLOWED = (Q(declined_at__isnull=False) | Q(returned=True)) & Q(without="", followed_by=None)
"""A no, or nobody met, after which whoever asked has not done anything yet."""

__all__ = [
    "Assignment",
    "CadStatus",
    "Caution",
    "CheckIn",
    "Choice",
    "Crew",
    "CrewMember",
    "Duress",
    "Kind",
    "MemberTime",
    "Notification",
    "Position",
    "Qualification",
    "Request",
    "Unavailable",
    "Unit",
    "UnitAuthority",
]  # fmt: skip


class Request(models.Model):
    """Somebody's work is asked for. Never moves the holder."""

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+")
    from_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    from_member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    to_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.TextField(default="")
    language = models.TextField(default="")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    for_assignment = (
        models.ForeignKey(  # the crew for whose sake it was asked: silent, or in danger
            "dispatch.Assignment", models.PROTECT, null=True, related_name="+", db_index=False
        )
    )
    alerts = models.IntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    rings = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    choose_step = models.IntegerField(default=0)  # a choice is due, as this step; 0 none
    accepted_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    returned = models.BooleanField(default=False)  # the person was not met
    next_try_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")  # why declined: a code
    without = models.TextField(default="")  # why nobody else is asked after a no: a code
    kept_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    source = models.TextField(default="live")  # anything else was entered afterwards, and is over
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            *safeguards.REQUEST,
            # it ends one way
            models.CheckConstraint(
                condition=(
                    Q(declined_at=None, withdrawn_at=None)
                    | Q(declined_at=None, ended_at=None)
                    | Q(withdrawn_at=None, ended_at=None)
                ),
                name="request_ends_one_way",
            ),
            # a no has a name and a reason
            models.CheckConstraint(
                condition=Q(declined_at=None) | (Q(answered_by__isnull=False) & ~Q(reason="")),
                name="request_declined_with_reason",
            ),
            # a queue has a promise and somebody who rings the caller
            models.CheckConstraint(
                condition=Q(queued_at=None)
                | (Q(promised_at__isnull=False) & Q(rings__isnull=False)),
                name="request_queued_with_promise",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(answered_by__isnull=False) | Q(source="import"),
                name="request_accepted_by_name",
            ),
            # what came back has a next try; what is entered afterwards had it elsewhere
            models.CheckConstraint(
                condition=Q(returned=False) | Q(next_try_at__isnull=False) | ~Q(source="live"),
                name="request_returned_with_next_try",
            ),
            models.CheckConstraint(
                condition=(Q(accepted_at=None) | Q(accepted_at__gte=F("asked_at")))
                & (Q(declined_at=None) | Q(declined_at__gte=F("asked_at")))
                & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("asked_at")))
                & (Q(ended_at=None) | Q(ended_at__gte=F("asked_at"))),
                name="request_answered_after_asked",
            ),
            # what is entered afterwards is over
            models.CheckConstraint(
                condition=Q(source="live") | Q(ended_at__isnull=False),
                name="request_entered_when_over",
            ),
        ]
        indexes = [
            # an episode's requests
            models.Index(fields=["episode"], name="request_episode"),
            # a desk's open requests
            models.Index(
                fields=["to_program", "asked_at"], condition=NOT_ENDED, name="request_open"
            ),
            # what is open for a crew's sake, when it clears or signs off
            models.Index(
                fields=["for_assignment"],
                condition=Q(for_assignment__isnull=False) & NOT_ENDED,
                name="request_open_for_crew",
            ),
        ]

    @property
    def state(self) -> RequestState:
        ended = {
            RequestState.DECLINED: self.declined_at,
            RequestState.WITHDRAWN: self.withdrawn_at,
            RequestState.RETURNED: self.ended_at if self.returned else None,
            RequestState.DONE: self.ended_at,
        }
        for state, at in ended.items():
            if at is not None:
                return state
        if self.accepted_at is not None:
            return RequestState.ACCEPTED
        return RequestState.QUEUED if self.queued_at is not None else RequestState.ASKED

    def facts(self) -> RequestFacts:
        return RequestFacts(
            id=self.pk,
            episode_id=self.episode_id,
            kind=self.kind_id,
            from_program_id=self.from_program_id,
            to_program_id=self.to_program_id,
            state=self.state,
            kept=self.kept_at is not None and self.released_at is None,
            released=self.released_at is not None,
        )


class Choice(models.Model):
    """What a person decided while a team was queued. Append-only."""

    id = models.UUIDField(primary_key=True)
    request = models.ForeignKey(Request, models.PROTECT, related_name="choices")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    step = models.IntegerField()
    choose = models.TextField()
    promised_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")

    class Meta:
        constraints = [RowAccess(name="dispatch_choice_access", select=WORKED, insert=WORKED)]


class Assignment(models.Model):
    """One unit answering one request, from the order to go until it is clear."""

    id = models.UUIDField(primary_key=True)
    request = models.ForeignKey(Request, models.PROTECT, related_name="assignments")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    crew = models.ForeignKey(Crew, models.PROTECT, null=True, related_name="+")  # NULL: CAD's
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    authority = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    source = models.TextField(default="live")  # anything else was entered afterwards, and is over
    override = models.TextField(default="")  # why a missing clearance was overridden: a code
    eta_min = models.IntegerField(null=True)  # the estimate when it was sent
    assigned_at = models.DateTimeField(null=True)  # NULL: the other system does not say
    en_route_at = models.DateTimeField(null=True)
    staged_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    engaged_at = models.DateTimeField(null=True)
    transporting_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    took_somebody = models.BooleanField(default=False)
    left_behind = ArrayField(models.TextField(), default=list)
    facility_code = models.TextField(default="")  # where they are being taken
    missed = models.IntegerField(default=0)  # signs of life missed in a row

    class Meta:
        constraints = [
            *safeguards.ASSIGNMENT,
            # a unit answers one request at a time
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(cleared_at=None, source="live"),
                name="assignment_one_open_per_unit",
            ),
            # somebody sent it, at a time; only another system's file may not say who, or when
            models.CheckConstraint(
                condition=Q(source="import") | Q(by_member__isnull=False),
                name="assignment_sent_by_name",
            ),
            models.CheckConstraint(
                condition=~Q(source="live") | Q(assigned_at__isnull=False),
                name="assignment_sent_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | ~Q(outcome=""),
                name="assignment_cleared_with_outcome",
            ),
            # whoever took somebody said what was left behind
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(took_somebody=False) | ~Q(left_behind=[]),
                name="assignment_left_behind_said",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{stage.value}_at": None})
                    | Q(**{f"{stage.value}_at__gte": F("assigned_at")}),
                    name=f"assignment_{stage.value}_after_assigned",
                )
                for stage in Stage
                if stage is not Stage.ASSIGNED
            ),
        ]
        indexes = [models.Index(fields=["episode"], name="assignment_episode")]

    def no_earlier(self, at: datetime) -> datetime:
        """`at`, or its last known time: a clock that stepped back must not keep a step from being said."""
        times: list[datetime | None] = [getattr(self, f"{stage.value}_at") for stage in Stage]
        return max([at, *(each for each in times if each is not None)])

    def reached(self) -> Mapping[Stage, object]:
        times = {stage: getattr(self, f"{stage.value}_at") for stage in Stage}
        return {stage: at for stage, at in times.items() if at is not None}

    def facts(self, crew: frozenset[object] = frozenset()) -> AssignmentFacts:
        return AssignmentFacts(
            id=self.pk,
            episode_id=self.episode_id,
            request_id=self.request_id,
            unit_id=self.unit_id,
            program_id=self.program_id,
            crew_member_ids=crew,  # type: ignore[arg-type]  # ids, as the query gives them
            reached=self.reached(),  # type: ignore[arg-type]
            over=self.source != "live",
        )


class MemberTime(models.Model):
    """The own way of somebody of a crew who comes in a separate car."""

    id = models.UUIDField(primary_key=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="times")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_member_time"
        constraints = [
            RowAccess(
                name="dispatch_member_time_access", select=WORKED, insert=WORKED, update=WORKED
            ),
            models.UniqueConstraint(fields=["assignment", "member"], name="member_time_once"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(on_scene_at__isnull=False),
                name="member_left_after_coming",
            ),
        ]


class CheckIn(models.Model):
    """A sign of life. Append-only."""

    id = models.UUIDField(primary_key=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="check_ins")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.TextField()
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")

    class Meta:
        db_table = "dispatch_check_in"
        constraints = [RowAccess(name="dispatch_check_in_access", select=WORKED, insert=WORKED)]


class Duress(models.Model):
    """An alarm of a team, until its desk has spoken with them."""

    id = models.UUIDField(primary_key=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.TextField()
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            RowAccess(name="dispatch_duress_access", select=WORKED, insert=WORKED, update=WORKED),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(ended_at=None), name="duress_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_by__isnull=False), name="duress_ended_by_name"
            ),
        ]


class Notification(models.Model):
    """Who was told who is coming. Append-only."""

    id = models.UUIDField(primary_key=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="told")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    whom = models.TextField()  # caller, patrol
    at = models.DateTimeField()
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")

    class Meta:
        constraints = [RowAccess(name="dispatch_notification_access", select=WORKED, insert=WORKED)]


class Caution(models.Model):
    """A safety concern about a place, or about the person of an episode, until its end."""

    id = models.UUIDField(primary_key=True)
    of = models.TextField()
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    place = models.TextField(default="")  # as it is compared: folded, without spaces at its ends
    code = models.TextField()
    text = models.TextField(default="")
    evidence = models.TextField()  # how one knows: a code
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    appeal = models.TextField(default="")  # why: a code
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    kept = models.BooleanField(null=True)

    class Meta:
        constraints = [
            *safeguards.CAUTION,
            models.CheckConstraint(condition=Q(expires_at__gt=F("at")), name="caution_ends"),
            models.CheckConstraint(
                condition=Q(decided_at=None)
                | (Q(decided_by__isnull=False, kept__isnull=False) & ~Q(decided_by=F("by_member"))),
                name="caution_appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(of="place") | ~Q(place=""), name="caution_of_a_place_has_one"
            ),
        ]
        indexes = [models.Index(fields=["place"], condition=~Q(place=""), name="caution_place")]
