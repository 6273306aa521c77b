"""The API of callers' lines and of screening: a telephone system posts what happens on its legs.

A token stands for one position. What it says of a line it says of that position's own place there,
as a key at the desk does; it moves nobody else.
"""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from nowrongdoor.agencies.doors import api_actor
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands
from nowrongdoor.desks.api_shapes import WRITES, Done, actor_of, writes
from nowrongdoor.desks.line_shapes import (
    AnswersIn,
    CardIn,
    Count,
    GiveBackIn,
    LowerIn,
    RecommendIn,
    SentIn,
    WatchIn,
    Word,
)
from nowrongdoor.episodes.facts import CardFacts, Proposal
from nowrongdoor.triage import commands as triage
from nowrongdoor.web.clock import now

router = Router()
COUNTS = WRITES | {200: Count}


@router.post("/episodes/{episode_id}/answers", auth=api_actor(Action.SCREEN), response=WRITES)
@writes
def answers(request: HttpRequest, episode_id: UUID, said: AnswersIn) -> Done:
    """Write answers down. The need rises by itself, and never falls by an answer; see `need`."""
    commands.answer(
        by=actor_of(request),
        at=now(),
        episode_id=episode_id,
        given=said.answers,
        asked_together=said.asked_together,
    )
    return Done(id=episode_id, episode_id=episode_id)


@router.post("/episodes/{episode_id}/duties/{duty}", auth=api_actor(Action.SCREEN), response=WRITES)
@writes
def do_duty(request: HttpRequest, episode_id: UUID, duty: Word) -> Done:
    """Write down that a duty which the rules named has been done, by name."""
    row = triage.do_duty(by=actor_of(request), at=now(), episode_id=episode_id, duty=duty)
    return Done(id=row.pk, episode_id=episode_id)


@router.post("/episodes/{episode_id}/recommend", auth=api_actor(Action.SCREEN), response=WRITES)
@writes
def recommend(request: HttpRequest, episode_id: UUID, own: RecommendIn) -> Done:
    """Put a level of your own beside the rule's. A higher one raises the need at once."""
    row = triage.recommend(
        by=actor_of(request), at=now(), episode_id=episode_id, level=own.level.value
    )
    return Done(id=row.pk, episode_id=episode_id)


@router.post("/episodes/{episode_id}/lower", auth=api_actor(Action.SCREEN), response=WRITES)
@writes
def lower(request: HttpRequest, episode_id: UUID, to: LowerIn) -> Done:
    """Lower the level that stands, with a reason. What was sent is not recalled."""
    row = triage.lower(
        by=actor_of(request),
        at=now(),
        episode_id=episode_id,
        to=to.level.value,
        reason=to.reason,
    )
    return Done(id=row.pk, episode_id=episode_id)


@router.post("/episodes/{episode_id}/give-back", auth=api_actor(Action.OFFER), response=WRITES)
@writes
def give_back(request: HttpRequest, episode_id: UUID, back: GiveBackIn) -> Done:
    """Offer a person back to 911 with everything known. You hold on until somebody accepts."""
    handed = commands.return_person(
        by=actor_of(request),
        at=now(),
        proposal=Proposal(episode_id, back.kind, back.to_program_id),
        place_is=back.place_is,
        new_place=back.new_place,
    )
    return Done(id=handed.id, episode_id=episode_id)


@router.post("/episodes/{episode_id}/card", auth=api_actor(Action.OFFER), response=WRITES)
@writes
def card(request: HttpRequest, episode_id: UUID, new: CardIn) -> Done:
    """Write a new card. What is left out is empty on it. A place on it ends the search for one."""
    facts = CardFacts(new.place, new.callback, new.name_given, new.note)
    commands.change_card(by=actor_of(request), at=now(), episode_id=episode_id, card=facts)
    return Done(id=episode_id, episode_id=episode_id)


@router.post("/episodes/{episode_id}/sent", auth=api_actor(Action.ACCEPT), response=WRITES)
@writes
def sent(request: HttpRequest, episode_id: UUID, what: SentIn) -> Done:
    """Write down what was sent in CAD; this dispatches nothing. A rescue waits until they were met."""
    row = commands.say_sent(
        by=actor_of(request),
        at=now(),
        episode_id=episode_id,
        axis=what.axis,
        value=what.value,
        rescue=what.rescue,
    )
    return Done(id=row.pk, episode_id=episode_id)


@router.post("/watch/offer", auth=api_actor(Action.RELIEVE), response=COUNTS)
@writes
def offer_watch(request: HttpRequest, to: WatchIn) -> Count:
    """Ask a colleague to listen on, on every line you listen to; you stay on until they accept."""
    lines = commands.offer_watch(by=actor_of(request), at=now(), to_member_id=to.to_member_id)
    return Count(lines=lines)


@router.post("/watch/accept", auth=api_actor(Action.ACCEPT), response=COUNTS)
@writes
def accept_watch(request: HttpRequest) -> Count:
    """Listen on, by name, on every line on which a colleague asks you to."""
    return Count(lines=commands.accept_watch(by=actor_of(request), at=now()))
