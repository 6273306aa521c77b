"""Records as rules compare them, and the keys under which they are found: read inside a command or a query."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import connection

from nowrongdoor.community import queries as community
from nowrongdoor.community.remembered import remembered
from nowrongdoor.identity.facts import Born, Described, JudgmentFacts, NameFacts, Says, Weights
from nowrongdoor.identity.models import Judgment, Name, Person, Phone

SETTING = "linkage"
PER_KEY = 100
"""Records read of one key at most, the latest: a name that a thousand share does not tell who it is."""
_FOUND = """
SELECT DISTINCT found.person_id FROM unnest(%s::bigint[]) AS sought (key)
CROSS JOIN LATERAL (
    SELECT k.person_id FROM identity_key k WHERE k.program_id = %s AND k.key = sought.key AND k.live
    ORDER BY k.person_id DESC LIMIT %s
) found
"""
_PARTS = """
WITH RECURSIVE part (root, id) AS (
    SELECT p.id, p.id FROM identity_person p WHERE p.id = ANY (%s)
    UNION ALL
    SELECT part.root, p.id FROM identity_person p JOIN part ON p.merged_into_id = part.id
)
SELECT root, id FROM part
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
    while True:
        rows = Person.objects.filter(pk__in=set(found.values()), merged_into__isnull=False)
        above = dict(rows.values_list("id", "merged_into_id"))
        if not above:
            return found
        found = {id: above.get(root, root) for id, root in found.items()}


def parts_of(ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Each record with all that is merged into it, itself first. One query."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [list(ids)])
        for root, id in cursor.fetchall():
            found[root].append(id)
    return found


def described(ids: Collection[UUID]) -> dict[UUID, Described]:
    """These records as they are compared, each with what is merged into it. Four queries."""
    parts = parts_of(ids)
    root_of = {id: root for root, each in parts.items() for id in each}
    names, phones = defaultdict(list), defaultdict(list)
    for person_id, *parts_of_name in Name.objects.filter(
        person_id__in=root_of, ended_at=None
    ).values_list("person_id", "given", "family", "second_family"):
        names[root_of[person_id]].append(NameFacts(*parts_of_name))
    for person_id, number in Phone.objects.filter(person_id__in=root_of, ended_at=None).values_list(
        "person_id", "number"
    ):
        phones[root_of[person_id]].append(number)
    fields = ("id", "born", "born_from", "born_until", "address")
    rows = {row[0]: row for row in Person.objects.filter(pk__in=root_of).values_list(*fields)}
    return {
        root: Described(
            names=tuple(names[root]),
            born=_first_born(rows[id] for id in each),
            phones=tuple(phones[root]),
            address=next((rows[id][4] for id in each if rows[id][4]), ""),
        )
        for root, each in parts.items()
    }


def _first_born(rows: Iterable[tuple[object, ...]]) -> Born:
    """A date before years, the record's own before those of what is merged into it."""
    known = [Born(*row[1:4]) for row in rows]  # type: ignore[arg-type]  # as the columns are
    known = [each for each in known if each.known]
    return next((each for each in known if each.day), known[0] if known else Born())


def standing(program_id: UUID) -> list[JudgmentFacts]:
    """Every judgment of a program that stands, but those that put it off. One query."""
    rows = Judgment.objects.filter(program_id=program_id, undone_at=None)
    rows = rows.exclude(says=Says.LATER).select_related("judged_by").order_by("judged_at", "id")
    return [each.facts() for each in rows]
