"""What is known to be unsafe where somebody is, as frozen rows; and where that is on a map."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import queries
from nowrongdoor.dispatch.facts import Point, Stage
from nowrongdoor.dispatch.models import Assignment, Caution, Duress
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CautionRow:
    """A safety concern that a team sees before it goes in."""

    id: UUID
    of: str
    code_name: str
    text: str
    evidence: str
    author: str
    program: str
    at: datetime
    expires_at: datetime
    appealed: bool
    ours: bool
    may: tuple[str, ...]
    """The acts that the reader may do with it."""


def cautions(by: Actor, episode_id: UUID, *, at: datetime) -> tuple[CautionRow, ...]:
    """What is known to be unsafe about the place or the person of an episode, and has not expired."""
    names = community.code_names("cautions", by.language)
    evidence = community.code_names("caution_evidence", by.language)
    with act_as(by):
        found = [
            row
            for row in Caution.objects.raw("SELECT * FROM dispatch_cautions(%s)", [episode_id])
            if row.expires_at > at
        ]
    authors = agencies.names_of({row.by_member_id for row in found})
    programs = {
        id: agencies.program(id, language=by.language).program
        for id in {row.program_id for row in found}
    }
    return tuple(
        CautionRow(
            id=row.pk,
            of=row.of,
            code_name=names.get(row.code, row.code),
            text=row.text,
            evidence=evidence.get(row.evidence, row.evidence),
            author=authors.get(row.by_member_id, ""),
            program=programs[row.program_id],
            at=row.at,
            expires_at=row.expires_at,
            appealed=row.appealed_at is not None and row.decided_at is None,
            ours=row.program_id == by.program_id,
            may=_may(by, row),
        )
        for row in sorted(found, key=lambda row: (row.at, row.pk))
    )


def _may(by: Actor, row: Caution) -> tuple[str, ...]:
    if not granted(by, Action.REQUEST):
        return ()
    if row.program_id != by.program_id:
        return ("appeal",)
    appealed = row.appealed_at is not None and row.decided_at is None
    decides = ("decide_appeal",) if appealed and agencies.may_supervise(by) else ()
    return ("appeal", *decides, "end_caution")


def units_en_route(
    by: Actor, episode_ids: Collection[UUID]
) -> dict[UUID, tuple[tuple[str, Stage], ...]]:
    """Which units are on the way to these people, or with them, and at which stage. One query."""
    found: dict[UUID, tuple[tuple[str, Stage], ...]] = {}
    with act_as(by):
        rows = Assignment.objects.filter(episode_id__in=episode_ids, cleared_at=None, source="live")
        for row in rows.select_related("unit").order_by("assigned_at", "id"):
            line = (row.unit.code, row.facts().stage)
            found[row.episode_id] = (*found.get(row.episode_id, ()), line)
    return found


def in_duress(by: Actor, episode_ids: Collection[UUID]) -> frozenset[UUID]:
    """At which of these episodes a team is in danger, until its desk has spoken with them. One query."""
    with act_as(by):
        rows = Duress.objects.filter(episode_id__in=episode_ids, ended_at=None)
        return frozenset(rows.values_list("episode_id", flat=True))


def scene_notes(by: Actor, episode_ids: Collection[UUID]) -> dict[UUID, Point]:
    """The middle of each of these episodes' zones, where one is said. Two queries."""
    with act_as(by):
        return queries.places_of(episode_ids)
