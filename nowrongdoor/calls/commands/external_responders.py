"""What was sent, as whoever sent it in CAD says; and a rescue, until the responders have met them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.lines import owner_of, set_deadline
from nowrongdoor.calls.commands.searches import begin_search
from nowrongdoor.calls.facts import AXIS_WORDS, RESCUE_WORDS, SENDING_WORDS, SearchFor
from nowrongdoor.calls.models import ExternalResponder
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import OneOf

RESCUE = "calls.rescue"
"""The deadline of confirming that the responders have met the person."""


@command(needs=Action.ACCEPT)
def record_dispatched(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    axis: Annotated[str, OneOf(label=_("What"), words=AXIS_WORDS)],
    value: Annotated[str, OneOf(label=_("How"), words=SENDING_WORDS)],
    rescue: Annotated[str, OneOf(label=_("Active rescue"), words=RESCUE_WORDS)] = "",
) -> ExternalResponder:
    """Write down what was sent in CAD; this dispatches nothing. A rescue waits until they were met.

    It needs a place, or that one is sought: where neither is so, `by` seeks it from now on.
    A rescue (`voluntary` or `involuntary`) sets the clock of confirming that they were met.
    Refused: as `calls.rules.may_record_dispatched` says.
    Journal: calls.sent, or calls.rescue_began; calls.search_began.
    """
    episode = episodes.lock_episode(episode_id)

    works = lookup.works_on(by, episode_id)
    require(rules.may_record_dispatched(works=works and episode.open, axis=axis, value=value))
    require(rules.may_rescue(rescue))

    row = ExternalResponder.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        program_id=by.program_id,
        axis=str(axis),
        value=str(value),
        at=at,
        by_member_id=named(by),
        rescue=str(rescue),
    )
    card = lookup.card_of(episode_id)
    if card is None or not card.place:
        begin_search(episode_id, SearchFor.PLACE, by=by, at=at)
    if rescue:
        _set_deadline(row, by=by, at=at)
    record(kinds.RESCUE_STARTED if rescue else kinds.DISPATCHED, row, by=by, at=at)
    return row


@command(needs=Action.ACCEPT)
def record_contact_made(
    *, by: Actor, at: datetime, external_responder_id: UUID
) -> ExternalResponder:
    """Confirm that those who were sent have met the person.

    Refused: as `calls.rules.may_record_contact` says.
    Journal: calls.met.
    """
    row = _lock(external_responder_id)

    require(rules.may_record_contact(met=row.met_at is not None))

    row.met_at, row.met_by_id = max(at, row.at), named(by)
    row.save(update_fields=["met_at", "met_by"])
    clocks.cancel_deadline(row.pk, at=at)
    record(kinds.CONTACT_MADE, row, by=by, at=at)
    return row


@command(needs=Action.ACCEPT)
def record_not_located(
    *, by: Actor, at: datetime, external_responder_id: UUID
) -> ExternalResponder:
    """Write down that the responders did not find them. Closes nothing: the next step is due soon.

    Refused: as `calls.rules.may_record_contact` says.
    Journal: calls.not_found.
    """
    row = _lock(external_responder_id)

    require(rules.may_record_contact(met=row.met_at is not None))

    row.not_found_at = max(at, row.at)
    row.save(update_fields=["not_found_at"])
    clocks.cancel_deadline(row.pk, at=at)
    _set_deadline(row, by=by, at=at)
    record(kinds.NOT_LOCATED, row, by=by, at=at)
    return row


@command
def alert_rescue(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Nobody has confirmed yet that the person was met: say so, and ask again. Ends nothing.

    Journal: calls.rescue_due.
    """
    row = ExternalResponder.objects.filter(pk=subject_id, met_at=None).first()
    if row is None or not owner_of(row.episode_id).open:
        return

    _set_deadline(row, by=by, at=at)
    record(kinds.RESCUE_DUE, row, by=by, at=at)


@command(needs=Action.ACCEPT)
def escalate(*, by: Actor, at: datetime, episode_id: UUID) -> UUID:
    """Ask one's supervisors to look at an episode, now.

    Refused: to roles that accept nobody; where their program does not work on it.
    Journal: calls.escalated.
    """
    lookup.require_works_on(by, episode_id)

    record(kinds.ESCALATED, by=by, at=at, episode_id=episode_id)
    return episode_id


def _lock(external_responder_id: UUID) -> ExternalResponder:
    episode_id = (
        ExternalResponder.objects.filter(pk=external_responder_id)
        .values_list("episode_id", flat=True)
        .first()
    )
    if episode_id is None:
        raise missing()
    episodes.lock_episode(episode_id)
    return locked(ExternalResponder, external_responder_id)


def _set_deadline(row: ExternalResponder, *, by: Actor, at: datetime) -> None:
    due = at + timedelta(minutes=int(community.setting("rescue_confirm_min", at)))
    set_deadline(RESCUE, row.pk, due, row.episode_id, by=by, at=at)
