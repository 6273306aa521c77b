"""Fills a house with people, or asks who somebody is. A process, in a house's environment.

In: {"load": how many, "admin"}, or {"people", "questions", "blank": [%, …], "seed", "splink", "admin"}.
Out: of each share left out {"p50", "p99", "floor_p50", "floor_p99": ms, "recall", "splink": %, or null}.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

import django

if __name__ == "__main__":
    django.setup()

import psycopg

from bench.linkage import described, untrained
from bench.many_units import actor
from bench.people import People, Told, crowd
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import finding, records
from nowrongdoor.identity.rules.sounds import keys_of, sought
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now

TUCSON = Path(__file__).parent.parent / "communities/tucson"
SEED = 7
BATCH = 20_000
PERSON = "id, program_id, made_at, made_by_id, moniker, born, address, usual_place, description, language, safe_contact, safe_contact_note, protections, version, told_version"
NAME = "id, person_id, program_id, kind, given, family, second_family, made_at, made_by_id"
PHONE = "id, person_id, program_id, number, made_at, made_by_id"


def people(size: int) -> Iterator[Told]:
    known = untrained(TUCSON).nicknames
    yield from crowd(People(SEED, {name: sorted(each) for name, each in known.items()}), size)


def load(admin_url: str, size: int) -> dict[str, Any]:
    """Write them all as one program's records: what the commands write, by COPY."""
    by, at, began = actor("anna.miller"), now(), time.monotonic()
    with psycopg.connect(admin_url) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DROP INDEX key_found")
        for batch in _batches(people(size)):
            _write(admin, batch, by, at)
        admin.execute(
            "CREATE INDEX key_found ON identity_key (program_id, key, person_id) WHERE live"
        )
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for table in ("person", "name", "phone", "key"):
            admin.execute(f"VACUUM ANALYZE identity_{table}")
        [(size_mb,)] = admin.execute(
            "SELECT (sum(pg_total_relation_size('identity_' || t)) / 1e6)::int "
            "FROM unnest(ARRAY['person', 'name', 'phone', 'key']) t"
        ).fetchall()
    return {"seconds": time.monotonic() - began, "mb": size_mb}


def _batches(told: Iterator[Told]) -> Iterator[list[Told]]:
    batch: list[Told] = []
    for each in told:
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _write(admin: "psycopg.Connection[Any]", batch: Sequence[Told], by: Actor, at: object) -> None:
    who = (by.program_id, at, by.member_id)
    with admin.cursor() as cursor:
        with cursor.copy(f"COPY identity_person ({PERSON}) FROM STDIN") as copy:
            for each in batch:
                copy.write_row(
                    (_id(each), *who, "", each.born, each.address, "", "", "", [], "", [], 1, 1)
                )
        with cursor.copy(f"COPY identity_name ({NAME}) FROM STDIN") as copy:
            for each in batch:
                names = (each.given, each.family, "")
                copy.write_row((_id(each), _id(each), who[0], "legal", *names, *who[1:]))
        with cursor.copy(f"COPY identity_phone ({PHONE}) FROM STDIN") as copy:
            for each in batch:
                copy.write_row((_id(each), _id(each), who[0], each.phone, *who[1:]))
        with cursor.copy("COPY identity_key (program_id, key, person_id, live) FROM STDIN") as copy:
            for each in batch:
                for key in keys_of(described(each)):
                    copy.write_row((who[0], key, _id(each), True))


def _id(told: Told) -> UUID:
    return UUID(int=told.person + 1)


def ask(job: dict[str, Any]) -> dict[str, Any]:
    by, at = actor("anna.miller"), now()
    asked = _questions(job)
    with act_as(by):
        weights = records.weights(at=at)
    found: dict[str, Any] = {}
    with psycopg.connect(job["admin"], autocommit=True) as admin:
        for blank, told in asked.items():
            ours, floor, right = [], [], 0
            for each in told:
                seen = described(each)
                began = time.perf_counter()
                rows = finding.like(by, seen, at=at).rows
                ours.append((time.perf_counter() - began) * 1000)
                right += _id(each) in {row.id for row in rows}
                keys = sorted(sought(seen, weights.nicknames))
                began = time.perf_counter()
                admin.execute(
                    "SELECT person_id FROM identity_key WHERE program_id = %s AND key = ANY (%s) AND live LIMIT 2000",
                    [by.program_id, keys],
                ).fetchall()
                floor.append((time.perf_counter() - began) * 1000)
            found[blank] = {
                **_spread("", ours),
                **_spread("floor_", floor),
                "recall": 100 * right / len(told),
                "splink": None,
            }
    if job["splink"]:
        from bench.batch import recall

        for blank, share in recall(people(job["people"]), asked, TUCSON).items():
            found[blank]["splink"] = share
    return found


def _spread(before: str, ms: Sequence[float]) -> dict[str, float]:
    cut = quantiles(ms, n=100, method="inclusive")
    return {f"{before}p50": cut[49], f"{before}p99": cut[98]}


def _questions(job: dict[str, Any]) -> dict[str, list[Told]]:
    """People out of all of them, evenly, each told again; the same people for each share left out."""
    step = max(job["people"] // job["questions"], 1)
    chosen = [
        each for n, each in enumerate(people(job["people"])) if n % step == job["seed"] % step
    ]
    known = untrained(TUCSON).nicknames
    teller = People(job["seed"] + 100, {name: sorted(each) for name, each in known.items()})
    return {
        str(blank): [teller.again(each, blank=blank / 100) for each in chosen[: job["questions"]]]
        for blank in job["blank"]
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(load(given["admin"], given["load"]) if "load" in given else ask(given)))
