"""Whom a program knows the person of an episode as: one of its own records, and no other program's to say."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import kinds
from nowrongdoor.episodes.commands.sharing import lock_episodes
from nowrongdoor.episodes.models import Party
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity import queries, rules
from nowrongdoor.identity.facts import PersonHeard, PersonTyped
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.fields import Pick
from nowrongdoor.web.inputs import Group


@command(needs=Action.KEEP_PERSONS)
def identify_person(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    person_id: Annotated[UUID, Pick(label=_("Person"))],
) -> Party:
    """Say that the person of an episode is the one of this record of the program's own.

    Refused: to whoever does not work on the episode; where the program already said who it is.
    Journal: episodes.identified.
    """
    party = _locked_party(by, episode_id)
    own = queries.lines(by, [person_id])
    if person_id not in own:
        raise missing()

    require(rules.may_identify(identified=party.person_id is not None))

    party.person_id = own[person_id].id
    party.save(update_fields=["person"])
    record(kinds.IDENTIFIED, party, by=by, at=at)
    return party


@command(needs=Action.KEEP_PERSONS)
def new_person(
    *, by: Actor, at: datetime, episode_id: UUID, heard: Annotated[PersonHeard, Group()]
) -> Party:
    """Make a record of the person of an episode, known by name or by a moniker.

    Refused: as `identify_person` and `identity.commands.keep_person` say.
    Journal: identity.kept, episodes.identified.
    """
    party = _locked_party(by, episode_id)

    require(rules.may_identify(identified=party.person_id is not None))

    typed = PersonTyped(**asdict(heard))
    party.person_id = identity.keep_person(by=by, at=at, typed=typed).pk
    party.save(update_fields=["person"])
    record(kinds.IDENTIFIED, party, by=by, at=at)
    return party


@command(needs=Action.KEEP_PERSONS)
def forget_person(*, by: Actor, at: datetime, episode_id: UUID) -> Party:
    """Say that it is not them after all. The record stays.

    Refused: where the program has not said who it is.
    Journal: episodes.not_identified.
    """
    party = _locked_party(by, episode_id)
    before = party.person_id

    require(rules.may_forget(identified=before is not None))

    party.person_id = None
    party.save(update_fields=["person"])
    record(kinds.NOT_IDENTIFIED, party, by=by, at=at, person_id=before)
    return party


def _locked_party(by: Actor, episode_id: UUID) -> Party:
    """The program's own part in an episode that it works on, which is locked. Errors: NotFound."""
    if by.program_id not in lock_episodes(episode_id)[episode_id].worked_by:
        raise missing()
    row = Party.objects.filter(
        episode_id=episode_id, program_id=by.program_id, until_at=None
    ).first()
    if row is None:
        raise missing()
    return row
