"""A place that is being sought, and a caller who was lost: an owner, tries, and a clock."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.legs import end_leg, lock_leg
from nowrongdoor.calls.commands.lines import owner_of, set_deadline
from nowrongdoor.calls.facts import SEEKING_WORDS, SearchFor
from nowrongdoor.calls.models import Search, SearchAttempt
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Code, OneOf, Tick
from nowrongdoor.web.inputs import Group

SEARCH = "calls.search"
"""The deadline of the next try."""
_HOW = _("Choose the kind of attempt from the list.")


@command(needs=Action.ACCEPT)
def start_search(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    seeking: Annotated[SearchFor, OneOf(label=_("What"), words=SEEKING_WORDS, example="place")],
) -> Search:
    """Begin to look for where somebody is, or for somebody who was lost. `by` owns the search.

    Begun twice it is one search; whoever begins it again owns it from then on.
    Refused: as `calls.rules.may_start_search` says.
    Journal: calls.search_began.
    """
    episode = episodes.lock_episode(episode_id)

    works = lookup.works_on(by, episode_id)
    require(rules.may_start_search(open=episode.open, works=works))

    return begin_search(episode_id, seeking, by=by, at=at)


@command(needs=Action.ACCEPT)
def record_attempt(
    *,
    by: Actor,
    at: datetime,
    search_id: UUID,
    how: Annotated[str, Code(label=_("How"), list="search_tries", wrong=_HOW, example="call")],
    found: Annotated[bool, Tick(label=_("Located"))] = False,
) -> SearchAttempt:
    """Write one try down: how, and whether it found the place or the caller.

    Refused: as `calls.rules.may_record_attempt` says.
    Journal: calls.tried, and calls.found where it did.
    """
    episode_id = Search.objects.filter(pk=search_id).values_list("episode_id", flat=True).first()
    if episode_id is None:
        raise missing()
    episodes.lock_episode(episode_id)
    search = locked(Search, search_id)

    require(rules.may_record_attempt(over=search.found_at is not None))

    row = SearchAttempt.objects.create(
        id=new_id(at),
        search=search,
        episode_id=episode_id,
        at=at,
        by_member_id=named(by),
        how=how,
        found=found,
    )
    record(kinds.SEARCH_ATTEMPTED, row, by=by, at=at)
    clocks.cancel_deadline(search.pk, at=at)
    if found:
        _over(search, by=by, at=at)
    else:
        _set_deadline(search, by=by, at=at)
    return row


@command(needs=(Action.ACCEPT, Action.POST_LEGS))
def lose_caller(*, by: Actor, at: datetime, leg_id: UUID) -> Search:
    """The caller's line broke, or they hung up: whoever holds the person calls back.

    Refused: to roles that accept nobody; where the line has ended already.
    Journal: calls.caller_lost, calls.search_began.
    """
    leg = lock_leg(leg_id)

    require(rules.may_lose(ended=leg.ended_at is not None))

    end_leg(leg, lost=True, by=by, at=at)
    return begin_search(leg.episode_id, SearchFor.CALLER, by=by, at=at)


@command
def alert_search(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """It is time for the next try; found meanwhile, nothing is left to say. Ends nothing.

    Journal: calls.search_due.
    """
    search = Search.objects.filter(pk=subject_id, found_at=None).first()
    if search is None or not owner_of(search.episode_id).open:
        return

    search.alerts += 1
    search.save(update_fields=["alerts"])
    _set_deadline(search, by=by, at=at)
    record(kinds.SEARCH_DUE, search, by=by, at=at)


@command(needs=Action.OFFER)
def change_card(
    *, by: Actor, at: datetime, episode_id: UUID, card: Annotated[CardFacts, Group()]
) -> UUID:
    """Write a new card. What is left out is empty on it. A place on it ends the search for one.

    Refused: as `episodes.commands.change_card` does.
    Journal: episodes.card_changed, and calls.found.
    """
    episodes.change_card(by=by, at=at, episode_id=episode_id, card=card)
    if card.place:
        end_search(episode_id, SearchFor.PLACE, by=by, at=at)
    return episode_id


def begin_search(episode_id: UUID, seeking: SearchFor, *, by: Actor, at: datetime) -> Search:
    """Begin a search, or take over the one that is open. A step of the commands that lose somebody."""
    row = Search.objects.filter(episode_id=episode_id, seeking=seeking.value, found_at=None).first()
    if row is not None:
        row.owner_id, row.program_id = by.member_id, by.program_id
        row.save(update_fields=["owner", "program"])
        record(kinds.SEARCH_STARTED, row, by=by, at=at)
        return row
    row = Search.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        seeking=seeking.value,
        program_id=by.program_id,
        owner_id=by.member_id,
        began_at=at,
    )
    _set_deadline(row, by=by, at=at)
    record(kinds.SEARCH_STARTED, row, by=by, at=at)
    return row


def end_search(episode_id: UUID, seeking: SearchFor, *, by: Actor, at: datetime) -> None:
    """What was being sought is known: the search is over. A step of the commands that find out."""
    row = Search.objects.filter(episode_id=episode_id, seeking=seeking.value, found_at=None).first()
    if row is not None:
        clocks.cancel_deadline(row.pk, at=at)
        _over(row, by=by, at=at)


def _over(search: Search, *, by: Actor, at: datetime) -> None:
    search.found_at = max(at, search.began_at)
    search.save(update_fields=["found_at"])
    record(kinds.FOUND, search, by=by, at=at)


def _set_deadline(search: Search, *, by: Actor, at: datetime) -> None:
    """The tries of the first minutes, evenly; then as often again."""
    minutes, tries = community.setting("call_back_min", at)
    due = at + timedelta(seconds=60 * int(minutes) // int(tries))
    set_deadline(SEARCH, search.pk, due, search.episode_id, by=by, at=at)
