"""Pages of which a played city shows whatever call comes next, with the longest words they can have.

Rendered here and shown by the browser under the city's own address, so that the answer is the same on
every run.
"""

from types import SimpleNamespace

import pytest
from django.shortcuts import render
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import BrowserContext, Route

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.community import queries as community
from nowrongdoor.web.clock import now
from tests.browser.conftest import City
from tests.browser.test_pages import wrong


def longest(words: "set[str]") -> str:
    return max(words, key=len)


def a_transfer(language: str) -> list[SimpleNamespace]:
    """Both desks with everything that they can show, each with the longest name this community has."""
    people = agencies.pickable(at=now(), language=language)
    name = longest({row.name for row in people})
    program = longest({row.program for row in people})
    known = longest({one.name for one in community.codes("incident_classes", language)})
    row = {
        "number": "T26-000002", "level": "3B", "class_name": known, "holder_name": name, "holder_program": program,
        "listening": [name, name, name], "alone": True, "coming": [f"{program}, {name}", "W" * 60],
    }  # fmt: skip
    step = {
        "offered_at": now(), "from_name": "", "from_program": program, "to_name": "", "to_program": program,
        "by_name": name,
    }  # fmt: skip
    steps = [
        SimpleNamespace(**step, ended=end) for end in ("", "accepted", "declined", "withdrawn")
    ]
    return [
        SimpleNamespace(
            desk=desk,
            row=SimpleNamespace(**row, offer=SimpleNamespace(for_us=for_us, to_program=program)),
            steps=steps,
        )
        for desk, for_us in (("psap", False), ("line", True))
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_transfer_seen_from_both_desks_fits_a_phone(
    window: BrowserContext, city: City, language: str
) -> None:
    request = RequestFactory().get("/city/watch/", headers={"host": "localhost"})
    with translation.override(language):
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        shown = render(request, "sandbox/watch.html", {"sides": a_transfer(language), "over": True})
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})

    def answer(route: Route) -> None:
        """The page, and nothing to what it asks each second."""
        if route.request.resource_type == "document":
            route.fulfill(body=shown.content, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    page.route("**/city/watch/**", answer)
    page.goto(city.url("911", "/city/watch/"))

    assert page.locator("#desks section").count() == 2
    assert wrong(page) == []
