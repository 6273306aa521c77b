"""The table of guest links."""

from django.db import models
from django.db.models import F, Q

from nowrongdoor.guests import safeguards
from nowrongdoor.guests.facts import LinkFacts
from nowrongdoor.rows.constraints import Immutable, RowAccess
from nowrongdoor.rows.policies import OWN

OPEN = Q(answered_at=None, ended_at=None)
"""A link that nobody has answered or ended. Its age is asked separately: no index knows the time."""


class Link(models.Model):
    """What opens one offer to one guest."""

    id = models.UUIDField(primary_key=True)
    handoff = models.ForeignKey("episodes.Handoff", models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    token_digest = models.TextField(unique=True)  # SHA-256 of 256 bits of chance
    code_digest = (
        models.TextField()
    )  # keyed with the server's secret; of the place's short name and the digits
    expires_at = models.DateTimeField()
    code_expires_at = models.DateTimeField()  # sooner: digits can be guessed
    opened_at = models.DateTimeField(null=True)  # the first time
    answered_at = models.DateTimeField(null=True)
    answered_how = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)  # by the sender, a newer link, or its age

    class Meta:
        constraints = [
            # seen by the program that made it; what it opens, for whom and until when is never changed
            RowAccess(
                name="guests_link_access",
                select=OWN,
                insert=OWN,
                update=OWN,
                columns=("opened_at", "answered_at", "answered_how", "ended_at"),
                owner={"SELECT": "guests_by_token, guests_by_code, guests_by_id; verify"},
            ),
            # what was answered or ended stays so, and nobody opens it again
            Immutable(
                name="guests_answer_stands",
                once="OLD.answered_at IS NOT NULL OR OLD.ended_at IS NOT NULL",
            ),
            *safeguards.LINK,
            # an offer has one open link
            models.UniqueConstraint(
                fields=["handoff"], condition=OPEN, name="link_one_open_per_offer"
            ),
            # a code means one thing
            models.UniqueConstraint(
                fields=["code_digest"], condition=OPEN, name="link_one_open_per_code"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="link_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(code_expires_at__gt=F("made_at")),
                name="link_code_expires_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(ended_at=None), name="link_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_how="")
                | Q(answered_at__isnull=False, answered_how__in=["accepted", "declined"]),
                name="link_answer_says_how",
            ),
            # answered by whoever opened it, before it was too old
            models.CheckConstraint(
                condition=Q(answered_at=None)
                | Q(opened_at__isnull=False, answered_at__lt=F("expires_at")),
                name="link_answered_while_open",
            ),
        ]

    def facts(self) -> LinkFacts:
        return LinkFacts(
            id=self.pk,
            expires_at=self.expires_at,
            opened=self.opened_at is not None,
            answered=self.answered_how,
            ended=self.ended_at is not None,
        )
