"""Who the city's people are to the programs that meet them: recognized or not, and what they let be told."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.known import known_from, person_of
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity import finding
from nowrongdoor.identity.facts import Likely, PersonHeard
from nowrongdoor.identity.queries import number_of
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.sampling import seeded
from nowrongdoor.sandbox.state import Town
from nowrongdoor.sharing import commands as sharing
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import digest
from nowrongdoor.sharing.release_wishes import Wish

OLDEST, YOUNGEST = date(1945, 1, 1), 60 * 365
SAYS_BIRTH, SWAPPED = 0.6, 0.05
HELPS = (
    "Talk to me quietly. I like to sit near the door.",
    "Ask me about my dog. Please no sirens.",
    "My sister can come. Give me time to answer.",
)
"""What some of them say helps. Nobody real said it."""
REASON = "Says that it will be tonight, and has the means."


def remember(town: Town, episode_id: UUID, by: Actor) -> None:
    """Whoever answers says who it is: one of their program's records, or a new one."""
    with act_as(by):
        card = lookup.card_of(episode_id)
    if card is None or person_of(by, episode_id) is not None:
        return
    given, _space, family = card.name_given.partition(" ")
    if not given:
        moniker = f"Caller {card.callback[-4:] or 'without a number'}"
        typed = PersonHeard(moniker=moniker, phone=card.callback)
        episodes.new_person(by=by, at=town.at, episode_id=episode_id, heard=typed)
        town.told["people unknown"] += 1
        return
    born = _born(town, card.callback or card.name_given, _chance(town, by))
    seen = finding.typed(
        given=given, family=family, born=born, phone=card.callback, address=card.place, at=town.at
    )
    found = finding.like(by, seen, at=town.at)
    if found.rows and found.rows[0].likely is Likely.VERY:
        person_id = found.rows[0].line.id
        episodes.identify_person(by=by, at=town.at, episode_id=episode_id, person_id=person_id)
        sharing.looked(
            by=by,
            at=town.at,
            page="person",
            label=number_of(person_id),
            record_id=person_id,
            person_id=person_id,
            of_agency_id=by.agency_id,
            basis="own",
        )
        town.told["people recognized"] += 1
        return
    typed = PersonHeard(given=given, family=family, born=born, phone=card.callback)
    episodes.new_person(by=by, at=town.at, episode_id=episode_id, heard=typed)
    town.told["people new to a program"] += 1


def _chance(town: Town, by: Actor) -> Random:
    """Of its own: what is remembered of somebody does not change how their call goes on."""
    return seeded(town.seed, "known", by.member_id, town.at)


def _born(town: Town, who: str, random: Random) -> str:
    """A birth date as it is said: the same for the same person, sometimes with day and month swapped."""
    if random.random() > SAYS_BIRTH:
        return ""
    day = _birthday(town, who)
    if random.random() < SWAPPED and day.day <= 12:  # noqa: PLR2004 - months
        day = date(day.year, day.day, day.month)
    return day.isoformat()


def _birthday(town: Town, who: str) -> date:
    return OLDEST + timedelta(days=seeded(town.seed, "born", who).randrange(YOUNGEST))


def lets_be_told(town: Town, episode_id: UUID, by: Actor) -> None:
    """Some of those who are received at the center sign that whoever brought them may know how it ended."""
    random = _chance(town, by)
    person_id = person_of(by, episode_id)
    rare = town.rates.rare
    if person_id is None or not town.happens(random, "released", rare.released):
        return
    others = [each for each in known_from(by, (person_id,)).programs if each != by.program_id]
    if not others:
        return
    identity.say_what_helps(by=by, at=town.at, person_id=person_id, what_helps=random.choice(HELPS))
    with act_as(by):
        card = lookup.card_of(episode_id)
    if card is None or not card.name_given:
        return
    name = card.name_given
    wish = Wish(
        plan=Plan.STATUS,
        person_name=name,
        born=_birthday(town, card.callback or name).isoformat(),
        told_program_id=random.choice(others),
        teller_id=by.program_id,
        person_id=person_id,
    )
    row = sharing.draft_release(by=by, at=town.at, wish=wish)
    if random.random() < rare.says_no:
        sharing.refuse_release(by=by, at=town.at, release_id=row.pk)
        town.told["releases refused"] += 1
        return
    sharing.sign_release(
        by=by,
        at=town.at,
        release_id=row.pk,
        read=digest(row),
        typed=name,
        witness_name=by.name,
    )
    town.told["releases signed"] += 1


def warns(town: Town, episode_id: UUID, by: Actor) -> None:
    """A counselor tells 911 what a rescue needs, at once and by name."""
    if not town.happens(_chance(town, by), "emergency", town.rates.rare.emergency):
        return
    sharing.claim_emergency(
        by=by,
        at=town.at,
        from_program_id=by.program_id,
        to_program_id=town.program_ids[town.desks.floor],
        person_id=person_of(by, episode_id),
        episode_id=episode_id,
        reason=REASON,
    )
    town.told["emergencies claimed"] += 1
