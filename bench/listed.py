"""Reads a list through the gate and without it. A process, in a house's environment.

In: {"admin", "records", "share": % of them released, "times": {name: how often}}.
Out: of each name {"ours", "floor": ms, p50}.
"""

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

import psycopg
from django.db.models import QuerySet

from bench.many_units import actor
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity.models import Person
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands.disclosing import holder
from nowrongdoor.sharing.lists import opened_to
from nowrongdoor.web.clock import now

TELLER, TOLD = "emily.grant", "ray.sutton"
PERSONS = """
INSERT INTO identity_person
    (id, program_id, made_at, made_by_id, moniker, address, usual_place, description, language, safe_contact,
     safe_contact_note, protections, version, told_version)
SELECT gen_random_uuid(), %s, now(), %s, 'Person ' || n, '', '', '', '', '{}', '', '{}', 1, 1 FROM generate_series(1, %s) n
"""
RELEASES = """
INSERT INTO sharing_release
    (id, kind, program_id, member_id, taken_at, person_id, person_name, teller_id, told, told_names, data, items,
     description, purpose, until_at, until_event, no_end, condition, signer, signer_name, signer_basis, signature_kind,
     signature, signed_at, witness_name, statements, text_version, language, activated_at, activated_by_id,
     revoked_how, copy_given, copy_sha256)
SELECT gen_random_uuid(), 'authorization', program_id, made_by_id, now(), id, moniker, program_id, ARRAY[%s::uuid], '{}',
       '{clinical}', '{attendance}', 'care', 'engagement coordinate', now() + interval '90 days', '', false, '', 'person',
       moniker, '', 'typed', moniker, now(), '', '{x}', '1', 'en', now() - interval '1 day', made_by_id, '', '', ''
FROM identity_person WHERE program_id = %s AND abs(hashtext(id::text)) %% 100 < %s
"""


def load(job: dict[str, Any]) -> None:
    """The records, once; and releases of as many of them as were asked for."""
    by, told = actor(TELLER), actor(TOLD)
    with psycopg.connect(job["admin"]) as admin:
        admin.execute("SET session_replication_role = replica")
        [(there,)] = admin.execute(
            "SELECT count(*) FROM identity_person WHERE program_id = %s", [by.program_id]
        ).fetchall()
        if there < job["records"]:
            admin.execute(PERSONS, [by.program_id, by.member_id, job["records"] - there])
        admin.execute("DELETE FROM sharing_release")
        admin.execute(RELEASES, [told.program_id, by.program_id, job["share"]])
    with psycopg.connect(job["admin"], autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE identity_person")
        admin.execute("VACUUM ANALYZE sharing_release")


def measured(job: dict[str, Any]) -> dict[str, Any]:
    want = Want("clinical", "engagement", actor(TELLER).program_id, actor(TOLD).program_id)
    ways: dict[str, Callable[[QuerySet[Person]], object]] = {
        "page": lambda rows: list(rows.values_list("id", "moniker")[:50]),
        "every": lambda rows: list(rows.values_list("id", "moniker")),
        "count": lambda rows: rows.count(),
    }
    found = {}
    with act_as(holder(want.from_id)):
        mine = Person.objects.filter(program_id=want.from_id).order_by("-id")
        for name, way in ways.items():
            ours, floor = [], []
            for _ in range(job["times"][name]):
                began = time.perf_counter()
                way(mine.filter(opened_to(want, at=now(), person="pk")))
                ours.append((time.perf_counter() - began) * 1000)
                began = time.perf_counter()
                way(mine)
                floor.append((time.perf_counter() - began) * 1000)
            found[name] = {"ours": median(ours), "floor": median(floor)}
    return found


if __name__ == "__main__":
    given = json.load(sys.stdin)
    load(given)
    print(json.dumps(measured(given)))
