"""Bringing what is new in a later line of another system to a contact that is entered already."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, queries, rules
from nowrongdoor.calls.commands.contacts import open_for
from nowrongdoor.calls.facts import Completion, ContactFacts
from nowrongdoor.calls.later import completion
from nowrongdoor.calls.models import Contact
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.rows.locks import locked


@command(needs=Action.TAKE_CALL)
def complete_contact(
    *, by: Actor, at: datetime, contact_id: UUID, said: ContactFacts
) -> Completion:
    """Bring to a contact what a later line says of it, as `calls.later.completion` decides.

    Refused: as `calls.rules.may_enter` says of the line's times.
    Journal: calls.completed, with episodes.classified and episodes.closed where the episode follows;
        episodes.opened and calls.received where it opens one. Nothing where nothing is new.
    """
    episode_id = Contact.objects.filter(pk=contact_id).values_list("episode_id", flat=True).first()
    if episode_id is not None and episode_id in queries.standings([episode_id]):
        episodes.lock_episode(episode_id)
    row = locked(Contact, contact_id)

    require(rules.may_enter(said, at=at))

    [entered] = queries.entered_as([row])
    new = completion(entered, said)
    if not new.brings:
        _write(row, new)
        return new
    if new.opens:
        row.episode_id = open_for(said, by=by)
    elif new.class_code and entered.episode_id is not None:
        episodes.reclassify(by=by, at=at, episode_id=entered.episode_id, class_code=new.class_code)
    _write(row, new)
    if new.closes and row.episode_id is not None and said.closed_at is not None:
        closing = Closing(outcome=said.outcome)
        episodes.close_episode(by=by, at=said.closed_at, episode_id=row.episode_id, closing=closing)

    if new.opens:
        record(kinds.RECEIVED, row, by=by, at=said.at)
    else:
        record(kinds.COMPLETED, row, by=by, at=at)
    return new


@command(needs=Action.TAKE_CALL)
def complete_counted(*, by: Actor, at: datetime, said: Mapping[UUID, ContactFacts]) -> int:
    """The same for contacts that were only counted, and stay so. Answers how many got something new.

    Journal: calls.counted_later, one for all of them.
    """
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=said, episode=None)
    done = []
    for row in rows.order_by("id"):
        require(rules.may_enter(said[row.pk], at=at))
        [entered] = queries.entered_as([row])
        new = completion(entered, said[row.pk])
        if not new.opens:
            _write(row, new)
            done += [row.pk] * bool(new.stages)

    if done:
        record(kinds.COUNTED_LATER, by=by, at=at, first_contact_id=done[0], count=len(done))
    return len(done)


def _write(row: Contact, new: Completion) -> None:
    row.class_code = new.class_code or row.class_code
    for name, time in new.stages.items():
        setattr(row, name, time)
    row.external_ref = new.external_ref or row.external_ref
    row.save(update_fields=["episode", "class_code", "external_ref", *new.stages])
