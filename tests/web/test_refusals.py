"""One shape for every refusal: in a page, in place, and for machines."""

import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse
from psycopg.errors import DiskFull

from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused, no
from nowrongdoor.site import health
from nowrongdoor.web.refusals import answer
from tests.clients import Desk, Visitor
from tests.makers import an_episode, an_offer

pytestmark = pytest.mark.usefixtures("db")
SAID = no("rule.x", "At most {most} characters.", most="7")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refused(SAID), 409),
        (NotPermitted(SAID), 403),
        (NotFound(SAID), 404),
        (BadInput("place", "rule.x", "At most {most} characters.", most="7"), 422),
    ],
)
def test_machines_get_the_rule_and_the_sentence(refusal: Refused, status: int) -> None:
    told = answer(RequestFactory().get("/api/v1/x"), refusal)

    body = json.loads(told.content)
    assert told.status_code == status
    assert (body["rule"], body["because"]) == ("rule.x", "At most 7 characters.")
    assert ("field" in body) == (status == 422)


def test_htmx_gets_a_sentence_in_its_place() -> None:
    told = answer(RequestFactory().get("/x", headers={"HX-Request": "true"}), Refused(SAID))

    assert told["HX-Retarget"] == "#notice"
    assert b'role="alert"' in told.content


def test_a_name_with_angle_brackets_stays_text() -> None:
    hostile = Refused(no("rule.x", "Hello {name}.", name="<script>"))

    told = answer(RequestFactory().get("/x", headers={"HX-Request": "true"}), hostile)

    assert b"<script>" not in told.content


def test_what_was_typed_is_no_pattern_to_be_filled_in() -> None:
    typed = "{name.__class__} {0} %s"

    told = answer(
        RequestFactory().get("/api/x"), Refused(no("rule.x", "Hello {name}.", name=typed))
    )

    assert json.loads(told.content)["because"] == f"Hello {typed}."


def test_a_page_says_what_happened_and_the_way_back() -> None:
    desk = Desk("maria.lopez")
    offer = an_offer(an_episode())

    told = desk.post(reverse("episodes:withdraw_offer", args=[offer.pk]))

    assert told.status_code == 409
    assert "Another program owns this call." in told.content.decode()
    assert "Nothing was changed." in told.content.decode()
    assert "Back to home" in told.content.decode()


def test_it_speaks_the_readers_language() -> None:
    desk = Desk("maria.lopez")
    desk.post(reverse("agencies:set_language"), {"language": "es"})
    offer = an_offer(an_episode())

    told = desk.post(reverse("episodes:decline_offer", args=[offer.pk]), {"reason": ""})

    assert "Indique por qué rechaza" in told.content.decode()
    assert 'lang="es"' in told.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"place": "a\0b"}, "place"), ({"class_code": "\0"}, "class_code"), ({"SI\0": "x"}, "SI")],
)
def test_a_character_that_no_database_keeps_is_refused_by_its_field(
    typed: dict[str, str], field: str
) -> None:
    desk, headers = Desk("anna.miller"), {"Accept": "application/json"}

    posted = desk.post(reverse("calls:new_call"), typed, headers=headers)
    asked = desk.get(reverse("calls:clip"), typed, headers=headers)

    for told in (posted, asked):
        assert (told.status_code, told.json()["rule"]) == (422, "text.unkept")
        assert told.json()["field"] == field


def test_half_a_character_is_kept_as_the_sign_for_one() -> None:
    """A lone surrogate is no text in UTF-8; it is read as browsers and Django read it, and is no bug."""
    broken = "place=a%ED%A0%80b"
    told = Desk("anna.miller").post(
        reverse("calls:new_call"), broken, content_type="application/x-www-form-urlencoded"
    )

    assert told.status_code == 302


def test_what_there_was_no_space_for_is_said_not_to_be_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(**_: object) -> None:
        raise OperationalError from DiskFull("could not extend file")

    monkeypatch.setattr("nowrongdoor.calls.commands.take_contact", full)
    desk = Desk("anna.miller", raise_request_exception=False)

    told = desk.post(reverse("calls:new_call"), {"incident_class": "psych_distress"})

    assert (told.status_code, told["Retry-After"]) == (503, "1")
    assert "Storage is full" in told.content.decode()


def test_health_says_that_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk("anna.miller")
    before = desk.get("/health").status_code
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)

    told = desk.get("/health")

    assert (before, told.status_code, told.content) == (200, 503, b"the disk is full")


@pytest.mark.parametrize("path", ["/api/v1/calls", "/account/sign-in/"])
def test_what_is_too_much_is_413_and_says_so(path: str) -> None:
    """F25: it was a page of 400 to a machine too."""
    told = Visitor().post(path, "x" * (2 * 2**20 + 1), content_type="application/json")

    assert told.status_code == 413
    if path.startswith("/api/"):
        assert told.json()["rule"] == "body.large"
    else:
        assert "Too much at once" in told.content.decode()
