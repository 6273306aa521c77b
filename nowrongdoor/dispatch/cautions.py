"""What is known to be unsafe where somebody is, as frozen rows; and where that is on a map."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import acting
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import queries
from nowrongdoor.dispatch.facts import Point, Stage
from nowrongdoor.dispatch.models import Assignment
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


def cautions(by: Actor, episode_id: UUID, *, at: datetime) -> tuple[CautionRow, ...]:
    """What is known to be unsafe about the place or the person of an episode, and has not expired."""
    names = community.code_names("cautions", by.language)
    evidence = community.code_names("caution_evidence", by.language)
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.of, c.code, c.text, c.evidence, m.name, p.names, c.at, c.expires_at, "
            "c.appealed_at IS NOT NULL AND c.decided_at IS NULL, c.program_id "
            "FROM dispatch_cautions(%s) c JOIN agencies_member m ON m.id = c.by_member_id "
            "JOIN agencies_program p ON p.id = c.program_id WHERE c.expires_at > %s ORDER BY c.at",
            [episode_id, at],
        )
        rows = cursor.fetchall()
    return tuple(
        CautionRow(
            id=id,
            of=of,
            code_name=names.get(code, code),
            text=text,
            evidence=evidence.get(how, how),
            author=author,
            program=community.in_language(json.loads(program), by.language),
            at=made_at,
            expires_at=expires_at,
            appealed=appealed,
            ours=program_id == by.program_id,
        )
        for id, of, code, text, how, author, program, made_at, expires_at, appealed, program_id in rows
    )


def coming(by: Actor, episode_ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, Stage], ...]]:
    """Which units are on the way to these people, or with them, and at which stage. One query."""
    found: dict[UUID, tuple[tuple[str, Stage], ...]] = {}
    with acting(by):
        rows = Assignment.objects.filter(episode_id__in=episode_ids, cleared_at=None, source="live")
        for row in rows.select_related("unit").order_by("assigned_at", "id"):
            line = (row.unit.code, row.facts().stage)
            found[row.episode_id] = (*found.get(row.episode_id, ()), line)
    return found


def points(by: Actor, episode_ids: Collection[UUID]) -> dict[UUID, Point]:
    """The middle of each of these episodes' zones, where one is said. Two queries."""
    with acting(by):
        return queries.places_of(episode_ids)
