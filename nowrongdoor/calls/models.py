"""Tables of contacts and of the lines they came on."""

from django.db import models
from django.db.models import Func, Q

from nowrongdoor.calls import safeguards
from nowrongdoor.calls.facts import LegFacts, Medium, Mode, ParticipantFacts
from nowrongdoor.rows.constraints import Immutable, MustHaveDeadline, RowAccess
from nowrongdoor.rows.policies import OWN, PROGRAM, SEEN, WORKED

STAGES = ("received_at", "queued_at", "dispatched_at", "enroute_at", "arrived_at", "cleared_at")
SIDE = f"{OWN} OR holder_program_id = {PROGRAM}"


class Contact(models.Model):
    """One call, text, walk-in or officer's contact, with the times that are known.

    A stage that the source does not tell is NULL, never guessed.
    """

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, null=True, related_name="+")
    channel = models.TextField()
    class_code = models.TextField()
    source = models.TextField()
    external_ref = models.TextField(default="")  # the other system's number for it
    received_at = models.DateTimeField()
    # clocks went through that hour twice, and nothing tells which was meant: the first is kept
    received_either = models.BooleanField(default=False, db_default=False)
    recorded_at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    queued_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    enroute_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # the caller, who may not be the person: seen by the program that took the contact
    caller_name = models.TextField(default="", db_default="")
    caller_callback = models.TextField(default="", db_default="")
    caller_language = models.TextField(default="", db_default="")
    caller_relay = models.BooleanField(default=False, db_default=False)
    caller_unverified = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            # seen by the program that took it
            RowAccess(name="calls_contact_access", select=OWN, insert=OWN, update=OWN),
            # the same contact is not entered twice
            models.UniqueConstraint(
                fields=["program", "source", "external_ref"],
                condition=~Q(external_ref=""),
                name="contact_once",
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="contact_received")]


class Leg(models.Model):
    """One caller's line. Facts: a desk's key or a telephone system says them.

    `alone_since` is since when nobody of ours is on it; a trigger holds it true.
    """

    id = models.UUIDField(primary_key=True)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    medium = models.TextField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.TextField(default="")  # ended | lost
    alone_since = models.DateTimeField(null=True)
    alone_s = models.IntegerField(default=0)  # of earlier times alone, already over

    class Meta:
        constraints = [
            RowAccess(name="calls_leg_access", select=WORKED, insert=WORKED, update=WORKED),
            Immutable(name="calls_leg_end_stands", once="OLD.ended_at IS NOT NULL"),
            MustHaveDeadline(
                name="leg_alone_rings", kinds=("calls.alone",), while_="r.alone_since IS NOT NULL"
            ),
            *safeguards.LEG,
            models.CheckConstraint(
                condition=Q(medium__in=[each.value for each in Medium]), name="leg_medium_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="")
                | Q(ended_at__isnull=False, ended_as__in=["ended", "lost"]),
                name="leg_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(alone_since=None) | Q(ended_at=None), name="leg_alone_while_open"
            ),
        ]
        indexes = [
            models.Index(fields=["episode"], condition=Q(ended_at=None), name="leg_open"),
        ]

    def facts(self, on: tuple[ParticipantFacts, ...]) -> LegFacts:
        return LegFacts(
            id=self.pk,
            episode_id=self.episode_id,
            medium=Medium(self.medium),
            ended=self.ended_at is not None,
            alone_since=self.alone_since,
            on=on,
        )


class Participant(models.Model):
    """A named person on a leg, speaking or listening, from when until when."""

    id = models.UUIDField(primary_key=True)
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="on")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    medium = models.TextField()  # the leg's own, so that a constraint can look at it
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    attested_name = models.TextField(default="")
    mode = models.TextField()
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_as = models.TextField(default="")
    seen_step = models.IntegerField(default=0)
    relief_to = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    reminders = models.IntegerField(
        default=0
    )  # after a release: how often it was asked what became

    class Meta:
        db_table = "calls_participant"
        constraints = [
            RowAccess(name="calls_participant_access", select=WORKED, insert=WORKED, update=WORKED),
            Immutable(
                name="calls_participant_end_stands",
                once="OLD.until_at IS NOT NULL",
                columns=("until_at", "ended_as", "mode", "since_at"),
            ),
            *safeguards.ON_LINE,
            # one person is on a leg once
            models.UniqueConstraint(
                fields=["leg", "member"], condition=Q(until_at=None), name="on_line_once"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False) | ~Q(attested_name=""), name="on_line_by_name"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=[each.value for each in Mode]), name="on_line_mode_known"
            ),
            # nobody can listen in on text
            models.CheckConstraint(
                condition=~Q(medium="text") | ~Q(mode="listening"),
                name="on_line_never_listens_to_text",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None, ended_as="")
                | (Q(until_at__isnull=False) & ~Q(ended_as="")),
                name="on_line_ends_one_way",
            ),
        ]
        indexes = [
            # what one person is on: relief, sign-out
            models.Index(fields=["member"], condition=Q(until_at=None), name="on_line_open_member"),
            models.Index(fields=["episode"], name="on_line_episode"),
        ]

    def facts(self) -> ParticipantFacts:
        return ParticipantFacts(
            id=self.pk,
            leg_id=self.leg_id,
            program_id=self.program_id,
            member_id=self.member_id,
            mode=Mode(self.mode),
            since_at=self.since_at,
            until_at=self.until_at,
            seen_step=self.seen_step,
        )


class Search(models.Model):
    """A place, or a caller who was lost, is being sought, by somebody, with a clock."""

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    seeking = models.TextField()  # place | caller
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    owner = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    found_at = models.DateTimeField(null=True)
    alerts = models.IntegerField(default=0)

    class Meta:
        constraints = [
            RowAccess(name="calls_search_access", select=WORKED, insert=WORKED, update=WORKED),
            models.UniqueConstraint(
                fields=["episode", "seeking"], condition=Q(found_at=None), name="search_once_open"
            ),
            models.CheckConstraint(
                condition=Q(seeking__in=["place", "caller"]), name="search_seeks_known"
            ),
        ]


class SearchAttempt(models.Model):
    """One try to find a place or a caller: how, and whether it did. Append-only."""

    id = models.UUIDField(primary_key=True)
    search = models.ForeignKey(Search, models.PROTECT, related_name="tries")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    how = models.TextField()  # a code of search_tries
    found = models.BooleanField()

    class Meta:
        db_table = "calls_search_attempt"
        constraints = [RowAccess(name="calls_search_attempt_access", select=WORKED, insert=WORKED)]


class ExternalResponder(models.Model):
    """What was sent, as a person says who sent it in CAD. The need is triage's; this is the answer.

    A rescue is a sending whose contact with the person must be confirmed.
    """

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    axis = models.TextField()  # police | ems | clinical
    value = models.TextField()  # a word of that axis
    at = models.DateTimeField()
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    rescue = models.TextField(default="")  # '' | voluntary | involuntary
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    not_found_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "calls_external_responder"
        constraints = [
            RowAccess(
                name="calls_external_responder_access",
                select=WORKED,
                insert=f"{OWN} AND {WORKED}",
                update=WORKED,
            ),
            models.CheckConstraint(
                condition=Q(axis__in=["police", "ems", "clinical"]), name="sent_axis_known"
            ),
            models.CheckConstraint(
                condition=Q(rescue__in=["", "voluntary", "involuntary"]), name="sent_rescue_known"
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, met_by=None)
                | Q(met_at__isnull=False, met_by__isnull=False),
                name="sent_met_by_name",
            ),
        ]


class CallRequest(models.Model):
    """A clinician asks for a call that somebody else holds; the holder gives it, or says no."""

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    holder_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    given = models.BooleanField(default=False)

    class Meta:
        db_table = "calls_call_request"
        constraints = [
            RowAccess(
                name="calls_call_request_access",
                select=SIDE,
                insert=f"{OWN} AND {SEEN}",
                update=SIDE,
            ),
            models.UniqueConstraint(
                fields=["episode", "program"], condition=Q(answered_at=None), name="pull_once_open"
            ),
        ]


class PlanNote(models.Model):
    """A counselor's note and plan: health content, read by the program that wrote it. Append-only."""

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    by_member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    wishes_follow_up = models.BooleanField(null=True)  # None: not asked

    class Meta:
        db_table = "calls_plan_note"
        constraints = [
            # its author's program alone, whoever works on the episode
            RowAccess(name="calls_plan_note_access", select=OWN, insert=f"{OWN} AND {WORKED}"),
        ]


class LineStatus(models.Model):
    """A program's lines are down, as somebody at a desk said, until somebody says they are back."""

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    said_by_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    down_at = models.DateTimeField()
    down_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    up_at = models.DateTimeField(null=True)
    up_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "calls_line_status"
        constraints = [
            # which lines are down is no secret to those who depend on them
            RowAccess(
                name="calls_line_status_access",
                select="true",
                insert=f"said_by_program_id = {PROGRAM}",
                update="true",
            ),
            models.UniqueConstraint(
                fields=["program"], condition=Q(up_at=None), name="line_down_once"
            ),
        ]


class Psap(models.Model):
    """Another 911 centre, as the community's files know it: for which zones, and its numbers."""

    program = models.OneToOneField(
        "agencies.Program", models.PROTECT, primary_key=True, related_name="+"
    )
    zones = models.JSONField()
    emergency_number = models.TextField()
    source = models.TextField()
