"""The protocol's pages: what they say, to whom, what they let do, and how many queries they make."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from nowrongdoor.triage.models import Protocol
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.triage.desks import get, text, url
from tests.triage.drafts import (
    BROKEN,
    SIGNERS,
    SOFTER,
    TEXT,
    activated,
    changed,
    drafted,
    loaded,
    sign,
)
from tests.triage.test_dry_run import screened

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
SMALL = (Path(__file__).parent / "small.yaml").read_text()


def buttons(page: str) -> list[str]:
    """What the content's filled buttons say: one next step, or none."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r'class="(?:button )?first"[^>]*>([^<]+)<', main)
    return [" ".join(each.split()) for each in found]


def post(who: str, name: str, row: Protocol | None = None, **typed: str) -> HttpResponse:
    return Desk(who).post(url(name, row), typed)


def test_the_list_says_what_is_in_force_since_when_and_by_whom() -> None:
    drafted(BROKEN, at=now())
    sign(drafted(changed(version="1.4.0"), at=now()), "psap", "clinical", at=now())

    page = get("ruth.palmer", "protocol")

    assert "02/10/2025" in page
    assert "Approved by: Denise Wright, Ruth Palmer, Brian Hale, Edith Navarro" in page
    for state in ("Active", "Draft; its proof fails", "Approved by 2 of 4"):
        assert f">{state}</span>" in page


def test_whoever_has_a_board_reads_the_rules_and_changes_nothing() -> None:
    row = drafted(at=now())

    for page in (get("maria.lopez", "protocol"), get("maria.lopez", "version", row)):
        assert "tucson-bh-triage 1.3.0" in page
        main = page.partition("<main")[2]
        assert set(re.findall(r'action="([^"]+)"', main)) <= {url("prove", row)}
    desk = Desk("maria.lopez")
    for name in ("draft", "mutate", "approve_protocol", "activate_protocol", "retire_protocol"):
        assert desk.post(url(name, None if name == "draft" else row)).status_code == 403, name
    for name in ("dry_run", "dry_run_csv"):
        assert desk.get(url(name, row)).status_code == 403, name
    assert Desk("victor.reed").get(url("protocol")).status_code == 403


def test_the_rail_leads_there_for_those_who_govern_it() -> None:
    link = '<a href="/protocol/" data-key="q"'

    assert link in get("edith.navarro", "protocol")
    assert link not in get("maria.lopez", "protocol")


def test_rules_are_said_in_words_and_questions_in_both_languages() -> None:
    page = get("maria.lopez", "version", loaded())

    assert '<span lang="en">Is there a weapon, and where is it? ' in page
    assert '<span lang="es">¿Hay un arma, y dónde está? ' in page
    assert '<kbd>1</kbd> <span lang="en">in their hand, against others or to die</span>' in page
    assert '<kbd>u</kbd> <span lang="en">not known</span>' in page
    assert "is there a weapon, and where is it: within reach: in the same room or car" in page
    assert "Co-responder, or mobile team with police staged" in page
    assert "Locate immediately if the call drops" in page
    order = re.findall(r'<th scope="row" class="narrow">([A-Z]+) ?[<]', page.partition("questions")[2])  # fmt: skip
    assert order[:8] == ["REL", "SEE", "AGE", "MED", "ACT", "ACTK", "WPN", "VIO"]
    assert order[-1] == "HOT"
    assert "==" not in page.partition("<main")[2]  # no rule in code


def test_the_page_reads_in_spanish() -> None:
    answer = Desk("maria.lopez").get(
        url("version", loaded()), headers={"accept-language": "es", "host": "localhost"}
    )

    page = text(answer)

    assert "¿Hay un arma, y dónde está?" in page
    assert "hay un arma, y dónde está: a su alcance" in page
    assert "Reglas de seguridad" in page


def test_a_draft_that_is_sent_is_on_its_own_page_and_sent_twice_it_is_there_once() -> None:
    desk = Desk("ruth.palmer")
    windows = changed().replace("\n", "\r\n")  # as a browser sends what stands in a box

    first, second = (desk.post(url("draft"), {"text": windows}) for _ in range(2))

    row = Protocol.objects.get(version="1.3.0")
    assert first["Location"] == second["Location"] == url("version", row)
    assert row.digest == sha256(changed().encode()).hexdigest()
    assert (row.text, row.drafted_by_id is None) == (changed(), False)


def test_a_draft_may_come_as_a_file_through_a_browser_s_form() -> None:
    desk = Desk("ruth.palmer").with_tokens()
    token = re.search(
        r'csrfmiddlewaretoken" value="(\w+)"', desk.get(url("draft")).content.decode()
    )
    assert token is not None
    file = SimpleUploadedFile("ours.yaml", changed().encode())

    answer = desk.post(
        url("draft"),
        {"csrfmiddlewaretoken": token[1], "idempotency_key": "k" * 36, "file": file, "text": "x"},
    )

    assert answer.status_code == 302
    assert Protocol.objects.get(version="1.3.0").text == changed()


def test_what_cannot_be_read_names_file_line_and_key_and_loses_nothing() -> None:
    wrong = changed(("if: 'HI==\"named\"', says", "if: 'HI==\"anybody\"', says"))
    line = 1 + wrong[: wrong.index("anybody")].count("\n")
    file = SimpleUploadedFile("ours.yaml", wrong.encode())
    desk = Desk("ruth.palmer")

    answers = desk.post(url("draft"), {"text": wrong}), desk.post(url("draft"), {"file": file})

    for answer, name in zip(answers, ("protocol.yaml", "ours.yaml"), strict=True):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f"{name}</td>" in page
        assert f">{line}</td>" in page
        assert ">levels.4.if</td>" in page
        assert "HI is never &quot;anybody&quot;; it takes none, unspecific, named, U." in page
        assert wrong[-300:-1].replace('"', "&quot;").replace("'", "&#x27;") in page
    assert not Protocol.objects.filter(version="1.3.0").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " \n"}, "Paste the text of a protocol, or choose its file."),
        ({"text": TEXT + "# more\n"}, "That version exists. Use a new number."),
        ({"text": "</textarea><script>alert(1)</script>"}, "This cannot be read as a protocol."),
        ({"file": SimpleUploadedFile("a.yaml", b"\xff\xfe")}, "This file is not text in UTF-8."),
        ({"file": SimpleUploadedFile("a.yaml", b"x" * 1_600_001)}, "This file is too long"),
    ],
)
def test_a_bad_draft_gets_one_sentence(typed: dict[str, object], said: str) -> None:
    answer = Desk("ruth.palmer").post(url("draft"), typed)

    assert answer.status_code == 422
    assert said in text(answer)
    assert "<script>alert" not in answer.content.decode()
    assert Protocol.objects.count() == 1


def test_a_new_draft_starts_from_the_text_of_another_version() -> None:
    desk = Desk("ruth.palmer")

    filled = desk.get(url("draft"), {"from": str(loaded().pk)}).content.decode()
    empty = desk.get(url("draft"), {"from": "nothing"}).content.decode()

    assert "version: 1.2.1" in filled
    assert buttons(filled) == ["Submit draft"]
    assert "version: 1.2.1" not in empty


def test_a_broken_version_shows_the_call_that_breaks_it_when_asked() -> None:
    row = drafted(BROKEN, at=now())
    before = get("ruth.palmer", "version", row)

    whole = text(post("ruth.palmer", "prove", row))
    part = text(Desk("maria.lopez").htmx(url("prove", row)))

    call = "Has the person already started doing something to end their life: yes; what have they done: swallowed something, or cut themselves. -&gt; level 2 by L27"
    assert "No: at least one call breaks a safety rule" in before
    assert call not in before
    assert buttons(before) == ["Prove it now"]
    for page in (whole, part):
        assert call in page
        assert re.search(r'class="broken"><th scope="row" class="narrow">I1</th>', page)
        assert "safety rules fail" in page
    assert whole.startswith("<!doctype html>")
    assert part.strip().startswith('<section class="panel" id="proof">')


def test_a_version_that_holds_is_proved_claim_by_claim() -> None:
    page = text(Desk("maria.lopez").htmx(url("prove", loaded())))

    assert "Every possible call was checked." in page
    assert page.count(">Proved</span>") == 1 + 20  # the sign, and each invariant
    assert "broken" not in page.lower()
    assert "Checking every possible call…" in page  # shown while it works


def test_who_would_notice_a_mistake_is_told_on_request() -> None:
    row = drafted(SMALL, at=now())

    page = text(Desk("edith.navarro").htmx(url("mutate", row)))

    assert page.strip().startswith('<section class="panel" id="mutations">')
    assert re.search(r"\d+ tested", page)
    assert ">Caught</td>" in page


def test_the_four_approve_by_name_and_the_version_goes_in_force() -> None:
    row = drafted(at=now())
    first = get("ruth.palmer", "version", row)
    for approver, who in SIGNERS.items():
        assert post(who, "approve_protocol", row, approver=approver).status_code == 302
    ready = get("ruth.palmer", "version", row)

    assert post("ruth.palmer", "activate_protocol", row, from_at="").status_code == 302

    assert buttons(first) == ["Approve by name"]
    assert "Not approved yet by: Clinical lead of the crisis line, Director" in first
    assert buttons(ready) == ["Activate"]
    assert "Already approved." in ready
    done = get("ruth.palmer", "version", row)
    assert ">Active</span>" in done
    assert ">In reserve</span>" in get("ruth.palmer", "protocol")


def test_what_is_not_allowed_says_why() -> None:
    row = drafted(at=now())

    assert "Activate another version before retiring this one" in get(
        "ruth.palmer", "version", loaded()
    )
    refused = {
        "approve": post("ruth.palmer", "approve_protocol", row, approver="police"),
        "activate": post("ruth.palmer", "activate_protocol", row, from_at=""),
        "retire": post("ruth.palmer", "retire_protocol", loaded()),
    }
    said = {
        "approve": "Your role cannot approve for this approver.",
        "activate": "Not approved yet by",
        "retire": "Activate another version before retiring this one",
    }
    for name, answer in refused.items():
        assert (answer.status_code, said[name] in text(answer)) == (409, True), name


def test_a_time_is_the_community_s_and_a_bad_one_is_named_and_kept() -> None:
    row = drafted(at=now())
    sign(row, at=now())

    bad = post("ruth.palmer", "activate_protocol", row, from_at="tomorrow")
    past = post("ruth.palmer", "activate_protocol", row, from_at="2020-01-01T08:00")
    far = post(
        "ruth.palmer", "activate_protocol", row, from_at="9999-12-31T23:59"
    )  # no clock's in UTC
    post("ruth.palmer", "activate_protocol", row, from_at="2050-01-01T08:00")

    assert (bad.status_code, past.status_code, far.status_code) == (422, 409, 422)
    assert "Write a date and a time, or leave it empty for now." in text(bad)
    assert 'value="tomorrow"' in text(bad)
    assert Protocol.objects.get(pk=row.pk).active_from == datetime(2050, 1, 1, 15, tzinfo=UTC)
    assert "Approved; not active yet" in get("ruth.palmer", "version", row)


def test_a_version_is_retired_and_stays_readable() -> None:
    row = activated(at=now(), from_at=now())

    assert post("brian.hale", "retire_protocol", row).status_code == 302

    page = get("ruth.palmer", "version", row)
    assert ">Retired</span>" in page
    assert buttons(page) == []


def test_without_a_version_in_force_the_pages_say_so(admin: Admin) -> None:
    row = drafted(at=now())
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE triage_protocol SET retired_at = now() WHERE version = '1.2.1'")

    answer = Desk("ruth.palmer").get(url("dry_run", row))

    assert "No version is active, so no one can be screened." in get("ruth.palmer", "protocol")
    assert answer.status_code == 409
    assert "No active protocol to compare with." in text(answer)
    assert get("ruth.palmer", "version", row)


def test_a_version_that_is_not_there_is_not_found() -> None:
    missing = Protocol(pk="00000000-0000-7000-8000-000000000000")
    desk = Desk("ruth.palmer")

    for name in ("version", "dry_run", "dry_run_csv"):
        assert desk.get(url(name, missing)).status_code == 404
    for name in ("prove", "mutate", "approve_protocol", "activate_protocol", "retire_protocol"):
        assert desk.post(url(name, missing), {"approver": "psap"}).status_code == 404


def queries_of(act: Callable[[], object]) -> int:
    act()  # what is parsed once in a process is parsed
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_pages_make_as_many_queries_for_many_versions_and_calls_as_for_one() -> None:
    desk, row = Desk("ruth.palmer"), drafted(SOFTER, at=now())
    addresses = [url("protocol"), *(url(name, row) for name in ("version", "dry_run"))]
    screened(1)

    few = [queries_of(lambda url=each: desk.get(url)) for each in addresses]
    screened(5)
    for n in range(4, 8):
        sign(drafted(changed(version=f"1.{n}.0"), at=now()), at=now())
    many = [queries_of(lambda url=each: desk.get(url)) for each in addresses]

    assert few == many
