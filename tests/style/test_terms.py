"""The words of docs/terms.md: no label of a screen is an old one, and no forbidden phrase stands on a
screen or in the docs.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.texts import ROOT, texts

HERE = ROOT.parent
TERMS = HERE / "docs/terms.md"
ALLOWED = re.compile(
    r"emergency holds?|held you|hold 1 second|hold (it )?for a unit", re.IGNORECASE
)
CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)


@cache
def rows(heading: str) -> tuple[tuple[str, str], ...]:
    """The rows of every table of docs/terms.md under a heading that begins so: the old word, the better one."""
    sections = re.split(r"^## ", TERMS.read_text(), flags=re.MULTILINE)
    lines = [line for each in sections if each.startswith(heading) for line in each.splitlines()]
    found = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines if line.startswith("| ")]  # fmt: skip
    return tuple((each[0], each[1]) for each in found if each[0] != "Not")


@cache
def phrases() -> re.Pattern[str]:
    words = [word for row, _ in rows("Forbidden phrases") for word in row.split(", ")]
    every = "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
    return re.compile(rf"\b(?:{every})(?:s|'s)?\b", re.IGNORECASE)


def forbidden(text: str) -> list[str]:
    return phrases().findall(ALLOWED.sub("", text))


def ids() -> Iterator[str]:
    for text in texts():
        yield from (text,) if isinstance(text, str) else text


def documents() -> list[Path]:
    found = [*HERE.glob("*.md"), *HERE.glob("docs/**/*.md")]
    return [each for each in sorted(found) if each != TERMS]


def in_prose(file: Path) -> str:
    """A document without its code, its addresses and its markup; what a drawing says stays."""
    return CODE.sub(
        lambda found: found[0] if found[0].startswith("```mermaid") else " ", file.read_text()
    )


def test_no_label_of_a_screen_is_an_old_one() -> None:
    old = dict(rows("Old labels"))

    assert {text: old[text] for text in ids() if text in old} == {}
    assert len(old) > 200


def test_each_better_label_is_on_a_screen() -> None:
    """So the list stays true of the screens, and no row of it is a wish."""
    said = set(ids())
    better = {new for _, cell in rows("Old labels") for new in cell.split(" / ")}

    assert better - said == set()


def test_no_forbidden_phrase_stands_in_a_message() -> None:
    assert {text: found for text in ids() if (found := forbidden(text))} == {}


def test_no_forbidden_phrase_stands_in_a_template() -> None:
    said = {str(each.relative_to(ROOT)): TAG.sub(" ", each.read_text()) for each in ROOT.rglob("*.html")}  # fmt: skip

    assert {name: found for name, text in said.items() if (found := forbidden(text))} == {}
    assert len(said) > 80


def test_no_forbidden_phrase_stands_in_the_docs() -> None:
    told = {str(each.relative_to(HERE)): in_prose(each) for each in documents()}

    assert {name: found for name, text in told.items() if (found := forbidden(text))} == {}
    assert len(told) > 60


@pytest.mark.parametrize(
    "text",
    [
        "The holder is told.",
        "Held by Maria Lopez",
        "Who holds whom",
        "2 signs of life missed",
        "Whoever calls",
        "Somebody's call",
        "Nobody is free",
        "Ring the caller",
        "Carl rang",
        "Accepted, attested",
        "drawn at 13:09",
    ],
)
def test_what_is_forbidden_is_found(text: str) -> None:
    """The control of the three above."""
    assert forbidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "Emergency hold until 14:05",
        "Has this person hit, threatened or held you?",
        "Duress: hold 1 second",
        "Hold for a unit and give an ETA",
        "During the call, bring the offering",
    ],
)
def test_what_is_meant_otherwise_stays(text: str) -> None:
    assert forbidden(text) == []
