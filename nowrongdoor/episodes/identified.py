"""Whom a program knows the person of an episode as, or may know them as."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.models import Party
from nowrongdoor.identity import finding
from nowrongdoor.identity.reads import Candidates
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Reported:
    """An episode, and the name that was reported, as the form of a new record begins."""

    id: UUID
    given: str = ""
    family: str = ""


def person_of(by: Actor, episode_id: UUID) -> UUID | None:
    """The program's own record of the person; None where it has not said who they are. One query."""
    with act_as(by):
        rows = Party.objects.filter(
            episode_id=episode_id, program_id=by.program_id, person__isnull=False
        )
        return rows.order_by("-since_at").values_list("person_id", flat=True).first()


def reported(by: Actor, episode_id: UUID, *, at: datetime) -> tuple[Reported, Candidates]:
    """The name that was reported, and the program's records that it and the callback number may be of.

    The number is not begun with: whoever calls may not be the person. Nor is the place: it is where they are.
    """
    with act_as(by):
        card = lookup.card_of(episode_id)
        name = "" if card is None else card.name_given
        given, _space, family = name.strip().partition(" ")
        row = Reported(episode_id, given, family.strip())
        return row, like(by, episode_id, given=row.given, family=row.family, at=at)


def like(
    by: Actor,
    episode_id: UUID,
    *,
    at: datetime,
    **said: str,
) -> Candidates:
    """The program's records that may be of who is being typed; without a phone, by the callback number."""
    with act_as(by):
        card = lookup.card_of(episode_id)
        phone = said.pop("phone", "") or ("" if card is None else card.callback)
        return finding.like(by, finding.typed(**said, phone=phone, at=at), at=at)
