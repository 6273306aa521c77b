"""Proofs are made in a child with limits, one at a time, while no connection of the pool is held."""

import fcntl
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from time import sleep

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from nowrongdoor.community.files import BadCommunity
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.triage import comparing, proving, reading
from nowrongdoor.triage.models import Protocol
from tests.clients import Desk, Visitor
from tests.triage.desks import text, url
from tests.triage.drafts import TEXT, changed

Admin = psycopg.Connection[tuple[object, ...]]
SMALL = (Path(__file__).parent / "small.yaml").read_text()
WAITS = """
import json, sys
asked = json.load(sys.stdin)
open({began!r}, "a").write("x")
open({may_end!r}).read()
version = asked["text"].partition("version: ")[2].partition("\\n")[0]
json.dump({{"code": "tucson", "version": version, "proof": {{"protocol": "", "claims": []}}}}, sys.stdout)
"""
"""A proof that says that it began, and ends when it may."""


@pytest.fixture(autouse=True)
def _a_place_of_its_own(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(proving, "_found", {})


def pigeons(holes: int) -> str:
    """A protocol whose one invariant more holds because so many pigeons and one do not fit so many holes."""
    rows = [[f"P{bird}H{hole}" for hole in range(holes)] for bird in range(holes + 1)]
    asked = "".join(
        f'- {{id: {one}, type: ynu, benign: "N", ask: {{en: a, es: a}}}}\n'
        for row in rows
        for one in row
    )
    each = " and ".join("(" + " or ".join(f'{one}=="Y"' for one in row) + ")" for row in rows)
    full = "".join(
        f"- {{id: A1{hole}, level: \"E\", if: '{_together(rows, hole)}', says: {{en: a, es: a}}}}\n"
        for hole in range(holes)
    )
    more = f"- {{id: I9, text: birds, when: '{each}', level_in: [\"E\"]}}\n"
    asked += f"levels:\n{full}"
    return SMALL.replace("levels:\n", asked, 1).replace("responses:\n", f"{more}responses:\n", 1)


def _together(rows: list[list[str]], hole: int) -> str:
    pairs = combinations(rows, 2)
    return " or ".join(f'({one[hole]}=="Y" and {other[hole]}=="Y")' for one, other in pairs)


def test_the_child_finds_what_is_found_here_and_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = proving.check(SMALL, "")
    monkeypatch.setattr(proving, "CHILD", ("false",))

    small = reading.read_text(SMALL, "small.yaml")
    assert (first.code, first.version) == (small.id, small.version)
    assert first.proof == comparing.check(small, None)
    assert proving.check(SMALL, "") is proving.known(SMALL, "") is first
    with pytest.raises(Refused) as refusal:
        proving.known(SMALL, TEXT)
    assert refusal.value.verdict.rule == "proof.overtaken"
    with pytest.raises(RuntimeError, match="the child that proves broke"):
        proving.check(SMALL, TEXT)


def test_what_is_no_protocol_is_named_by_file_and_line() -> None:
    with pytest.raises(BadCommunity) as bad:
        proving.check("protocol: x\n", "", "ours.yaml")

    assert {each.file for each in bad.value.problems} == {"ours.yaml"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#" * 100_001, "it has more than 100000 bytes"),
        ("- a\n" * 6_001, "it has more than 12000 lines, commas, colons and dashes"),
        ("[" + "a," * 12_001, "it has more than 12000 lines, commas, colons and dashes"),
    ],
    ids=["long", "lines", "commas"],
)
def test_too_much_text_is_refused_before_it_is_read_as_yaml(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nowrongdoor.community.written.YamlDocument", None)

    with pytest.raises(BadCommunity, match=said):
        reading.read_text(text, "protocol.yaml")


def test_so_many_questions_and_rules_and_no_more() -> None:
    reading.read_text(pigeons(9), "p.yaml")  # 95 questions

    with pytest.raises(BadCommunity, match="at most 100 of these"):
        reading.read_text(pigeons(10), "p.yaml")


def test_what_is_not_proved_in_its_seconds_is_not_put_on_the_table(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child does nothing but use its time up; a pigeonhole does the same at length, below."""
    spin = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(proving, "CHILD", (sys.executable, "-c", spin))

    answer = Desk("ruth.palmer").post(url("draft"), {"text": changed()})
    in_spanish = Desk("ruth.palmer").post(
        url("draft"), {"text": changed()}, headers={"accept-language": "es", "host": "localhost"}
    )

    assert (answer.status_code, in_spanish.status_code) == (422, 422)
    assert "This was not proved in 20 seconds, so it cannot be activated." in text(answer)
    assert "No se demostró en 20 segundos" in text(in_spanish)
    assert "version: 1.3.0" in answer.content.decode()  # what was typed is not lost
    assert not Protocol.objects.filter(version="1.3.0").exists()


@pytest.mark.long
def test_a_pigeonhole_ends_as_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "PROVE_S", 4)

    for task in (lambda: proving.check(pigeons(9), ""), lambda: proving.check(pigeons(9), TEXT)):
        with pytest.raises(Refused) as refusal:
            task()
        assert refusal.value.verdict.rule == "proof.limit"


def test_inside_a_transaction_nothing_is_proved(db: None) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction.atomic():
        proving.check(SMALL, "")


def in_transactions(admin: Admin) -> int:
    [[found]] = admin.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
    ).fetchall()
    return int(str(found))


def taken() -> int:
    """How many connections of the pool somebody has."""
    connection.close()
    found = connection.pool.get_stats()  # type: ignore[attr-defined]  # PostgreSQL's backend has it
    return int(found["pool_size"] - found["pool_available"])


def full() -> bool:
    if proving.LINE.acquire(blocking=False):
        proving.LINE.release()
        return False
    return True


def test_34_drafts_at_once_hold_no_connection_and_pages_answer(
    db: None, admin: Admin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_end, free = tmp_path / "began", tmp_path / "may_end", tmp_path / "free"
    os.mkfifo(may_end)
    free.touch()
    waits = WAITS.format(began=str(began), may_end=str(may_end))
    monkeypatch.setattr(proving, "CHILD", (sys.executable, "-c", waits))
    monkeypatch.setattr(proving, "WAIT_S", 120)
    desk = Desk("ruth.palmer")
    before = taken()

    def sent(n: int) -> int:
        one = Visitor()
        one.cookies = desk.cookies
        try:
            return one.post(url("draft"), {"text": changed(version=f"1.4.{n}")}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as others:
        drafts = [others.submit(sent, n) for n in range(4)]
        while not (began.exists() and full()):
            sleep(0.02)
        refused = [sent(n) for n in range(4, 34)]
        held = taken(), in_transactions(admin)
        page = desk.get(url("protocol")).status_code
        connection.close()
        with may_end.open("w"):
            free.replace(may_end)

    assert set(refused) == {422}
    assert held == (before, 0)
    assert page == 200
    assert [each.result() for each in drafts] == [302] * 4
    assert began.read_text() == "xxxx"


def test_whoever_waits_too_long_for_another_s_proof_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "WAIT_S", 0)
    with (tmp_path / "proof.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with pytest.raises(Refused) as refusal:
            proving.check(SMALL, "")

    assert refusal.value.verdict.rule == "proof.busy"
    assert proving.check(SMALL, "").proof.holds
