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
    """`working`: the program works on one of the calls that is open, `open_ids`. `others`: what each other program may
    hold, apart for each person whom it knows there: that two calls are of one person is this program's word."""

    calls: tuple[CallLine, ...]
    open_ids: frozenset[UUID]
    others: tuple[tuple[UUID, About], ...]

    @property
    def working(self) -> bool:
        return bool(self.open_ids)

    @property
    def programs(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(program_id for program_id, _about in self.others))

    def of(self, program_id: UUID) -> About | None:
        """What a program may hold of the call that is open, else of the latest."""
        mine = [about for each, about in self.others if each == program_id]
        now = [each for each in mine if self.open_ids & set(each.episode_ids)]
        return next(iter(now or mine), None)

    def episode_of(self, about: About) -> UUID:
        """The call that is open, of those that it is about; else its latest."""
        return next(
            (each for each in about.episode_ids if each in self.open_ids), about.episode_ids[0]
        )


def known_from(by: Actor, person_ids: tuple[UUID, ...]) -> KnownFrom:
    """The calls whose person `by`'s program knows as one of these records. Two queries."""
    with act_as(by):
        names = code_names("incident_classes", by.language)
        mine = Party.objects.filter(program_id=by.program_id, person_id__in=person_ids)
        own = list(mine.select_related("episode").order_by("-episode__opened_at"))
        calls = {row.episode_id: row.episode for row in own}
        parties = Party.objects.filter(episode_id__in=calls, role=PartyRole.WORKING.value)
        rows = list(
            parties.exclude(program_id=by.program_id)
            .order_by("-episode__opened_at")
            .values_list("program_id", "person_id", "episode_id")
        )
    apart: dict[tuple[UUID, UUID | None], list[UUID]] = defaultdict(list)
    for program_id, person_id, episode_id in rows:
        apart[program_id, person_id].append(episode_id)
    works = {
        row.episode_id
        for row in own
        if row.role == PartyRole.WORKING.value and row.until_at is None
    }
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
        open_ids=frozenset(
            each.pk for each in calls.values() if each.closed_at is None and each.pk in works
        ),
        others=tuple(
            (program_id, About(person_id, tuple(dict.fromkeys(found))))
            for (program_id, person_id), found in apart.items()
        ),
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
