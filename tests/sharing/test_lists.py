"""A list through the gate holds the rows that the gate opens one by one, and no others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps.registry import Apps
from django.db import models
from psycopg import sql

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.conditions import FLAG, Compare, Every, Negated
from nowrongdoor.sharing import queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands.disclosing import holder
from nowrongdoor.sharing.elements import Kind, Signer
from nowrongdoor.sharing.lists import opened_to
from tests.makers import NOON, member_id, program_id

FITS = {"sud": [Kind.PART2_NAMED, Kind.PART2_TPO]}
YES = partial(Compare, values=FLAG[1:], among=True)
pytestmark = pytest.mark.usefixtures("db")
CRC, INTAKE, LINE, DEFLECTION, OUTREACH = "crc/adult", "treatment/intake", "line/counselors", "tpd/deflection", "tpd/outreach"  # fmt: skip
WANTS = (
    ("clinical", "engagement", CRC, DEFLECTION),  # a release opens it
    ("clinical", "close_loop", CRC, "tpd/patrol"),  # an agreement, or a release for more
    ("clinical", "serve_order", CRC, "tpd/mhst"),  # an order
    ("clinical", "coordinate", CRC, "tpd/patrol"),  # nothing
    ("crisis_contact", "treatment", LINE, CRC),  # everything
    ("crisis_contact", "imminent_threat", LINE, "tpd/patrol"),  # an emergency, of a person or of a call
    ("sud", "engagement", INTAKE, DEFLECTION),  # a Part 2 consent
    ("sud", "treatment", INTAKE, CRC),  # one for treatment, payment and operations
    ("homeless", "coordinate", OUTREACH, DEFLECTION),
    ("juvenile", "treatment", "tpd/patrol", CRC),  # a guardian, a mandate, custody or an emergency
)  # fmt: skip
LESS_BY_MORE = {"A26": (YES("named"), Negated(YES("guardian")))}
"""Needs of a table in which what is added may shut what was open."""
PEOPLE, RELEASES, GROUNDS = 60, 300, 500


class Listed(models.Model):
    """A row of any module that says something of a person on a call."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField(null=True)
    episode_id = models.UUIDField(null=True)

    class Meta:
        app_label, apps, managed, db_table = "listing", Apps(), False, "listed"


@pytest.fixture
def rows(admin: psycopg.Connection[Any]) -> Iterator[list[Listed]]:
    found = [
        Listed(UUID(int=n + 1), UUID(int=1000 + n // 2) if n % 9 else None, UUID(int=2000 + n % 40))
        for n in range(PEOPLE * 2)
    ]
    admin.execute("CREATE TABLE listed (id uuid PRIMARY KEY, person_id uuid, episode_id uuid)")
    admin.execute("GRANT SELECT ON listed TO PUBLIC")
    add(admin, "listed", [{"id": r.pk, "person_id": r.person_id, "episode_id": r.episode_id} for r in found])  # fmt: skip
    yield found
    admin.execute("DROP TABLE listed")


def add(admin: psycopg.Connection[Any], table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, rows[0])),
        sql.SQL(", ").join(map(sql.Placeholder, rows[0])),
    )
    with admin.transaction(), admin.cursor() as cursor:
        cursor.executemany(query, rows)


def a_person(chance: Random) -> UUID:
    return UUID(int=1000 + chance.randrange(PEOPLE))


def a_pair(chance: Random) -> tuple[str, str, str, str]:
    return chance.choice(WANTS)


def releases(chance: Random) -> Iterator[dict[str, Any]]:
    """Half of them as they must be to open something; each other one differs in one way."""
    by, before, after = member_id("emily.grant"), NOON - timedelta(days=1), NOON + timedelta(days=1)
    for n in range(RELEASES):
        data, purpose, teller, told = a_pair(chance)
        kind = chance.choice(FITS.get(data, [Kind.AUTHORIZATION]))
        otherwise: list[dict[str, Any]] = [
            {"kind": chance.choice(list(Kind))}, {"program_id": program_id(OUTREACH)}, {"purpose": f"{purpose}s"}, {"told": [program_id(LINE)]},
            {"until_at": NOON}, {"until_at": before}, {"activated_at": None}, {"activated_at": after}, {"data": ["incident"]}, {"person_id": None},
            {"revoked_at": NOON, "revoked_by_id": by}, {"person_born": date(2009, 3, 1)}, {"person_born": date(2000, 2, 29)},
        ]  # fmt: skip
        yield {
            "id": UUID(int=5000 + n), "kind": kind, "program_id": program_id(teller), "member_id": by, "taken_at": NOON,
            "person_id": a_person(chance), "person_name": "Ana Reyes", "person_born": chance.choice([date(2009, 3, 2), date(2012, 2, 29)]),
            "teller_id": program_id(teller), "told": [program_id(LINE), program_id(told)][chance.choice([0, 1]) :], "told_names": [],
            "data": [data], "items": ["need"], "description": "care", "purpose": chance.choice([purpose, f"review {purpose}"]),
            "until_at": chance.choice([None, after]), "until_event": "the case ends", "no_end": False, "condition": "",
            "signer": chance.choice(list(Signer)), "signer_name": "Ana Reyes", "signer_basis": "", "signature_kind": "typed", "signature": "Ana Reyes",
            "signed_at": NOON, "witness_name": "", "statements": ["x"], "text_version": "1", "language": "en", "activated_at": chance.choice([before, NOON]),
            "activated_by_id": by, "revoked_at": None, "revoked_by_id": None, "revoked_how": "", "copy_given": "", "copy_sha256": "",
        } | (chance.choice(otherwise) if n % 2 else {})  # fmt: skip


def subjects(chance: Random, of: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for n, release in enumerate(of):
        if chance.random() < 0.5:
            who = chance.choice(
                [release["teller_id"], release["teller_id"], program_id(DEFLECTION)]
            )
            yield {
                "id": UUID(int=6000 + n), "release_id": release["id"], "program_id": who, "person_id": a_person(chance),
                "member_id": release["member_id"], "at": NOON, "undone_at": chance.choice([None, None, NOON]),
            }  # fmt: skip


def grounds(chance: Random) -> Iterator[dict[str, Any]]:
    kinds = ["order", "emergency", "mandate", "custody_of", "agrees", "process"]
    for n in range(GROUNDS):
        _data, _purpose, teller, told = a_pair(chance)
        kind = chance.choice(kinds)
        from_at = NOON - timedelta(minutes=chance.choice([-30, 0, 30]))
        about = chance.choice(["person_id", "episode_id"])
        yield {
            "id": UUID(int=7000 + n), "kind": kind, "program_id": program_id(chance.choice([teller, told])), "member_id": member_id("emily.grant"),
            "made_at": NOON, "from_program_id": program_id(teller), "from_agency_id": queries.party(program_id(teller)).agency_id,
            "to_program_id": chance.choice([program_id(told), program_id(told), None]), "to_kind": chance.choice(["", "family"]),
            "person_id": None, "episode_id": None, "reference": "said", "from_at": from_at,
            "until_at": from_at + timedelta(minutes=chance.choice([30, 60])), "withdrawn_at": None, "withdrawn_by_id": None,
        } | {about: a_person(chance) if about == "person_id" else UUID(int=2000 + chance.randrange(40))}  # fmt: skip


def one_by_one(want: Want, rows: Sequence[Listed]) -> set[UUID]:
    wants = [replace(want, person_id=r.person_id, episode_id=r.episode_id) for r in rows]
    decided = queries.decide_all(wants, at=NOON)
    return {r.pk for r, each in zip(rows, decided, strict=True) if each.allowed}


@pytest.fixture
def said(admin: psycopg.Connection[Any]) -> None:
    """Releases, whose records they mean, and grounds: of every sort, begun or not, ended or not."""
    chance = Random(16)
    signed = list(releases(chance))
    add(admin, "sharing_release", signed)
    add(admin, "sharing_subject", list(subjects(chance, signed)))
    add(admin, "sharing_ground", list(grounds(chance)))


def compared(rows: Sequence[Listed]) -> dict[tuple[str, str], int]:
    """How many rows each list holds, which are those that are opened one by one."""
    found = {}
    for data, purpose, teller, told in WANTS:
        want = Want(data, purpose, program_id(teller), program_id(told))
        with act_as(holder(want.from_id)):
            opened = opened_to(want, at=NOON, episode="episode_id")
            listed = set(Listed.objects.filter(opened).values_list("pk", flat=True))
            assert listed == one_by_one(want, rows), (data, purpose, teller, told)
        found[data, purpose] = len(listed)
    return found


@pytest.mark.usefixtures("said")
def test_a_list_holds_what_is_decided_row_by_row(rows: list[Listed]) -> None:
    sizes = compared(rows)

    assert sizes["clinical", "coordinate"] == 0
    assert sizes["crisis_contact", "treatment"] == len(rows)
    some = {name for name, size in sizes.items() if 0 < size < len(rows)}
    assert len(some) == len(WANTS) - 2, sizes


@pytest.mark.usefixtures("said")
def test_it_does_so_where_more_may_shut_what_less_opens(
    rows: list[Listed], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, found = compared(rows), queries.table()
    assert found is not None
    allow = tuple(
        replace(row, needs=Every(LESS_BY_MORE[row.id])) if row.id in LESS_BY_MORE else row
        for row in found.allow
    )
    changed = replace(found, allow=allow)
    monkeypatch.setattr(queries, "table", lambda: changed)

    after = compared(rows)

    assert 0 < after["clinical", "engagement"] < before["clinical", "engagement"]


def test_nothing_is_listed_without_a_table(
    rows: list[Listed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "table", lambda: None)
    want = Want("crisis_contact", "treatment", program_id(LINE), program_id(CRC))

    assert not Listed.objects.filter(opened_to(want, at=NOON)).exists()
