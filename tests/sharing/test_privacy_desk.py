"""The privacy officer's desk: its pages answer, the bench asks the gate, and each page about a person is a look."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import commands, privacy_queries, queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, Told
from nowrongdoor.sharing.models import Agreement, SignOff
from nowrongdoor.sharing.shelves import number_of
from tests.clients import Desk
from tests.makers import an_actor, program_id
from tests.sharing import full
from tests.sharing.full import (
    MARTA,
    PAULA,
    SYLVIA,
    a_paper,
    an_agreement,
    an_emergency,
    asked_to_see,
    looked_at,
    review_of,
    told_in_danger,
)
from tests.sharing.tables import TEXT, UNSIGNED, in_force

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
PERSON = UUID("01900000-0000-7000-8000-00000000bbbb")
BEFORE = datetime(2026, 12, 1, 19, tzinfo=UTC)  # while MOU-03 runs
EMILY, HELEN, JAMES = "emily.grant", "helen.marsh", "james.cole"


def told(by: str = JAMES, *, at: datetime = BEFORE) -> Told[str]:
    """Patrol asks the center how the person is placed."""
    actor = an_actor(by)

    def records(_holder: Actor) -> Sequence[Record]:
        return [Record("visit", PERSON)]

    want = Want(
        "clinical", "close_loop", program_id("crc/adult"), actor.program_id, person_id=PERSON
    )
    return commands.disclose(want, by=actor, at=at, records=records, read=lambda *_: "in care")


def entries() -> int:
    with act_as_task("feed"):
        return Entry.objects.count()


def page(which: str, *args: UUID, by: str = MARTA, **query: str) -> HttpResponse:
    return Desk(by).get(reverse(f"sharing:{which}", args=args), query)


def words(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def test_every_page_of_the_desk_answers_with_what_waits_there() -> None:
    an_agreement(code="MOU-77", paper_id=a_paper(an_actor(MARTA)).pk)
    asked_to_see()
    looked_at(an_actor(EMILY))
    review_of(an_emergency())

    desk = words(page("privacy"))
    pages = [page(name) for name in ("looks", "table", "new_agreement")]

    assert {each.status_code for each in pages} == {200}
    for said in ("MOU-77", "I brought him and want to know that he is safe.", "Emily Grant"):
        assert said in desk, said
    assert "He has the gun in the car." not in desk  # the line's own review
    assert "He has the gun in the car." in words(page("privacy", by=PAULA))
    assert "42 CFR 2.12(d)" in words(pages[1])


def test_the_table_says_in_words_what_each_row_needs_and_who_is_meant() -> None:
    shown = words(page("table"))
    row = shown[shown.index('<tr id="A36">') :].split("</tr>")[0]

    needs = "any of: A release names them; Court process served; Signed, specific request on file"
    assert f'<td data-label="Needs">{needs}</td>' in row
    assert "Homeless services, Police outreach, Peer organization" in row
    denied = shown[shown.index("<strong>X04</strong>") :].split("</li>")[0]
    assert "everything → Employer, Immigration authorities, Landlord" in denied
    assert "Unless: any of: Court process served; A law requires the report" in denied
    assert [code for code in ("le_patrol", "le patrol", "cmt provider") if code in shown] == []


def test_the_table_is_in_spanish_for_whoever_reads_spanish() -> None:
    desk = Desk(MARTA)
    desk.post(reverse("agencies:set_language"), {"language": "es", "next": "/"})

    shown = words(desk.get(reverse("sharing:table")))

    assert '<td data-label="Requiere">Convenio vigente</td>' in shown
    assert "todo → Empleador, Autoridades de inmigración, Arrendador" in shown
    assert [each for each in ("Agreement in force", "Landlord", "anyone<") if each in shown] == []


COULD = {"data": "clinical", "purpose": "close_loop"}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([], ["No", "Agreement in force", "A09", "A release names them"]),
        (["agreement"], ["Yes, and only this: one status word", "A09", "without:"]),
        (["agreement", "gossip"], ["Yes, and only this: one status word"]),
    ],
)
def test_the_bench_answers_as_the_gate_does_and_writes_nothing(
    facts: list[str], said: list[str]
) -> None:
    asked = {"from": str(program_id("crc/adult")), "to": str(program_id("tpd/mhst")), "fact": facts}
    desk, before = Desk(MARTA), entries()

    answer = words(desk.get(reverse("sharing:privacy"), COULD | asked))

    [shown] = [answer[answer.index('role="status"') :]]
    assert [each for each in said if each not in shown] == []
    assert ("Yes, and only this:" in shown) is bool(facts)
    assert entries() == before


@pytest.mark.parametrize("wrong", [{"from": "x"}, {"to": "nobody"}, {"data": "x"}, {"purpose": ""}])
def test_a_sentence_that_is_not_whole_has_no_answer(wrong: dict[str, str]) -> None:
    asked = {"from": str(program_id("crc/adult")), "to": "family"} | COULD | wrong

    assert 'class="answer' not in words(page("privacy", **asked))


@pytest.fixture
def unsigned(admin: Admin) -> Iterator[None]:
    """A later version of the table, of which the file signs nothing off."""
    with in_force(admin, UNSIGNED):
        yield


@pytest.mark.usefixtures("unsigned")
def test_a_row_that_is_signed_off_by_name_decides_at_once_and_withdrawing_shuts_it() -> None:
    desk = Desk(MARTA)
    assert told().decision.row == "none"
    assert "A09" in words(desk.get(reverse("sharing:privacy")))

    signed = desk.htmx(reverse("sharing:sign_off"), {"row": "A09"})
    opened = told()
    with act_as(an_actor(MARTA)):
        row = SignOff.objects.get()
    withdrawn = desk.htmx(reverse("sharing:withdraw_sign_off", args=[row.pk]))

    assert (signed.status_code, withdrawn.status_code) == (204, 200)
    assert (opened.decision.row, opened.read) == ("A09", "in care")
    assert (row.member_id, told().decision.row) == (an_actor(MARTA).member_id, "none")
    assert desk.htmx(reverse("sharing:sign_off"), {"row": "A01"}).status_code == 409
    assert desk.htmx(reverse("sharing:sign_off"), {"row": "Z9"}).status_code == 422


def test_a_changed_table_is_tried_on_what_was_told_and_changes_nothing() -> None:
    told()
    desk, url = Desk(MARTA), reverse("sharing:replay")
    changed = TEXT.replace("signed_off: [A09, A14, A19]", "signed_off: [A14, A19]")

    same = words(desk.post(url, {"text": TEXT}))
    other = words(desk.post(url, {"text": changed}))
    broken = desk.post(url, {"text": "data: ["})

    assert "1 line of the ledger was tried." in same
    assert "Each would be answered as before." in same
    assert "Each would be answered as before." not in other
    assert broken.status_code == 422
    assert told().decision.row == "A09"


def test_the_accounting_is_its_agency_s_officer_s_and_reading_it_is_a_look() -> None:
    told()

    read = page("accounting", PERSON)

    assert (read.status_code, "one status word" in words(read)) == (200, True)
    assert page("accounting", PERSON, by=HELEN).status_code == 404
    assert page("accounting", PERSON, by=EMILY).status_code == 403
    with act_as(an_actor(MARTA)):
        [look] = queries.looks_at(PERSON)
    assert (look.page, look.basis, look.member_id) == (
        "accounting",
        "privacy_officer",
        an_actor(MARTA).member_id,
    )
    page("accounting", PERSON)
    assert len(privacy_queries.looks(an_actor(MARTA))) == 1


def test_an_agreement_is_written_on_the_page_with_its_paper_and_what_is_wrong_stands_there() -> (
    None
):
    desk, url = Desk(MARTA), reverse("sharing:make_agreement")
    typed = {
        "code": "MOU-78",
        "title": "Placed",
        "tells": str(program_id("crc/adult")),
        "told": str(program_id("tpd/mhst")),
        "data": "clinical",
        "purposes": "close_loop",
        "legal_basis": "Protocol",
        "from_at": "2026-01-01",
        "signed_by": "Ana Ruiz, Crisis center\nRay Sutton, Police",
    }
    wrong = {
        "from_at": "tomorrow",
        "until_at": "2025-01-01",
        "tells": "nobody",
        "code": "",
        "title": "x" * 201,
    }

    for field, text in wrong.items():
        refused = desk.post(url, typed | {field: text})
        assert refused.status_code == 422, field
        assert 'aria-invalid="true"' in words(refused) or field == "tells", field
        assert "Protocol" in words(refused)
    scan = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 words", "application/pdf")
    made = desk.post(url, typed | {"paper": scan})
    fake = SimpleUploadedFile("signed.pdf", b"<html>", "application/pdf")
    not_a_scan = desk.post(url, typed | {"code": "MOU-79", "paper": fake})

    assert made.status_code in (204, 302), made.content
    assert not_a_scan.status_code == 422
    with act_as(an_actor(MARTA)):
        row = Agreement.objects.get(code="MOU-78")
    assert [each["name"] for each in row.signed_by] == ["Ana Ruiz", "Ray Sutton"]
    kept = page("paper", row.paper_id, by=SYLVIA)
    assert (kept.content, kept["Content-Disposition"]) == (b"%PDF-1.7 words", "attachment")
    assert page("paper", row.paper_id, by=HELEN).status_code == 404


def test_who_looked_is_found_by_number_and_by_name() -> None:
    looked_at(an_actor(EMILY))

    def count(**query: str) -> int:
        return words(page("looks", **query)).count("P-1 </td>")

    found = [
        count(),
        count(number="p-1"),
        count(name="grant"),
        count(number="P-2"),
        count(name="x"),
    ]
    assert found == [1, 1, 1, 0, 0]
    nothing = words(page("looks", name="x"))
    assert "Nothing found for this." in nothing
    assert "No one has looked at a record yet." not in nothing
    assert privacy_queries.looks(an_actor(HELEN)) == ()


def test_the_ledger_has_both_sides_of_the_days_that_are_asked_for_and_no_one_else_s() -> None:
    an_emergency()
    told_in_danger()
    day = {"since": "2027-03-01", "until": "2027-03-01"}

    for officer in (PAULA, "helen.marsh"):  # of the line, which told; of 911, which was told
        shown = words(page("ledger", by=officer, **day))
        assert number_of(full.PERSON) in shown
        assert "→ Public Safety Communications (911), 911 floor" in shown
    assert "Nothing was told." in words(page("ledger", by=MARTA, **day))
    before = {"since": "2027-02-27", "until": "2027-02-28"}
    assert "Nothing was told." in words(page("ledger", by=PAULA, **before))
    swapped = words(page("ledger", by=PAULA, since="2027-03-02", until="2027-02-28"))
    assert number_of(full.PERSON) in swapped
    for bad in ("soon", "0001-01-01", "9999-12-31"):
        assert page("ledger", since=bad, until=bad).status_code == 200
