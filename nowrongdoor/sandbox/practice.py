"""Practice: a caller of the protocol's own stories rings, and people answer at their own desks.

Only in a synthetic city, which has its own database: nothing of it ever lies beside a real record. What
was practiced is known by the contact's foreign number, `practice:<story>:<when>`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands
from nowrongdoor.calls import queries as calls
from nowrongdoor.calls.facts import CallerFacts, ContactFacts
from nowrongdoor.dispatch import board as teams
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch import queries as units
from nowrongdoor.dispatch.facts import Signing
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox import debrief
from nowrongdoor.sandbox.call_taking import rings
from nowrongdoor.sandbox.debrief import Debrief
from nowrongdoor.sandbox.state import Town
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.facts import Protocol, Story

MARK = "practice:"


def seats(town: Town) -> dict[str, tuple[str, Role]]:
    """Who may practice: the program and the role of each seat."""
    desks = town.desks
    return {
        "call_taker": (desks.floor, Role.CALL_TAKER),
        "counselor": (desks.line, Role.COUNSELOR),
        "pair": (town.rates.practice.program, Role.OFFICER),
    }


def protocol(town: Town) -> Protocol:
    return triage.protocol(_eyes(town), at=town.at)


def practice_calls(going: Protocol) -> tuple[Story, ...]:
    """The stories that a caller can bring: today's weather is the community's, not theirs."""
    outside = {each.id for each in going.questions if each.external}
    return tuple(each for each in going.stories if not outside & each.answers.keys())


def ring(town: Town, story: Story) -> UUID:
    """The caller of a story rings 911, and waits in the floor's queue for whoever practices."""
    contact = ContactFacts(
        at=town.at,
        class_code="not_said_yet",
        behavioral=True,
        card=CardFacts(place="", callback="520 555 0199"),
        caller=CallerFacts(callback="520 555 0199"),
        external_ref=f"{MARK}{story.id}:{town.at.isoformat()}",
    )
    return rings(town, contact)


def story_of(town: Town, episode_id: UUID) -> Story | None:
    """Which story a call practices; None for a call that is no practice."""
    reference = calls.reference(_eyes(town), episode_id)
    if not reference.startswith(MARK):
        return None
    wanted = reference.removeprefix(MARK).split(":", maxsplit=1)[0]
    return next((each for each in protocol(town).stories if each.id == wanted), None)


def take(town: Town, episode_id: UUID, by: Actor) -> None:
    """Answer the practice call, where nobody has yet."""
    found = episodes.episode(by, episode_id, at=town.at)
    if found.held.in_queue and found.held.holder_program_id == by.program_id:
        commands.take_from_queue(by=by, at=town.at, episode_id=episode_id)


def sign_on(town: Town, by: Actor, other_id: UUID) -> None:
    """Put the practicing pair on its unit, where no crew is on it."""
    unit_id = units.unit_id(town.rates.practice.unit)
    if unit_id is not None and units.crew_of(unit_id) is None and by.member_id is not None:
        people = [Signing(by.member_id), Signing(other_id)]
        dispatch.sign_on(by=by, at=town.at, unit_id=unit_id, members=people)


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that was done, in seconds after the ring."""

    code: str
    after_s: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Practiced:
    story: Story
    debrief: Debrief
    moments: tuple[Moment, ...]
    over: bool


def practiced(town: Town, episode_id: UUID, story: Story) -> Practiced:
    """What came of a practice call so far, for its debrief."""
    by = _eyes(town)
    found = episodes.episode(by, episode_id, at=town.at)
    need = triage.needs(by, [episode_id]).get(episode_id)
    compared = debrief.compare(
        protocol(town),
        story,
        written=triage.answers(by, episode_id),
        level="" if need is None else need.shown.value,
        raised=() if need is None else need.duties,
        done=frozenset() if need is None else need.done,
    )
    moments = _moments(by, found, story)
    return Practiced(story, compared, moments, found.closed_at is not None)


def _moments(by: Actor, found: episodes.EpisodeRow, story: Story) -> tuple[Moment, ...]:
    rang = found.held.opened_at
    steps = triage.steps(by, found.held.id)
    told: list[tuple[str, datetime, str]] = []
    for step in found.steps:
        if step.purpose == "transfer":
            told.append(("offered", step.offered_at, step.to_program))
        if step.ended_at is not None:
            code = "answered" if step.purpose == "take" else step.ended
            told.append((code, step.ended_at, step.by_name))
    told += [("first_question", step.at, step.by_name) for step in steps[:1]]
    right = [step for step in steps if step.shown == story.level.value]
    told += [("level", step.at, step.shown) for step in right[:1]]
    told += [("released", at, program) for at, program in calls.released(by, [found.held.id])]
    for request in teams.requests(by, episode_ids=[found.held.id]):
        told.append(("asked", request.asked_at, request.kind_name))
    if found.closed_at is not None:
        told.append(("closed", found.closed_at, found.accountable_name))
    told.sort(key=lambda each: each[1])
    return tuple(
        Moment(code, max(int((at - rang).total_seconds()), 0), name) for code, at, name in told
    )


def _eyes(town: Town) -> Actor:
    """Whoever looks for the city: the floor's supervisor, whose program takes every practice call."""
    return town.staff.somebody(town.desks.floor, Role.PSAP_SUPERVISOR, town.at)
