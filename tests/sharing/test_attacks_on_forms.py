"""Attacks on forms and pages: bad input, double posts, what stays where something was refused.

Each test says what must hold.
"""

from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Episode
from nowrongdoor.sharing import commands
from nowrongdoor.sharing.models import Agreement, Ask, Ground, Look, Paper, Review
from tests.clients import Desk
from tests.makers import NOON, an_actor, an_episode, program_id
from tests.sharing.attacks import (
    ANNA,
    EMILY,
    JAMES,
    MARIA,
    PERSON,
    Admin,
    a_call,
    a_note,
    a_person,
    agreement,
    joins,
)

pytestmark = pytest.mark.usefixtures("db")


BAD = "a\0b"


def test_who_looked_names_nobody_who_saw_nothing() -> None:
    theirs = a_person(an_actor(EMILY), "Thomas")
    answer = Desk(JAMES).get(f"/persons/{theirs}/")
    assert answer.status_code == 404
    with act_as(an_actor(JAMES)):
        assert not Look.objects.exists()


@pytest.mark.parametrize(
    ("by", "method", "url", "data"),
    [
        ("marta.quist", "get", "/privacy/looks/", {"number": BAD}),
        ("marta.quist", "get", "/privacy/looks/", {"name": BAD}),
        (
            "marta.quist",
            "get",
            "/privacy/",
            {"from": BAD, "to": BAD, "data": BAD, "purpose": BAD, "fact": BAD},
        ),
        ("marta.quist", "post", "/privacy/sign-off/", {"row": BAD}),
        ("marta.quist", "post", "/privacy/sign-off/", {"row": "Z99"}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": BAD}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": "[" * 100_000}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": "disclosure: &a [*a]"}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": "- 1"}),
        (EMILY, "post", "/persons/", {"sought": BAD}),
        (EMILY, "post", "/persons/", {"sought": "x" * 100_000}),
        (EMILY, "get", "/releases/new/", {"person": BAD}),
        (EMILY, "get", "/releases/new/", {"person": str(PERSON)}),
        (EMILY, "post", "/releases/draft/", {"plan": "nonsense", "person_name": BAD}),
        (EMILY, "post", f"/releases/{PERSON}/sign/", {"drawn": "[[1"}),
        (EMILY, "post", f"/releases/{PERSON}/copy/", {"way": "x"}),
    ],
)
def test_no_form_breaks(by: str, method: str, url: str, data: dict[str, str]) -> None:
    answer = getattr(Desk(by), method)(url, data)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "other",
    [
        {"tells": str(UUID(int=9))},
        {"told": str(UUID(int=9))},
        {"tells": "x"},
        {"data": BAD},
        {"fields": BAD},
        {"code": BAD},
        {"title": BAD},
        {"legal_basis": BAD},
        {"signed_by": f"{BAD}, x"},
        {"signed_by": "x" * 100_000},
        {"from_at": "0001-01-01", "until_at": "0001-01-02"},
        {"from_at": "0001-01-01"},
        {"from_at": "9999-12-31"},
        {"until_at": "9999-12-31"},
        {"replaces": str(UUID(int=9))},
        {"replaces": "x"},
        {"paper": "x"},
    ],
    ids=str,
)
def test_no_agreement_breaks(other: dict[str, object]) -> None:
    desk = Desk("marta.quist")
    code = f"MOU-{uuid4().hex[:8]}"
    answer = desk.post("/privacy/agreements/make/", agreement(**({"code": code} | other)))
    assert answer.status_code < 500
    assert desk.get("/privacy/").status_code == 200


@pytest.mark.parametrize("field", ["data", "purposes", "fields"])
def test_an_agreement_covers_what_the_table_has(field: str) -> None:
    code = f"MOU-{uuid4().hex[:8]}"
    Desk("marta.quist").post(
        "/privacy/agreements/make/", agreement(**{"code": code, field: "nonsense"})
    )
    with act_as(an_actor("marta.quist")):
        assert not Agreement.objects.filter(code=code).exists()


@pytest.mark.parametrize(
    "other",
    [
        {
            "to_name": BAD,
            "to": "threatened_person",
            "purpose": "duty_to_warn",
            "ground": "emergency",
            "group": "threat",
            "reference": "r",
        },
        {
            "reference": BAD,
            "to": "threatened_person",
            "purpose": "duty_to_warn",
            "ground": "emergency",
            "group": "threat",
            "to_name": "x",
        },
        {"reference": "x" * 900, "ground": "process"},
        {"ground": "working"},
        {"to": "person", "purpose": "own_access", "to_name": "x", "group": "whole"},
        {"to": str(UUID(int=9))},
        {"to": "", "purpose": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["tell/preview", "told"])
def test_no_telling_breaks(other: dict[str, str], page: str) -> None:
    person = a_person(an_actor(EMILY), "Thomas")
    to = {"to": str(program_id("ed/intake")), "purpose": "treatment", "group": "treatment"}
    answer = Desk(EMILY).post(f"/persons/{person}/{page}/", to | other)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "other",
    [
        {"data": BAD},
        {"purpose": BAD},
        {"why": BAD},
        {"why": ""},
        {"of_program_id": BAD},
        {"of_program_id": str(UUID(int=9))},
        {"why": "x" * 100_000},
    ],
    ids=str,
)
def test_no_asking_breaks(other: dict[str, str]) -> None:
    person = a_person(an_actor(JAMES), "Thomas")
    asked = {
        "of_program_id": str(program_id("crc/adult")),
        "data": "clinical",
        "purpose": "close_loop",
        "why": "w",
    }
    answer = Desk(JAMES).post(f"/persons/{person}/ask/", asked | other)
    assert answer.status_code < 500


def test_one_asks_for_what_the_table_has() -> None:
    person = a_person(an_actor(JAMES), "Thomas")
    asked = {
        "of_program_id": str(program_id("crc/adult")),
        "data": "Rosa Lopez, 12 Oak St",
        "purpose": "x",
        "why": "w",
    }
    Desk(JAMES).post(f"/persons/{person}/ask/", asked)
    with act_as(an_actor(JAMES)):
        assert not Ask.objects.exists()


@pytest.mark.parametrize("by", ["linda.fox", "mark.ellis"])
def test_a_program_without_a_privacy_officer_can_review_what_was_claimed_of_it(by: str) -> None:
    commands.claim_emergency(
        by=an_actor(ANNA),
        at=NOON,
        from_program_id=an_actor(by).program_id,
        person_id=PERSON,
        reason="Gun.",
    )
    with act_as(an_actor(by)):
        review = Review.objects.get()
    assert review.program_id == an_actor(by).program_id
    assert f"/reviews/{review.pk}/" in Desk(by).get("/releases/").content.decode()


def test_a_refused_telling_leaves_no_emergency_standing() -> None:
    """Sent as a browser does, with its key: the page says no, and so nothing may have been claimed."""
    person = a_person(an_actor(EMILY), "Thomas")
    typed = {
        "to": str(program_id("tpd/patrol")),
        "purpose": "imminent_threat",
        "group": "identify",
        "ground": "emergency",
        "reference": "Said so.",
        "idempotency_key": "k-1",
    }
    answer = Desk(EMILY).post(f"/persons/{person}/told/", typed)
    assert answer.status_code == 409
    with act_as(an_actor(EMILY)):
        assert not Ground.objects.exists()
        assert not Review.objects.exists()


def test_a_refused_agreement_leaves_no_paper() -> None:
    desk = Desk("marta.quist")
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.7", content_type="application/pdf")
    answer = desk.post(
        "/privacy/agreements/make/", agreement(title="", paper=scan, idempotency_key="k-2")
    )
    assert answer.status_code == 422
    with act_as(an_actor("marta.quist")):
        assert not Paper.objects.exists()


TO_ED = {"purpose": "treatment", "group": "treatment"}


def shown(desk: Desk, person: UUID) -> dict[str, str]:
    """The form as its preview sends it on."""
    typed = TO_ED | {"to": str(program_id("ed/intake"))}
    page = desk.post(f"/persons/{person}/tell/preview/", typed).content.decode()
    digest = page.partition('name="shown" value="')[2].partition('"')[0]
    return typed | {"shown": digest}


def test_what_was_told_is_kept_in_no_remembered_answer(admin: Admin) -> None:
    """The page that is printed for whoever is told stands in no table of answers, outside the gate."""
    person = a_person(an_actor(EMILY), "Thomas", address="12 S 10th Ave")
    desk = Desk(EMILY)
    typed = shown(desk, person) | {"idempotency_key": "k-3"}
    assert desk.post(f"/persons/{person}/told/", typed).status_code in (200, 302)
    bodies = admin.execute("SELECT body FROM web_answer").fetchall()
    assert bodies
    assert "12 S 10th" not in str(bodies)


def a_told_call() -> tuple[UUID, Episode]:
    emily = an_actor(EMILY)
    mine, call = a_person(emily, "Rosa"), an_episode(an_actor(ANNA))
    joins(call, "crc/adult")
    episodes.identify_person(by=emily, at=NOON, episode_id=call.pk, person_id=mine)
    a_note(call, "First.", by=EMILY)
    return mine, call


def test_what_is_told_is_what_was_shown() -> None:
    """A note that comes between the preview and the telling was on no preview."""
    mine, call = a_told_call()
    desk = Desk(EMILY)
    typed = shown(desk, mine)
    a_note(call, "Second, unseen.", by="judith.park")
    assert desk.post(f"/persons/{mine}/told/", typed).status_code == 409
    assert desk.post(f"/persons/{mine}/told/", shown(desk, mine)).status_code in (200, 302)


def test_what_is_printed_is_what_was_told() -> None:
    """Written after it was told: the page that is printed of the telling does not have it."""
    mine, call = a_told_call()
    desk = Desk(EMILY)
    desk.post(f"/persons/{mine}/told/", shown(desk, mine))
    a_note(call, "Third, later.", by="judith.park")
    assert "Third" not in desk.get(f"/persons/{mine}/told/last/").content.decode()


def test_one_click_too_many_claims_no_second_emergency() -> None:
    """The form carries no key of its own, so a double click is two claims and two reviews."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    a_call(mine, a_person(maria, "Rosa"))
    desk = Desk(ANNA)
    page = desk.get(f"/persons/{mine}/").content.decode()
    form = page[page.index(f"/persons/{mine}/emergency/") :]
    assert "idempotency_key" in form[: form.index("</form>")]
