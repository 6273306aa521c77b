"""Tables of holding."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from nowrongdoor.episodes import safeguards
from nowrongdoor.episodes.facts import (
    CardFacts,
    EpisodeFacts,
    HandoffFacts,
    Moves,
    Purpose,
    Step,
)
from nowrongdoor.rows.constraints import Immutable, RowAccess
from nowrongdoor.rows.policies import PROGRAM, WORKED

OPEN = Q(accepted_at=None, declined_at=None, withdrawn_at=None)
"""An offer that nobody has answered and nobody has taken back."""
SIDE = f"{PROGRAM} = from_program_id OR {PROGRAM} = to_program_id"
# Drawn when a row is written, not when the table is made: the sequence is made after it.
NUMBER = Func(
    Value("episodes_number"),
    function="nextval",
    template="%(function)s(%(expressions)s::text::regclass)",
)


class Kind(models.Model):
    """A kind of transfer, as the community's files define it."""

    code = models.TextField(primary_key=True)
    names = models.JSONField()
    moves = models.TextField()
    owner = models.TextField()  # the module whose command accepts it
    attestable = models.BooleanField()
    # whoever is with the person offers it, for the holder, who goes on holding until it is accepted
    by_team = models.BooleanField(default=False, db_default=False)
    steps = models.JSONField()  # [{after_s, tell}]
    source = models.TextField()

    class Meta:
        db_table = "episodes_kind"
        constraints = [
            models.CheckConstraint(
                condition=Q(moves__in=[each.value for each in Moves]), name="kind_moves_known"
            ),
        ]

    def waits(self) -> tuple[Step, ...]:
        return tuple(Step(step["after_s"], step["tell"]) for step in self.steps)


class Episode(models.Model):
    """One person's crisis. `closed_at IS NULL AND joined_into IS NULL` is "open"."""

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(unique=True, db_default=NUMBER)
    label = models.TextField(unique=True)
    kind = models.TextField()
    class_code = models.TextField()
    zone = models.ForeignKey("community.Zone", models.PROTECT, null=True, related_name="+")
    source = models.TextField()
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    holder_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    holder_member = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+"
    )
    held_since = models.DateTimeField()
    holder_via = models.ForeignKey("Handoff", models.PROTECT, null=True, related_name="+")
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    accountable_member = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+"
    )
    declined_by_person = models.BooleanField(default=False)
    # both kept by a trigger: the programs of all parties, and of those that work on it
    seen_by = ArrayField(models.UUIDField())
    worked_by = ArrayField(models.UUIDField())
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            *safeguards.EPISODE,
            # who holds works on it, and so sees all of it
            models.CheckConstraint(
                condition=Q(worked_by__contains=[F("holder_program")]),
                name="episode_holder_is_party",
            ),
            # each acceptance moves a holder once
            models.UniqueConstraint(fields=["holder_via"], name="episode_holder_via_once"),
            models.CheckConstraint(
                condition=Q(held_since__gte=F("opened_at")), name="episode_held_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("held_since")),
                name="episode_closes_after_it_is_held",
            ),
            # after close somebody is accountable, or the person declined, or the file did not say
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | (
                    ~Q(outcome="")
                    & (
                        Q(accountable_member__isnull=False)
                        | Q(declined_by_person=True)
                        | Q(source="import")
                    )
                ),
                name="episode_closed_with_somebody_accountable",
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | ~Q(joined_into=F("id")),
                name="episode_not_joined_to_itself",
            ),
        ]
        indexes = [
            # the board: every open episode
            models.Index(
                fields=["opened_at"],
                condition=Q(closed_at=None, joined_into=None),
                name="episode_open",
            ),
            # what one person holds: relief, sign-out, lost presence
            models.Index(
                fields=["holder_member"],
                condition=Q(closed_at=None, joined_into=None),
                name="episode_open_holder",
            ),
            # what belongs to anybody not closed yet, the joined included: requests, searches
            models.Index(fields=["id"], condition=Q(closed_at=None), name="episode_not_closed"),
            # the shift briefing: what others closed since yesterday
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="episode_closed",
            ),
        ]

    def facts(self) -> EpisodeFacts:
        return EpisodeFacts(
            id=self.pk,
            holder_program_id=self.holder_program_id,
            holder_member_id=self.holder_member_id,
            closed=self.closed_at is not None,
            joined_into_id=self.joined_into_id,
            holder_via_id=self.holder_via_id,
            worked_by=frozenset(self.worked_by),
        )


class Party(models.Model):
    """A program that may see an episode, on a basis, from a time until another."""

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="parties")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    role = models.TextField()
    basis = models.TextField()
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    person_name = models.TextField(default="")  # as this agency knows the person; class D1
    # the program's own record of them; nobody else's to say
    person = models.ForeignKey("identity.Person", models.PROTECT, null=True, related_name="+")
    pointer_record = models.TextField(default="")  # their own record number
    pointer_status = models.TextField(default="")  # a code, nothing else

    class Meta:
        constraints = [
            # An informed party knows that somebody is there and who holds them. The card, the offers
            # and the other parties stay shut, and it cannot make itself a working one.
            RowAccess(
                name="episodes_party_access",
                select=f"program_id = {PROGRAM} OR {WORKED}",
                insert=WORKED,
                update=WORKED,
                owner={"SELECT": "seen_by is kept by a trigger"},
            ),
            *safeguards.PARTY,
            # a program is one party to an episode at a time
            models.UniqueConstraint(
                fields=["episode", "program"], condition=Q(until_at=None), name="party_once"
            ),
            models.CheckConstraint(
                condition=Q(role="pointer") | Q(pointer_record="", pointer_status=""),
                name="party_points_only_if_pointer",
            ),
            # a pointer party keeps its data at home
            models.CheckConstraint(
                condition=~Q(role="pointer") | Q(person_name=""), name="party_pointer_has_no_name"
            ),
        ]


class Card(models.Model):
    """What travels with an offer. Append-only: a change is a new card."""

    COVERED = (
        *("episode_id", "made_at", "made_by_program_id"),
        *("place", "callback", "name_given", "note"),
    )

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="cards")
    made_at = models.DateTimeField()
    made_by_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    place = models.TextField(default="")
    callback = models.TextField(default="")
    name_given = models.TextField(default="")
    note = models.TextField(default="")

    class Meta:
        constraints = [*safeguards.CARD]
        indexes = [
            models.Index(fields=["episode", "-made_at"], name="card_latest"),
            safeguards.SOUGHT_INDEX,
        ]

    def facts(self) -> CardFacts:
        return CardFacts(
            place=self.place, callback=self.callback, name_given=self.name_given, note=self.note
        )


class Handoff(models.Model):
    """One offer and its answer. The only thing that moves a holder."""

    COVERED = (
        *(
            "episode_id",
            "purpose",
            "kind_id",
            "moves",
            "leg_id",
            "batch_id",
            "card_id",
            "offered_at",
        ),
        *("from_program_id", "from_member_id", "to_program_id", "to_member_id", "into_episode_id"),
        *(
            "accepted_at",
            "accepted_by_id",
            "attested_name",
            "attested_operator",
            "attested_incident",
        ),
        *("guest", "declined_at", "declined_by_id", "reason", "withdrawn_at"),
    )

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="handoffs")
    purpose = models.TextField()
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, related_name="+")
    moves = models.TextField()
    leg_id = models.UUIDField()  # the contact leg; the episode's own id where there is none
    batch_id = models.UUIDField(null=True)  # one relief of several episodes
    card = models.ForeignKey(Card, models.PROTECT, null=True, related_name="+")
    from_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    from_member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    to_program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    to_member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    into_episode = models.ForeignKey(Episode, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    alerts = models.IntegerField(default=0)  # steps of waiting that have passed
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    # who answered and is no user: as the sender wrote it down, or (`guest`) as they did themselves
    attested_name = models.TextField(default="")
    attested_operator = models.TextField(default="")
    attested_incident = models.TextField(default="")
    guest = models.BooleanField(default=False, db_default=False)
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="")  # why declined, or why assumed: a code
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            RowAccess(
                name="episodes_handoff_access",
                select=f"{SIDE} OR {WORKED}",
                insert=f"({SIDE}) AND {WORKED}",
                # whoever accepts overtakes the other open offers of the episode
                update=f"{SIDE} OR {WORKED}",
            ),
            # an answer once given stays given
            Immutable(
                name="episodes_answer_stands",
                once=(
                    "OLD.accepted_at IS NOT NULL OR OLD.declined_at IS NOT NULL "
                    "OR OLD.withdrawn_at IS NOT NULL"
                ),
            ),
            *safeguards.HANDOFF,
            models.CheckConstraint(
                condition=Q(purpose__in=[each.value for each in Purpose]),
                name="handoff_purpose_known",
            ),
            # a transfer is of a kind; a mechanism is of none
            models.CheckConstraint(
                condition=Q(purpose="transfer", kind__isnull=False)
                | (~Q(purpose="transfer") & Q(kind=None)),
                name="handoff_transfer_has_kind",
            ),
            # one open transfer for a contact leg
            models.UniqueConstraint(
                fields=["leg_id"],
                condition=OPEN & Q(purpose="transfer") & ~Q(moves="never"),
                name="handoff_one_open_transfer_per_leg",
            ),
            # one open offer of each other purpose for an episode
            models.UniqueConstraint(
                fields=["episode", "purpose"],
                condition=OPEN & ~Q(purpose="transfer"),
                name="handoff_one_open_per_purpose",
            ),
            # it ends one way
            models.CheckConstraint(
                condition=~Q(
                    accepted_at__isnull=False,
                    declined_at__isnull=False,
                )
                & ~Q(accepted_at__isnull=False, withdrawn_at__isnull=False)
                & ~Q(declined_at__isnull=False, withdrawn_at__isnull=False),
                name="handoff_ends_one_way",
            ),
            # accepted by a named person, or attested with name and operator number
            models.CheckConstraint(
                condition=Q(accepted_at=None)
                | Q(accepted_by__isnull=False)
                | (~Q(attested_name="") & ~Q(attested_operator="")),
                name="handoff_accepted_by_name",
            ),
            # a no has a name and a reason
            models.CheckConstraint(
                condition=Q(declined_at=None)
                | ((Q(declined_by__isnull=False) | ~Q(attested_name="")) & ~Q(reason="")),
                name="handoff_declined_with_reason",
            ),
            # a guest answers by name, and is no member
            models.CheckConstraint(
                condition=Q(guest=False)
                | (Q(accepted_by=None, declined_by=None) & ~Q(attested_name="")),
                name="handoff_guest_gives_name",
            ),
            # taking over has a reason
            models.CheckConstraint(
                condition=~Q(purpose="assume") | ~Q(reason=""), name="handoff_assumed_with_reason"
            ),
            models.CheckConstraint(
                condition=(Q(accepted_at=None) | Q(accepted_at__gte=F("offered_at")))
                & (Q(declined_at=None) | Q(declined_at__gte=F("offered_at")))
                & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("offered_at"))),
                name="handoff_answered_after_offer",
            ),
            # a join says into which; nothing else does
            models.CheckConstraint(
                condition=Q(purpose="join", into_episode__isnull=False)
                | (~Q(purpose="join") & Q(into_episode=None)),
                name="handoff_join_says_into",
            ),
        ]
        indexes = [
            # the board: what is offered now
            models.Index(fields=["episode"], condition=OPEN, name="handoff_open"),
            # a relief's other rows
            models.Index(
                fields=["batch_id"], condition=Q(batch_id__isnull=False), name="handoff_batch"
            ),
        ]

    @property
    def ended(self) -> str:
        if self.accepted_at is not None:
            return "accepted"
        if self.declined_at is not None:
            return "declined"
        return "withdrawn" if self.withdrawn_at is not None else ""

    def facts(self) -> HandoffFacts:
        return HandoffFacts(
            id=self.pk,
            episode_id=self.episode_id,
            purpose=Purpose(self.purpose),
            from_program_id=self.from_program_id,
            to_program_id=self.to_program_id,
            to_member_id=self.to_member_id,
            ended=self.ended,
            moves=Moves(self.moves),
            attestable=self.kind is not None and self.kind.attestable,
            by_team=self.kind is not None and self.kind.by_team,
            attested=self.attested_name != "",
            from_member_id=self.from_member_id,
            accepted_at=self.accepted_at,
        )
