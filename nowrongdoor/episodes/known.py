"""Which calls a program knows a person from, and which other programs work on those: who may hold something of theirs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import code_names
from nowrongdoor.episodes.facts import PartyRole
from nowrongdoor.episodes.models import Episode, Party
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.shelves import About


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call of the person's, for their timeline."""

    id: UUID
    number: str
    happened: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownFrom:
    """`working`: the program works on one of the calls that is open. `others`: what each other program may hold."""

    calls: tuple[CallLine, ...]
    working: bool
    open_id: UUID | None
    others: dict[UUID, About]


def known_from(by: Actor, person_ids: tuple[UUID, ...]) -> KnownFrom:
    """The calls whose person `by`'s program knows as one of these records. Two queries."""
    with act_as(by):
        names = code_names("incident_classes", by.language)
        mine = Party.objects.filter(program_id=by.program_id, person_id__in=person_ids)
        own = list(mine.select_related("episode").order_by("-episode__opened_at"))
        calls = {row.episode_id: row.episode for row in own}
        parties = Party.objects.filter(
            episode_id__in=calls, role__in=[PartyRole.WORKING.value, PartyRole.POINTER.value]
        ).exclude(program_id=by.program_id)
        rows = list(parties.values_list("program_id", "episode_id", "person_id"))
    of_program: dict[UUID, list[tuple[UUID, UUID | None]]] = defaultdict(list)
    for program_id, episode_id, person_id in rows:
        of_program[program_id].append((episode_id, person_id))
    open_now = [each for each in calls.values() if each.closed_at is None]
    return KnownFrom(
        calls=tuple(
            CallLine(
                each.pk,
                each.label,
                names.get(each.class_code, each.class_code),
                each.opened_at,
                each.closed_at,
            )
            for each in calls.values()
        ),
        working=bool(open_now),
        open_id=open_now[0].pk if open_now else None,
        others={
            program_id: About(
                next((person for _episode, person in found if person is not None), None),
                tuple(dict.fromkeys(episode for episode, _person in found)),
            )
            for program_id, found in of_program.items()
        },
    )


def person_of(by: Actor, episode_id: UUID) -> UUID | None:
    """Whom `by`'s program knows the person of a call as; None where it has not said."""
    with act_as(by):
        mine = Party.objects.filter(
            program_id=by.program_id, episode_id=episode_id, person__isnull=False
        )
        found: UUID | None = mine.values_list("person_id", flat=True).first()
    return found


class Seen(NamedTuple):
    """What a log says of a call that somebody saw: its number, whose it is, whether they work on it."""

    number: str
    holder_program_id: UUID
    works: bool


def seen_call(by: Actor, episode_id: UUID) -> Seen | None:
    with act_as(by):
        row = Episode.objects.filter(pk=episode_id).first()
    if row is None:
        return None
    return Seen(row.label, row.holder_program_id, by.program_id in row.worked_by)
