"""The sheet of components: it shows what the style sheet can draw, here and nowhere else."""

import hashlib
import re

import pytest
from django.test import Client
from django.urls import reverse

from nowrongdoor.sandbox.sheet import LEVELS
from tests.clients import HOST
from tests.conftest import ROOT
from tests.markup import closed_up
from tests.style.test_house import HOUSE

CSS = HOUSE / "web/static/web/css"
# What only scripts, printing or a whole page can show.
ELSEWHERE = {
    "bar", "brand", "who", "live", "stale", "skip", "frame", "rail", "wide", "plain", "people", "choices", "columns",
    "secret", "scroll", "label", "late", "hidden-text", "noprint", "act", "two", "synthetic", "count", "caution",
    "bell", "alarms-open", "as-of", "screen", "paper", "stale-board", "find", "profile", "first", "opened",
    "person", "own-car",
}  # fmt: skip
TOKEN = re.compile(r"(--[\w-]+):")
DARK = re.compile(r"\{\n\s*color-scheme: dark;(.*?)\n *\}", re.DOTALL)


def drawn() -> str:
    answer = Client(headers={"host": HOST}).get(reverse("sandbox:components"))
    assert answer.status_code == 200
    return closed_up(answer.content.decode())


@pytest.mark.usefixtures("db")
def test_the_sheet_shows_every_class_of_the_components() -> None:
    css = re.sub(r"/\*.*?\*/", "", (CSS / "components.css").read_text(), flags=re.DOTALL)
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "", css)))

    shown = {name for value in re.findall(r'class="([^"]*)"', drawn()) for name in value.split()}

    assert classes - shown - ELSEWHERE == set()


@pytest.mark.usefixtures("db")
def test_every_level_is_one_block_and_what_is_so_far_says_so() -> None:
    page = drawn()

    for each in LEVELS:
        if each.level:
            so_far = (" data-so-far", "?") if each.provisional else ("", "")
            block = f'class="level level-{each.level}" title="{each.why}"{so_far[0]}>{each.level}{so_far[1]}</span>'
            assert block in page


@pytest.mark.usefixtures("db")
def test_an_error_stands_between_label_and_field_and_the_field_names_it() -> None:
    field = re.search(r'<div class="field wrong">.*?</div>', drawn())

    assert field
    order = [field[0].index(part) for part in ("<label", 'id="sheet-owner-error"', "<input")]
    assert order == sorted(order)
    assert 'aria-invalid="true" aria-describedby="sheet-owner-error"' in field[0]


@pytest.mark.usefixtures("db")
def test_the_sheet_is_only_in_a_synthetic_city_on_this_machine(settings: object) -> None:
    elsewhere = Client(headers={"host": HOST}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(reverse("sandbox:components")).status_code == 404

    settings.SYNTHETIC = False  # type: ignore[attr-defined]
    assert Client(headers={"host": HOST}).get(reverse("sandbox:components")).status_code == 404


def test_dark_is_the_same_by_choice_and_by_system() -> None:
    chosen, by_system = DARK.findall((CSS / "tokens.css").read_text())

    assert chosen.split() == by_system.split()
    assert set(TOKEN.findall(chosen)) <= set(TOKEN.findall((CSS / "tokens.css").read_text()))


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(TOKEN.findall((CSS / "tokens.css").read_text()))
    used = {
        (str(file.relative_to(HOUSE)), token)
        for file in HOUSE.rglob("static/**/*.css")
        for token in re.findall(r"var\((--[\w-]+)\)", file.read_text())
    }

    assert {each for each in used if each[1] not in declared} == set()


def test_the_typeface_is_the_one_that_the_notice_names() -> None:
    [font] = (HOUSE / "web/static/web/fonts").glob("*.woff2")
    found = hashlib.sha256(font.read_bytes()).hexdigest()

    assert font.name in (CSS / "tokens.css").read_text()
    assert found in (ROOT / "NOTICE").read_text()
