"""Entering contacts. Live, paper, import and sandbox all come in here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, queries, rules
from nowrongdoor.calls.commands.legs import answer_line
from nowrongdoor.calls.commands.searches import end_search
from nowrongdoor.calls.facts import CallerFacts, ContactFacts, SearchFor
from nowrongdoor.calls.models import Contact, Leg
from nowrongdoor.calls.numbers import CLIP
from nowrongdoor.calls.queries import caller_row
from nowrongdoor.calls.reads import CallerRow
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing, Opening, Source
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert_all
from nowrongdoor.rows.locks import in_turn, locked, missing
from nowrongdoor.web.fields import Code, Pick
from nowrongdoor.web.inputs import Group


@command(needs=Action.TAKE_CALL)
def take_contact(*, by: Actor, at: datetime, contact: ContactFacts) -> Contact:
    """Enter one contact with a behavioral need: an episode opens, held by whoever took it.

    `at` is now; the contact's own time may lie before it (back-entry). Where its own system has
    closed it, the episode is closed with that outcome and time.
    Refused: as `calls.rules.may_enter` says of its times.
    A live one begins a leg, with whoever took it on it; one whose number CAD gave is taken once.
    Journal: episodes.opened, calls.answered, calls.received (and episodes.closed).
    """
    require(rules.may_enter(contact, at=at))
    _require_not_taken(contact, by=by, at=at)

    episode_id = open_for(contact, by=by)
    row = _row(contact, by=by, at=at, episode_id=episode_id)
    insert_all([row])
    if contact.source is Source.LIVE:
        answer_line(row, by=by, at=at, medium=contact.medium)
    if contact.outcome and contact.closed_at is not None:
        episodes.close_episode(
            by=by,
            at=contact.closed_at,
            episode_id=episode_id,
            closing=Closing(outcome=contact.outcome),
        )

    record(kinds.RECEIVED, row, by=by, at=contact.at)
    return row


def _require_not_taken(contact: ContactFacts, *, by: Actor, at: datetime) -> None:
    """Two desks may paste the same incident at once: the second waits, and is told who has it."""
    if contact.source is not Source.LIVE or not contact.external_ref.startswith(CLIP):
        return
    in_turn(by.program_id, contact.external_ref)
    if (taken := queries.taken(by, contact.external_ref, at=at)) is not None:
        require(rules.already_taken(taken.number, taken.holder))


def open_for(contact: ContactFacts, *, by: Actor) -> UUID:
    """Open the episode of a contact with a behavioral need. BadInput for a class that is not listed."""
    if not community.known_code("incident_classes", contact.class_code):
        raise BadInput("class", "code.unknown", "Choose the incident type from the list.")
    opening = Opening(
        class_code=contact.class_code,
        card=contact.card,
        zone_id=contact.zone_id,
        holder_member_id=by.member_id,
        source=contact.source,
    )
    return UUID(str(episodes.open_episode(by=by, at=contact.at, opening=opening).pk))


@command(needs=Action.TAKE_CALL)
def change_caller(
    *,
    by: Actor,
    at: datetime,
    contact_id: UUID,
    caller: Annotated[CallerFacts, Group()],
    channel: Annotated[str, Code(label=_("Source"), list="channels")] = "",
) -> Contact:
    """Write down who is on the line, who may not be the person, and how they came.

    Refused: to roles that take no calls; where another program took the contact.
    Journal: calls.caller_changed.
    """
    row = locked(Contact, contact_id)

    row.caller_name, row.caller_callback = caller.name, caller.callback
    row.caller_language, row.caller_relay = caller.language, caller.relay
    row.caller_unverified = caller.unverified
    row.channel = channel or row.channel
    row.save(
        update_fields=[
            "caller_name",
            "caller_callback",
            "caller_language",
            "caller_relay",
            "caller_unverified",
            "channel",
        ]
    )

    record(kinds.CALLER_CHANGED, row, by=by, at=at)
    return row


def lock_caller(by: Actor, *, contact_id: UUID) -> CallerRow:  # noqa: ARG001 - as `kit.records` asks
    """The caller as they stand, of a contact that is locked. Errors: NotFound where it cannot be seen."""
    return caller_row(locked(Contact, contact_id))


@command(needs=Action.OFFER)
def reattach(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    into_id: Annotated[UUID, Pick(label=_("Number of the other call"))],
) -> Leg:
    """The caller of `into_id` rang again and was taken as somebody new: bring their line there.

    The new episode is joined to the one they were lost from, so that its number is not lost either;
    whoever holds that one is told, and the search for the caller is over.
    Refused: as `episodes.rules.may_join` says.
    Journal: episodes.offered or episodes.joined; calls.found where they were being sought.
    """
    leg = Leg.objects.filter(episode_id=episode_id, ended_at=None).first()
    if leg is None:
        raise missing()
    episodes.join_episode(by=by, at=at, episode_id=episode_id, into_id=into_id)
    end_search(into_id, SearchFor.CALLER, by=by, at=at)
    return leg


@command(needs=Action.TAKE_CALL)
def count_contacts(*, by: Actor, at: datetime, contacts: Sequence[ContactFacts]) -> int:
    """Count contacts without a behavioral need, with their times. Answers how many.

    Refused: as `calls.rules.may_enter` says of any of them.
    Journal: calls.counted, one for all of them.
    """
    for contact in contacts:
        require(rules.may_enter(contact, at=at))
    if not contacts:
        return 0

    rows = [_row(contact, by=by, at=at, episode_id=None) for contact in contacts]
    Contact.objects.bulk_create(rows)

    record(kinds.COUNTED, by=by, at=at, first_contact_id=rows[0].pk, count=len(rows))
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
        received_either=contact.at_either,
        queued_at=stages.queued_at,
        dispatched_at=stages.dispatched_at,
        enroute_at=stages.enroute_at,
        arrived_at=stages.arrived_at,
        cleared_at=stages.cleared_at,
        closed_at=stages.closed_at,
        caller_name=contact.caller.name,
        caller_callback=contact.caller.callback,
        caller_language=contact.caller.language,
        caller_relay=contact.caller.relay,
        caller_unverified=contact.caller.unverified,
    )
