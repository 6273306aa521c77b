"""What tests need, made plainly: say what matters, get the rest. Time is NOON."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies import actors
from nowrongdoor.agencies.models import Member, Position, Program
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts, Medium
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, HandoffFacts, Proposal
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import commands as triage
from nowrongdoor.triage.models import Screening

NOON = datetime(2027, 3, 1, 19, tzinfo=UTC)  # noon in Tucson


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def program_id(name: str) -> UUID:
    agency, _slash, program = name.partition("/")
    return Program.objects.get(agency__code=agency, code=program).pk


def member_id(username: str) -> UUID:
    return Member.objects.get(username=username).pk


def an_actor(username: str = "anna.miller", program: str = "") -> Actor:
    """A member of the community, acting in their (first, or the named program's) position."""
    positions = Position.objects.filter(member__username=username).order_by("id")
    if program:
        positions = positions.filter(program_id=program_id(program))
    found = actors.actor_at(positions[0].pk, at=datetime(2099, 1, 1, tzinfo=UTC))
    assert found is not None
    return found


def an_episode(
    by: Actor | None = None,
    *,
    at: datetime = NOON,
    place: str = "",
    callback: str = "",
    name: str = "",
    medium: Medium = Medium.AUDIO,
) -> Episode:
    """An open episode, held by whoever took the call."""
    by = by or an_actor()
    card = CardFacts(place=place, callback=callback, name_given=name)
    contact = ContactFacts(
        at=at, class_code="psych_distress", behavioral=True, card=card, medium=medium
    )
    row = calls.take_contact(by=by, at=at, contact=contact)
    from nowrongdoor.agencies.acting import act_as

    with act_as(by):
        return Episode.objects.get(pk=row.episode_id)


def an_offer(
    episode: Episode,
    by: Actor | None = None,
    *,
    to: str = "line/counselors",
    kind: str = "warm_transfer",
    at: datetime = NOON,
    to_member: UUID | None = None,
) -> Handoff:
    """An open offer of an episode."""
    proposal = Proposal(episode.pk, kind, program_id(to), to_member)
    return episodes.offer_episode(by=by or an_actor(), at=at, proposal=proposal)


def seen(by: Actor, episode_id: UUID) -> Episode | None:
    """The episode as this actor's program may see it, or None."""
    from nowrongdoor.agencies.acting import act_as

    with act_as(by):
        return Episode.objects.filter(pk=episode_id).first()


def accepted(
    episode: Episode,
    by: Actor | None = None,
    *,
    to: Actor | None = None,
    kind: str = "warm_transfer",
    at: datetime = NOON,
) -> HandoffFacts:
    """Offered by `by` and accepted by `to`, with the lines, at one time: Anna's call is Maria's."""
    by, to = by or an_actor(), to or an_actor("maria.lopez")
    offer = calls.offer_transfer(
        by=by, at=at, proposal=Proposal(episode.pk, kind, to.program_id, to.member_id)
    )
    return calls.accept_transfer(by=to, at=at, handoff_id=offer.id)


def received(
    episode: Episode, by: Actor, nurse: Actor, *, kind: str = "drop_off", at: datetime = NOON
) -> HandoffFacts:
    """Brought by `by` to where `nurse` said yes, and received by name at the door."""
    promise = accepted(episode, by, to=nurse, kind=kind, at=at)
    return calls.receive_person(by=nurse, at=at, handoff_id=promise.id)


def a_screening(
    episode: Episode, by: Actor | None = None, *, at: datetime = NOON, **given: str
) -> Screening:
    """Answers written down: `a_screening(episode, WPN="in_hand")`."""
    return triage.screen(by=by or an_actor(), at=at, episode_id=episode.pk, given=given)
