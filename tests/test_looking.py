"""Looking changes nothing, and an address says nothing that it was not asked for."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve, reverse

from nowrongdoor.agencies.access import OPEN_TO_ALL
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.journal.models import Entry
from tests.clients import HOST, Desk
from tests.conftest import ROOT
from tests.makers import an_episode, an_offer
from tests.test_doors import all_routes

pytestmark = pytest.mark.usefixtures("db")
BRIEFLY = {"accept": "application/json"}
"""A refusal without its page."""
SITS_DOWN = {
    "agencies:positions": "with one position there is nothing to choose: it takes the desk"
}


WRITTEN = ("sharing.looked", "sharing.disclosed")
"""That a person was looked at, and what of another program's was read: the one thing that looking writes."""


def lines() -> int:
    with act_as_task("feed"):
        return Entry.objects.exclude(kind__in=WRITTEN).count()


def test_looking_changes_nothing() -> None:
    """Of every address, with what is there: no line of the journal but of the look, so no command.

    One of them sees refusals as pages and asks for heads too, which the same views answer.
    """
    offer = an_offer(an_episode())
    there = {"episode_id": offer.episode_id, "handoff_id": offer.pk}
    ruth, *others = [Desk(username) for username in ("ruth.palmer", "oscar.nunez", "maria.lopez")]
    looked, before = 0, lines()
    for name, url, _view in all_routes():
        if name in OPEN_TO_ALL | SITS_DOWN.keys() or name == "live":
            continue
        match = resolve(url)
        filled = {key: there.get(key, value) for key, value in match.kwargs.items()}
        here = reverse(name, kwargs=filled)
        ruth.get(here).close()
        ruth.head(here).close()
        for desk in others:
            desk.get(here, headers=BRIEFLY).close()
        assert lines() == before, name
        looked += 3
    assert looked > 200


def test_nothing_answers_trace() -> None:
    desk = Desk("ruth.palmer")
    for _name, url, _view in all_routes():
        answer = desk.trace(url, headers={"x-secret": "quentin"})
        assert answer.status_code == 405, url
        assert "quentin" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/static/",
        "/static/web/",
        "/static/../pyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/staticfiles.json/",
        "/nowrongdoor/site/settings.py",
        "/docs",
        "/api/v1/docs",
        "/admin/",
    ],
)
def test_no_folder_is_listed_and_nothing_of_the_inside_is_served(path: str) -> None:
    assert (Path(ROOT) / "pyproject.toml").exists()  # there would be something to serve
    for client in (Client(headers={"host": HOST}), Desk("ruth.palmer")):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "there",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere"],
)
def test_nobody_is_sent_elsewhere(there: str) -> None:
    desk = Desk("anna.miller")

    spoken = desk.post(reverse("agencies:set_language"), {"language": "es", "next": there})
    again = desk.get(reverse("account_login"), {"next": there})

    assert spoken["Location"] == "/"
    assert "elsewhere" not in again["Location"]
    assert again["Location"].startswith("/")


def test_what_a_form_asks_is_not_read_from_the_address() -> None:
    offer, desk = an_offer(an_episode()), Desk("maria.lopez")
    url = reverse("episodes:decline_offer", args=[offer.pk])

    told = desk.post(f"{url}?reason=line_busy", {"reason": ""})

    assert (told.status_code, "Enter why you decline" in told.content.decode()) == (422, True)


def test_every_page_of_somebody_signed_in_has_its_way_out() -> None:
    out, pages = f'action="{reverse("account_logout")}"', 0
    for username in ("ruth.palmer", "oscar.nunez", "maria.lopez"):
        desk = Desk(username)
        for name, url, _view in all_routes():
            if name in OPEN_TO_ALL or name.startswith("api-") or name == "live":
                continue
            if resolve(url).kwargs:
                continue  # of something that is not there: a refusal, as every other
            answer = desk.get(url)
            if answer.status_code == 200 and b"<!doctype html" in answer.content[:20].lower():
                assert out in answer.content.decode(), name
                pages += 1
    assert pages > 20
