"""What triage says of many calls at once: levels that were lowered, hard stops that stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import code_names
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.facts import UNKNOWN
from nowrongdoor.triage.models import Answer, Screening
from nowrongdoor.triage.queries import NoProtocol, in_force, parsed


@dataclass(frozen=True, slots=True)
class LoweredRow:
    """A level that somebody lowered: from, to and why. `agreed_with` had recommended it."""

    episode_id: UUID
    number: str
    at: datetime
    by_name: str
    agreed_with: str
    was: str
    now: str
    reason: str


def lowered(by: Actor, *, since: datetime) -> tuple[LoweredRow, ...]:
    """Levels lowered since then, the newest first. Three queries."""
    with act_as(by):
        reasons = code_names("override_reasons", by.language)
        rows = Screening.objects.filter(cause="lowered", at__gte=since).order_by("-at", "-id")
        found = list(rows.select_related("by_member", "agreed_with", "episode"))
        steps = Screening.objects.filter(episode_id__in={row.episode_id for row in found})
        shown = {
            (id, step): level
            for id, step, level in steps.values_list("episode_id", "step", "shown")
        }
        return tuple(
            LoweredRow(
                episode_id=row.episode_id,
                number=row.episode.label,
                at=row.at,
                by_name=row.by_member.name if row.by_member else "",
                agreed_with=row.agreed_with.name if row.agreed_with else "",
                was=shown.get((row.episode_id, row.step - 1), ""),
                now=row.shown,
                reason=reasons.get(row.reason, row.reason),
            )
            for row in found
        )


@dataclass(frozen=True, slots=True)
class StopsRow:
    """An episode's hard stops: those that were said yes to, denied, said not to be known, not asked."""

    said_yes: frozenset[str]
    denied: frozenset[str]
    unknown: frozenset[str]
    unasked: frozenset[str]


def hard_stops(by: Actor, ids: Collection[UUID], *, at: datetime) -> dict[UUID, StopsRow]:
    """The hard stops of the protocol in force as `by`'s program may read the answers. Two queries.

    Not asked, or not to be read here, counts as unknown. Without a protocol nothing is known.
    """
    with act_as(by):
        try:
            stops = parsed(in_force(at)).hard_stops
        except NoProtocol:
            return {}
        rows = Answer.objects.filter(episode_id__in=ids, question__in=[stop.id for stop in stops])
        last = rows.order_by("episode_id", "question", "-step").distinct("episode_id", "question")
        given = {
            (id, question): value
            for id, question, value in last.values_list("episode_id", "question", "value")
        }
    found: dict[UUID, StopsRow] = {}
    for id in ids:
        said = {stop.id: given.get((id, stop.id), "") for stop in stops}
        denied = {stop.id for stop in stops if said[stop.id] == stop.benign}
        unknown = {stop for stop, value in said.items() if value == UNKNOWN}
        unasked = {stop for stop, value in said.items() if value == ""}
        said_yes = said.keys() - denied - unknown - unasked
        found[id] = StopsRow(*map(frozenset, (said_yes, denied, unknown, unasked)))
    return found
