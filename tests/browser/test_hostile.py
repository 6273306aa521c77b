"""Hostile text in every field of every page, in a real browser on a phone's width.

Nothing runs, nothing is even refused by the browser's own policy (nothing came that far), what was
typed shows as it was typed, and no page becomes wider than the screen.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from nowrongdoor.kernel.text import line
from tests.browser.conftest import NAME, City, a_city, desk
from tests.browser.test_guests import offered
from tests.browser.test_journeys import take_call
from tests.conftest import database_url

SCRIPT = "<script>hit=1</script>\"><img src=x onerror=hit=2>'-hit-'{{7*7}}${7*7}javascript:hit=3"
TURNED = "\u202etxet\u202c \u2066abc\u2069 z\u200bw\u200dj \u05d0\u05d1 e\u0301\u0301\u0301"
TEXTS = {
    "too long": "W" * 10_000,
    "a NUL": "a\0b",
    "half a character": "a\ud800b",
    "short": "<img src=x onerror=hit=4>",
    "without a space": "W" * 200,
    "turned around": TURNED,
    "script": SCRIPT,
}
# Every form with something to type in, by where it is sent; and what its fields are.
FORMS = """
() => [...document.forms]
  .filter((form) => form.querySelector("textarea, input:not([type]), input[type=text], input[type=search], input[type=tel], input[type=password]"))
  .map((form) => form.getAttribute("hx-post") || form.getAttribute("action") || location.pathname)
"""
FILL = """
([where, text, plain]) => {
  const sent = (form) => form.getAttribute("hx-post") || form.getAttribute("action") || location.pathname;
  const form = [...document.forms].find((each) => sent(each) === where && each.querySelector("textarea, input:not([type=hidden])"));
  if (!form) return false;
  for (const field of form.elements) {
    if (field.type === "hidden" || field.tagName === "BUTTON" || field.type === "file") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = true;
    else if (field.tagName === "SELECT") field.selectedIndex = field.options.length - 1;
    else if (plain && field.name === "came_at") field.value = plain;
    else if (plain && field.inputMode === "numeric") field.value = "7";
    else field.value = text;
  }
  form.noValidate = true;
  form.requestSubmit(form.querySelector("button:not([type=button])"));
  return true;
}
"""
PLACE = "form[action$='/card/'] [name=place]"
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
WATCH = """
addEventListener("securitypolicyviolation", (event) => tell(`${event.violatedDirective} ${event.blockedURI}`));
"""


class Watched(NamedTuple):
    """A browser on a phone, and what it said that it should not have."""

    window: BrowserContext
    said: list[str]


@pytest.fixture(scope="module")
def own_city() -> Iterator[City]:
    """A city of its own, for the long ones: calls are closed and requests refused by the dozen."""
    with a_city("nwd_hostile") as running:
        yield running


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    said: list[str] = []
    window = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    window.set_default_timeout(10_000)
    window.expose_function("tell", lambda text: said.append(str(text)))
    window.add_init_script(WATCH)
    window.on("dialog", lambda dialog: said.append(f"a dialog: {dialog.message}"))
    window.on(
        "weberror",
        lambda error: said.append(
            f"an error: {error.page and error.page.url} {getattr(error.error, 'stack', error.error)}"
        ),
    )
    yield Watched(window, said)
    window.close()


def rows(page: Page, city: City, label: str, path: str, most: int) -> list[str]:
    """Where the first rows of a board lead."""
    page.goto(city.url(label, path))
    found = page.locator("[data-row-open]").evaluate_all("(all) => all.map((each) => each.href)")
    return list(dict.fromkeys(found))[:most]


LOOK = """
() => document.readyState === "complete" &&
  ({ran: typeof hit !== "undefined", wide: document.documentElement.scrollWidth - innerWidth})
"""


def healthy(page: Page, name: str) -> None:
    """Nothing ran on the page that is there now, however it was come by, and it fits."""
    found = page.wait_for_function(LOOK).json_value()
    assert not found["ran"], (name, "it ran")
    assert found["wide"] <= 0, (name, f"{found['wide']} px too wide", page.url)


def kind_of(where: str) -> str:
    """A form's address without the ids in it: one of each kind is enough."""
    return re.sub(r"[0-9a-f-]{36}", "ID", where)


def drive(page: Page, url: str, driven: set[str]) -> None:
    """Type every text into every kind of form of a page that is not `driven` yet; adds to it."""
    page.goto(url)
    forms = {kind_of(where): where for where in page.evaluate(FORMS)}
    for kind, where in forms.items():
        if kind in driven:
            continue
        for name, text in TEXTS.items():
            # once with numbers and times that can be read, so that the text is what is judged
            for plain in ("2026-11-20 14:05", ""):
                page.goto(url)
                page.evaluate(OPEN_ALL)
                if post(page, where, text, plain):
                    driven.add(kind)
                    healthy(page, f"{name} in {kind}")
                if name not in ("script", "turned around"):
                    break


def post(page: Page, where: str, text: str, plain: str) -> bool:
    """Send one form; False where it is there no more, since what it was for has been done."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        if answer.request.method == "POST":
            answers.append(answer)

    page.on("response", keep)
    there = bool(page.evaluate(FILL, [where, text, plain]))
    for _ in range(100 if there else 0):
        if answers:
            break
        page.wait_for_timeout(30)
    page.wait_for_timeout(150)  # htmx goes where it was told to
    page.wait_for_load_state()
    page.remove_listener("response", keep)
    assert [answer.status for answer in answers if answer.status >= 500] == [], (where, text[:40])
    assert bool(answers) == there, (where, text[:40])
    return there


PAGES: dict[str, tuple[str, list[str], tuple[str, int]]] = {
    "Ruth Palmer": (
        "911",
        ["/board/", "/calls/new/", "/calls/paper/", "/clip/", "/directory/", "/protocol/"],
        ("/board/", 4),
    ),
    "Maria Lopez": ("line", [], ("/board/", 2)),
    "Carl Jensen": ("desk", ["/rollcall/"], ("/teams/", 2)),
    "Ana Ruiz": ("desk", ["/field/"], ("", 0)),
    "Victor Reed": ("911", ["/people/"], ("", 0)),
}


EXPECTED = {
    "Ruth Palmer": {
        "/callers/ID/",
        "/calls/paper/",
        "/clip/",
        "/directory/ID/capacity/",
        "/episodes/ID/caution/",
        "/episodes/ID/help/",
        "/episodes/ID/join/",
        "/episodes/find/",
        "/protocol/draft/",
    },
    "Maria Lopez": {"/episodes/ID/caution/", "/episodes/ID/help/", "/episodes/ID/plan/"},
    "Carl Jensen": {"/requests/ID/queue/", "/units/ID/sign-on/"},
    "Ana Ruiz": {"/episodes/ID/caution/", "/assignments/ID/clear/"},
    "Victor Reed": {"/people/tokens/"},
}
"""What each of them must have been able to type into, so that nothing is left out unseen."""


@pytest.mark.long  # three minutes: `make faults` runs them
@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_is_typed_at_a_desk_runs(watched: Watched, own_city: City, name: str) -> None:
    label, paths, (board, most) = PAGES[name]
    page = watched.window.new_page()
    page.goto(own_city.url(label, "/demo/"))
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url(lambda url: "/demo/" not in url)
    urls = [own_city.url(label, path) for path in paths]
    urls += rows(page, own_city, label, board, most) if most else []

    driven: set[str] = set()
    for url in urls:
        drive(page, url, driven)

    print(f"{name}: {len(driven)} kinds of forms: {sorted(driven)}")
    assert driven >= EXPECTED[name]
    assert watched.said == []


@pytest.fixture
def unlimited(city: City) -> Iterator[City]:
    """The city that all share; it forgets how often somebody typed something wrong here."""
    yield city
    with psycopg.connect(database_url("admin", NAME), autocommit=True) as admin:
        admin.execute("DELETE FROM web_cache")


def test_nothing_that_a_stranger_types_runs(
    watched: Watched, window: BrowserContext, unlimited: City
) -> None:
    address = offered(window, unlimited).locator(".secret").inner_text()
    page = watched.window.new_page()
    driven: set[str] = set()
    for path in ("/account/sign-in/", "/guest/"):
        drive(page, unlimited.url("911", path), driven)
    page.goto(address)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/guest/card/")
    drive(page, unlimited.url("911", "/guest/card/"), driven)

    assert driven == {"/account/sign-in/", "/guest/", "/guest/accept/"}
    assert watched.said == []


@pytest.mark.parametrize("text", [SCRIPT, TURNED, "W" * 200], ids=["script", "turned", "long"])
def test_what_was_typed_shows_as_it_was_typed(watched: Watched, city: City, text: str) -> None:
    page = desk(watched.window, city, "911", "Anna Miller")
    take_call(page, "12 Quiet Street")
    here = page.url
    page.evaluate(OPEN_ALL)
    page.locator(PLACE).fill(text)
    page.locator(PLACE).press("Enter")
    page.wait_for_timeout(500)

    page.goto(here)
    text = line(text)  # what cannot be seen, or turns others around, is not kept
    assert page.locator(PLACE).input_value() == text
    healthy(page, "the call")
    page.goto(city.url("911", "/board/"))
    shown = page.locator("tr[data-key-row]").all_inner_texts()
    assert any(text in each for each in shown), shown
    healthy(page, "the board")
    assert watched.said == []


def test_what_does_run_would_be_seen(watched: Watched, city: City) -> None:
    """The control: a page with the same text as markup is told of, and one that ran is found."""
    page = watched.window.new_page()
    page.goto(city.url("911", "/account/sign-in/"))
    page.evaluate("(text) => { document.querySelector('main').innerHTML = text; }", SCRIPT)
    page.wait_for_timeout(300)
    assert any("script-src" in each for each in watched.said), watched.said

    page.evaluate("window.hit = 1")
    with pytest.raises(AssertionError, match="it ran"):
        healthy(page, "the control")
    page.evaluate("delete window.hit; document.body.style.width = '900px'")
    with pytest.raises(AssertionError, match="too wide"):
        healthy(page, "the control")
