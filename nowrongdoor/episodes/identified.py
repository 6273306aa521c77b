"""Whom a program knows the person of an episode as, or may know them as."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.models import Party
from nowrongdoor.identity import finding
from nowrongdoor.identity.facts import Described
from nowrongdoor.identity.reads import Candidates
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Reported:
    """An episode, and what was reported of its person, as the form of a new record begins."""

    id: UUID
    given: str = ""
    family: str = ""
    phone: str = ""
    address: str = ""

    def described(self, *, at: datetime) -> Described:
        return finding.typed(
            given=self.given, family=self.family, phone=self.phone, address=self.address, at=at
        )


def person_of(by: Actor, episode_id: UUID) -> UUID | None:
    """The program's own record of the person; None where it has not said who they are. One query."""
    with act_as(by):
        rows = Party.objects.filter(
            episode_id=episode_id, program_id=by.program_id, person__isnull=False
        )
        return rows.order_by("-since_at").values_list("person_id", flat=True).first()


def reported(by: Actor, episode_id: UUID) -> Reported:
    """The name, number and place that were reported, taken apart as far as one can. One query."""
    with act_as(by):
        card = lookup.card_of(episode_id)
    if card is None:
        return Reported(episode_id)
    given, _space, family = card.name_given.strip().partition(" ")
    return Reported(episode_id, given, family.strip(), card.callback, card.place)


def like_reported(by: Actor, row: Reported, *, at: datetime) -> Candidates:
    """The program's records that may be this person. A place alone finds nobody: many are met there."""
    return finding.like(by, row.described(at=at), at=at)
