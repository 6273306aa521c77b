"""Records as rules compare them, and the keys under which they are found: read inside a command or a query."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from nowrongdoor.community import queries as community
from nowrongdoor.community.remembered import remembered
from nowrongdoor.identity.facts import Born, Described, JudgmentFacts, NameFacts, Says, Weights
from nowrongdoor.identity.models import Judgment

SETTING = "linkage"
PER_KEY = 100
"""Records read of one key at most, the latest: a name that a thousand share does not tell who it is."""
_FOUND = """
SELECT DISTINCT found.person_id FROM unnest(%s::bigint[]) AS sought (key)
CROSS JOIN LATERAL (
    SELECT k.person_id FROM identity_key k
    WHERE k.program_id = %s AND k.key = sought.key AND k.live
    ORDER BY k.person_id DESC LIMIT %s
) found
"""
_ABOVE = "SELECT p.id, p.merged_into_id FROM identity_person p WHERE p.id = ANY (%s) AND p.merged_into_id IS NOT NULL"
_PART = """
WITH RECURSIVE part (root, id) AS (
    SELECT p.id, p.id FROM identity_person p WHERE p.id = ANY (%s)
    UNION ALL
    SELECT part.root, p.id FROM identity_person p JOIN part ON p.merged_into_id = part.id
)
"""
_PARTS = f"{_PART} SELECT root, id FROM part ORDER BY root, id <> root, id"
_DESCRIBED = f"""{_PART}
SELECT part.root, p.born, p.born_from, p.born_until, p.address,
    ARRAY(
        SELECT ARRAY[n.given, n.family, n.second_family] FROM identity_name n
        WHERE n.person_id = p.id AND n.ended_at IS NULL ORDER BY n.made_at, n.id
    ),
    ARRAY(SELECT t.number FROM identity_phone t WHERE t.person_id = p.id AND t.ended_at IS NULL)
FROM part JOIN identity_person p ON p.id = part.id
ORDER BY part.root, part.id <> part.root, part.id
"""


UNTRAINED = Weights({}, math.inf, math.inf, {})
"""Of a community without a `linkage.json`: nobody is proposed."""


def weights(*, at: datetime) -> Weights:
    """What the community's `linkage.json` and `nicknames.csv` say."""
    return _weights(at.date())


@remembered
def _weights(day: date) -> Weights:
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    said = community.setting_or(SETTING, None, at=end)
    if said is None:
        return UNTRAINED
    return Weights(
        bits={field: each["bits"] for field, each in said["fields"].items()},
        likely=said["likely"],
        possible=said["possible"],
        nicknames={name: frozenset(others) for name, others in said["nicknames"].items()},
    )


def found_by(keys: Collection[int], program_id: UUID) -> list[UUID]:
    """The records of a program that have any of these keys. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [sorted(keys), program_id, PER_KEY])
        return [id for [id] in cursor.fetchall()]


def roots_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each of these records with the one as part of which it is read: itself, where it is not merged."""
    found = {id: id for id in ids}
    while above := dict(_rows(_ABOVE, list(set(found.values())))):
        found = {id: above.get(root, root) for id, root in found.items()}
    return found


def _rows(query: str, ids: list[UUID]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [ids])
        return list(cursor.fetchall())


def parts_of(ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Each record with all that is merged into it, itself first. One query."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for root, id in _rows(_PARTS, list(ids)):
        found[root].append(id)
    return found


def described(ids: Collection[UUID]) -> dict[UUID, Described]:
    """These records as they are compared, each with what is merged into it. One query, for hundreds of them."""
    parts: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for root, *said in _rows(_DESCRIBED, list(ids)):
        parts[root].append(tuple(said))
    return {root: _whole(rows) for root, rows in parts.items()}


def _whole(rows: list[tuple[Any, ...]]) -> Described:
    """What a record says and, where it says nothing, what is merged into it; a birth date before years."""
    known = [born for row in rows if (born := Born(*row[:3])).known]
    return Described(
        names=tuple(NameFacts(*name) for row in rows for name in row[4]),
        born=next((each for each in known if each.day), known[0] if known else Born()),
        phones=tuple(phone for row in rows for phone in row[5]),
        address=next((row[3] for row in rows if row[3]), ""),
    )


def standing(program_id: UUID) -> list[JudgmentFacts]:
    """Every judgment of a program that stands, but those that put it off. One query."""
    rows = Judgment.objects.filter(program_id=program_id, undone_at=None)
    rows = rows.exclude(says=Says.LATER).select_related("judged_by").order_by("judged_at", "id")
    return [each.facts() for each in rows]
