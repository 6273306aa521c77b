"""The page of places: what it shows to whom, and how a word is said on it."""

import re

import pytest
from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.directory.facts import State
from nowrongdoor.directory.models import Capacity
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.directory.places import DISPATCHER, NURSE, a_word, place_id, say
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
URL = "/directory/"


def row(page: HttpResponse, code: str) -> str:
    """The text of one place's row, without its form."""
    id = place_id(code)
    html = page.content.decode()
    found = re.search(rf'<tr id="row-{id}".*?(?:<details|</tr>)', html, re.S)
    assert found, code
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def form_of(page: HttpResponse, code: str) -> bool:
    return (
        f'action="{reverse("directory:report_capacity", args=[place_id(code)])}"'
        in page.content.decode()
    )


def typed(**given: str) -> dict[str, str]:
    return {"state": "open", "free": "", "reason": "", "review_min": "60"} | given


def test_the_rail_leads_there() -> None:
    page = Desk("anna.miller").get(URL).content.decode()

    assert re.search(r'href="/directory/" data-key="0"[^>]*aria-current="page"', page)


def test_places_stand_by_kind_with_hours_and_whom_they_take() -> None:
    page = Desk("anna.miller").get(URL)
    html = page.content.decode()

    kinds = re.findall(r'<h2 id="kind-\d">([^<]+?) <', html)
    assert kinds == ["Crisis center", "Emergency department", "Clinic", "Detox", "Sobering center", "Respite", "Shelter"]  # fmt: skip
    center = row(page, "crc-adult")
    assert "Unknown" in center
    assert "No report yet" in center
    assert "No-refusal police drop-off" in center
    assert "24/7" in center
    assert "520-555-0141" in row(page, "ed-south")


def test_a_word_stands_with_who_said_it_and_when_it_is_looked_at_again() -> None:
    at = now()
    say(word=a_word(State.FULL, at=at, free=0, reason="staffing"), at=at)
    say("ed-east", an_actor(DISPATCHER), word=a_word(at=at, told_by="Pat Lee"), at=at)

    page = Desk("anna.miller").get(URL)

    center, hospital = row(page, "crc-adult"), row(page, "ed-east")
    assert "Full 0 of 34 open Too few staff" in center
    assert "Judith Park, Adult intake" in center
    assert "Next review" in center
    assert "Accepting" in hospital
    assert "Reported by Pat Lee, by phone (Carl Jensen, Crisis line)" in hospital


def test_a_stale_word_is_shown_as_what_was() -> None:
    from datetime import timedelta

    at = now() - timedelta(hours=2)
    say(word=a_word(State.OPEN, at=at, free=3), at=at)

    center = row(Desk("anna.miller").get(URL), "crc-adult")

    assert "Unknown" in center
    assert "Was: Accepting" in center
    assert "3 of 34" not in center


def test_a_form_stands_only_where_one_may_say_it() -> None:
    anna, judith = Desk("anna.miller").get(URL), Desk(NURSE).get(URL)

    assert not form_of(anna, "crc-adult")
    assert not form_of(anna, "shelter-men")
    assert form_of(judith, "crc-adult")
    assert form_of(judith, "shelter-men")
    assert judith.content.decode().count('name="told_by"') == 12  # all but her own


def test_a_click_says_it_and_draws_the_row_again() -> None:
    desk = Desk(NURSE)

    answer = desk.htmx(
        reverse("directory:report_capacity", args=[place_id("crc-adult")]),
        typed(state="limited", free="4"),
    )

    assert answer.status_code == 200
    assert ' tabindex="-1" autofocus>' in answer.content.decode()
    assert answer.content.decode().lstrip().startswith(f'<tr id="row-{place_id("crc-adult")}"')
    assert "Limited 4 of 34 open" in row(answer, "crc-adult")


@pytest.mark.parametrize("first", [None, "open"])
def test_what_a_colleague_said_meanwhile_is_shown_beside_and_not_overtaken_unseen(
    first: str | None,
) -> None:
    desk, other = Desk(NURSE), Desk(NURSE)
    url = reverse("directory:report_capacity", args=[place_id("crc-adult")])
    if first is not None:
        other.htmx(url, typed(state=first))
    drawn = version_in(desk.get(URL).content.decode(), url)
    other.htmx(url, typed(state="full", reason="full", free="0", version=drawn))

    refused = desk.htmx(url, typed(state="limited", free="4", version=drawn))

    html = refused.content.decode()
    assert (refused.status_code, refused["HX-Retarget"]) == (409, "this")
    assert "Someone else updated the capacity in the meantime." in html
    wrote = re.findall(r'class="wrote">Someone wrote: <bdi>([^<]+)<', html)
    assert wrote == ["Full", "0", "All places taken"]
    assert 'value="4"' in html
    assert "Full" in row(desk.get(URL), "crc-adult")
    again = desk.htmx(url, typed(state="limited", free="4", version=version_in(html, url)))
    assert again.status_code == 200
    assert "Limited 4 of 34 open" in row(desk.get(URL), "crc-adult")


def version_in(html: str, url: str) -> str:
    """The version that the form for this place says it was drawn with."""
    found = re.search(rf'action="{url}".*?name="version" value="(\d+)"', html, re.S)
    assert found
    return found[1]


def test_without_script_the_form_leads_back_to_its_place() -> None:
    desk, id = Desk(DISPATCHER), place_id("shelter-men")

    answer = desk.post(reverse("directory:report_capacity", args=[id]), typed(told_by="Pat"))

    assert answer["Location"] == f"/directory/#row-{id}"
    assert "Reported by Pat" in row(desk.get(URL), "shelter-men")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"state": ""}, "Choose the capacity."),
        ({"state": "unknown"}, "Choose the capacity."),
        ({"free": "some"}, "Enter the number of open places, or leave it empty."),
        ({"free": "-1"}, "Enter the number of open places, or leave it empty."),
        ({"free": "123456"}, "Enter the number of open places, or leave it empty."),
        ({"review_min": ""}, "Enter when this is reviewed next."),
        ({"review_min": "0"}, "Enter when this is reviewed next."),
        ({"review_min": "5000"}, "Enter when this is reviewed next."),
    ],
)
@pytest.mark.parametrize("click", [True, False])
def test_what_cannot_be_read_is_said_at_its_place_and_nothing_typed_is_lost(
    given: dict[str, str], sentence: str, click: bool
) -> None:
    desk, url = (
        Desk(DISPATCHER),
        reverse("directory:report_capacity", args=[place_id("shelter-men")]),
    )
    what = typed(told_by="Pat of the desk", **given)

    answer = desk.htmx(url, what) if click else desk.post(url, what)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert 'value="Pat of the desk"' in html
    assert html.count('aria-invalid="true"') == html.count('role="alert" id="report_capacity-') == 1
    assert not click or html.count("<form") == 1  # the form alone
    assert (answer.headers.get("HX-Retarget") == "this") == click
    with act_as(an_actor(DISPATCHER)):
        assert not Capacity.objects.exists()


def test_a_refusal_is_said_in_place() -> None:
    url = reverse("directory:report_capacity", args=[place_id("crc-youth")])

    answer = Desk(NURSE).htmx(url, typed())

    assert answer.status_code == 403
    assert "Enter the name of the person there who told you." in answer.content.decode()


def test_the_page_in_spanish() -> None:
    desk = Desk(NURSE)
    desk.post(reverse("agencies:set_language"), {"language": "es"})

    page = desk.get(URL)

    assert "Centro de Respuesta a Crisis, adultos" in row(page, "crc-adult")
    assert "Las 24 horas, los 7 días" in row(page, "crc-adult")
    assert "lu-vi 08:00-17:00" in row(page, "clinic-a")
    assert "Departamento de emergencias" in page.content.decode()


def test_a_community_without_places_says_so(admin: object) -> None:
    admin.execute("UPDATE directory_facility SET retired_at = now()")  # type: ignore[attr-defined]
    try:
        page = Desk("anna.miller").get(URL)
    finally:
        admin.execute("UPDATE directory_facility SET retired_at = NULL")  # type: ignore[attr-defined]

    assert page.status_code == 200
    assert "This community lists no facilities yet." in page.content.decode()


def test_a_place_that_is_gone_is_not_found(admin: object) -> None:
    id = place_id("sobering")
    admin.execute("UPDATE directory_facility SET retired_at = now() WHERE id = %s", [id])  # type: ignore[attr-defined]
    try:
        url = reverse("directory:report_capacity", args=[id])
        said = Desk(DISPATCHER).htmx(url, typed(told_by="Pat"))
    finally:
        admin.execute("UPDATE directory_facility SET retired_at = NULL WHERE id = %s", [id])  # type: ignore[attr-defined]

    assert said.status_code == 404
