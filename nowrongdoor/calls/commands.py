"""Every change to contacts. Live, paper, import and sandbox all come in here.

Lock order: none of its own; `episodes.commands` is called before anything is written here.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import rules
from nowrongdoor.calls.events import Counted, Received
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.calls.models import Contact
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing, Opening
from nowrongdoor.journal import entries
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.rows.ids import new_id


@command
def take_contact(*, by: Actor, at: datetime, contact: ContactFacts) -> Contact:
    """Enter one contact with a behavioral need: an episode opens, held by whoever took it.

    `at` is now; the contact's own time may lie before it (back-entry). Where its own system has
    closed it, the episode is closed with that outcome and time.
    Refused: to roles that take no calls; as `calls.rules.may_enter` says of its times.
    Journal: episodes.opened, calls.received (and episodes.closed).
    """
    require(may(by, Action.TAKE_CALL), NotPermitted)
    require(rules.may_enter(contact, at=at))
    if not community.known_code("incident_classes", contact.class_code):
        raise BadInput("class", "code.unknown", "Choose what happened from the list.")

    opening = Opening(
        class_code=contact.class_code,
        card=contact.card,
        zone_id=contact.zone_id,
        holder_member_id=by.member_id,
        source=contact.source,
    )
    episode = episodes.open_episode(by=by, at=contact.at, opening=opening)
    row = _row(contact, by=by, at=at, episode_id=episode.pk)
    row.save(force_insert=True)
    if contact.outcome and contact.stages.closed_at is not None:
        episodes.close_episode(
            by=by,
            at=contact.stages.closed_at,
            episode_id=episode.pk,
            closing=Closing(outcome=contact.outcome),
        )

    entries.write(Received(episode_id=episode.pk, contact_id=row.pk), by=by, at=contact.at)
    return row


@command
def count_contacts(*, by: Actor, at: datetime, contacts: Sequence[ContactFacts]) -> int:
    """Count contacts without a behavioral need, with their times. Answers how many.

    Refused: to roles that take no calls; as `calls.rules.may_enter` says of any of them.
    Journal: calls.counted, one for all of them.
    """
    require(may(by, Action.TAKE_CALL), NotPermitted)
    for contact in contacts:
        require(rules.may_enter(contact, at=at))
    if not contacts:
        return 0

    rows = [_row(contact, by=by, at=at, episode_id=None) for contact in contacts]
    Contact.objects.bulk_create(rows)

    entries.write(Counted(first_contact_id=rows[0].pk, count=len(rows)), by=by, at=at)
    return len(rows)


def _row(contact: ContactFacts, *, by: Actor, at: datetime, episode_id: UUID | None) -> Contact:
    stages = contact.stages
    return Contact(
        id=new_id(at),
        program_id=by.program_id,
        episode_id=episode_id,
        channel=contact.channel.value,
        class_code=contact.class_code,
        source=contact.source.value,
        external_ref=contact.external_ref,
        received_at=contact.at,
        queued_at=stages.queued_at,
        dispatched_at=stages.dispatched_at,
        enroute_at=stages.enroute_at,
        arrived_at=stages.arrived_at,
        cleared_at=stages.cleared_at,
        closed_at=stages.closed_at,
    )
