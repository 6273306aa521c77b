"""Every source that is cited can be looked up in docs/domain/sources.md, and nothing there is idle."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.style.test_house import written_files

REGISTER = ROOT / "docs/domain/sources.md"
PAGE = REGISTER.read_text()
HEADINGS = frozenset(re.findall(r"^### (.+)$", PAGE, re.MULTILINE))
TEXTS = frozenset(re.findall(r"^\| (S\d+[a-z]?) \|", PAGE, re.MULTILINE))

# sources, "One", "Two" and "Three"; also sources.md, and a link to it
CITES = re.compile(r'\bsources(?:\.md)?(?:\]\([^)]*\))?, ("[^"]+"(?:(?:, | and )"[^"]+")*)')
FOUND = re.compile(r"\bfound: ([^\]]*)\]")
# What only a reader of other papers could look up.
ELSEWHERE = re.compile(
    r"\b(?i:dossier|issue \d+|source: \W?PROTOCOL)\b|\b(?:HANDOFFS|DECISIONS|UI\.md|RELIABILITY)\b|\[S\d+"
)
MAY_NAME_THEM = {REGISTER, ROOT / "CHANGELOG.md", Path(__file__).resolve()}


def in_one_line(text: str) -> str:
    """The text with its broken lines joined, as a sentence in a comment or docstring is read."""
    return " ".join(line.strip().removeprefix("# ") for line in text.splitlines())


def cited(text: str) -> set[str]:
    """The entries of the register that a text names."""
    names = (re.findall(r'"([^"]+)"', each) for each in CITES.findall(in_one_line(text)))
    return {name for several in names for name in several}


def public_texts(text: str) -> set[str]:
    """The public texts that a text names by their number."""
    marks = FOUND.findall(in_one_line(text))
    return {number for mark in marks for number in re.findall(r"\bS\d+[a-z]?\b", mark)}


def unknown(text: str) -> set[str]:
    """What a text cites and nobody can look up: no entry, no such number, or other papers."""
    others = {each.group() for each in ELSEWHERE.finditer(text)}
    return (cited(text) - HEADINGS) | (public_texts(text) - TEXTS) | others


def texts() -> Iterator[tuple[Path, str]]:
    return ((file, file.read_text()) for file in written_files() if file not in MAY_NAME_THEM)


def test_what_is_cited_can_be_looked_up() -> None:
    lost = {str(file): found for file, text in texts() if (found := unknown(text))}

    assert lost == {}
    assert public_texts(PAGE) <= TEXTS


def test_every_entry_is_cited() -> None:
    said = [text for _file, text in texts()]

    assert HEADINGS - {name for text in said for name in cited(text)} == frozenset()
    assert TEXTS - {each for text in [*said, PAGE] for each in public_texts(text)} == frozenset()


def test_an_entry_stands_once() -> None:
    assert len(re.findall(r"^### ", PAGE, re.MULTILINE)) == len(HEADINGS) > 50
    assert len(TEXTS) > 20


def test_a_made_up_citation_is_found() -> None:
    """Negative control, in the shapes that citations have."""
    made_up = """
        Source: sources, "Relief", "Nowhere" and "The moon": as the dossier 1.1 has it [found: S1, S999].
        # see [sources](sources.md), "No
        # page"; docs/domain/sources.md, "Left behind"; HANDOFFS, "Drop"; Issue 4; [S17]
    """

    assert unknown(made_up) == {
        "Nowhere", "The moon", "No page", "S999", "dossier", "HANDOFFS", "Issue 4", "[S17",
    }  # fmt: skip
    assert unknown('Source: sources, "Relief" and "Left behind" [found: S1].') == set()
