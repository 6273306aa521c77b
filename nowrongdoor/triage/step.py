"""What one step of screening reads: all it begins with by one statement, and all it shows by another.

A key at a desk waits for both, and would wait for each of the reads in `queries` that they stand for.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.facts import Protocol
from nowrongdoor.triage.models import Screening
from nowrongdoor.triage.queries import (
    IN_FORCE,
    NEEDS,
    NO_PROTOCOL,
    CurrentLevelRow,
    NoProtocol,
    need,
    parsed_as,
    with_weather,
)

_SO_FAR = f"""
SELECT f.id AS goes_id, f.digest AS goes_digest, k.known, s.*
FROM ({IN_FORCE}) f
CROSS JOIN (SELECT json_object_agg(question, value)::text AS known FROM triage_known(%(episode)s)) k
LEFT JOIN LATERAL (SELECT * FROM triage_screening WHERE episode_id = %(episode)s
                   ORDER BY step DESC LIMIT 1) s ON true
"""
_SCREENED = f"""
SELECT f.id, f.digest, (SELECT json_object_agg(a.question, a.value)::text FROM (
    SELECT DISTINCT ON (question) question, value FROM triage_answer
    WHERE episode_id = ANY(%(ids)s) ORDER BY question, step DESC) a), n.*
FROM ({IN_FORCE}) f LEFT JOIN LATERAL ({NEEDS}) n ON true
"""


class SoFar(NamedTuple):
    """`known`: every answer that stands, also what `by`'s program may not read: for the rules alone."""

    protocol_id: UUID
    protocol: Protocol
    before: Screening | None
    known: dict[str, str]


class Screened(NamedTuple):
    """The protocol that goes now, the need, and the answers that one may read."""

    protocol: Protocol
    need: CurrentLevelRow | None
    answers: dict[str, str]


def so_far(episode_id: UUID, *, at: datetime) -> SoFar:
    """What a next step begins with. One query; inside somebody's acting. Errors: NoProtocol."""
    found: list[Any] = list(Screening.objects.raw(_SO_FAR, {"episode": episode_id, "at": at}))
    if not found:
        raise NoProtocol(NO_PROTOCOL)
    [row] = found
    return SoFar(
        row.goes_id,
        parsed_as(row.goes_id, row.goes_digest),
        None if row.pk is None else row,
        with_weather(json.loads(row.known or "{}"), at=at),
    )


def screened(by: Actor, episode_id: UUID, *, at: datetime) -> Screened:
    """`queries.protocol`, `needs` and `answers` of one person. One query. Errors: NoProtocol."""
    with act_as(by), connection.cursor() as cursor:
        cursor.execute(_SCREENED, {"ids": [episode_id], "at": at})
        row = cursor.fetchone()
        if row is None:
            raise NoProtocol(NO_PROTOCOL)
        id, digest, answers, *needed = row
        found = None if needed[0] is None else need(needed, by.language)
        return Screened(parsed_as(id, digest), found, json.loads(answers or "{}"))
