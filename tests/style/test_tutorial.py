"""The tutorial shows what stands in `narrative/`: its excerpts and its count of lines."""

import re

from tests.conftest import ROOT

TUTORIAL = (ROOT / "docs/howto/module.md").read_text()
FOLDER = ROOT / "nowrongdoor/narrative"
WRITTEN = {"...", ")", "models.CheckConstraint(...),"}
"""Lines of an excerpt that stand for what is left out."""


def code(text: str) -> set[str]:
    """Its lines without indentation, closing remark, and what stands for something left out."""
    lines = (re.sub(r"\s+# .*", "", line).strip() for line in text.splitlines())
    return {line for line in lines if line and line not in WRITTEN and "=..." not in line}


def absent(tutorial: str) -> list[str]:
    """Lines of its Python that stand nowhere in the folder."""
    there = set().union(*(code(file.read_text()) for file in FOLDER.glob("*.py")))
    excerpts = re.findall(r"^```python\n(.*?)^```", tutorial, re.DOTALL | re.MULTILINE)
    assert excerpts
    return sorted(set().union(*map(code, excerpts)) - there)


def test_every_excerpt_stands_in_the_folder() -> None:
    assert absent(TUTORIAL) == []


def test_an_excerpt_that_is_no_longer_there_is_found() -> None:
    changed = TUTORIAL.replace("episodes.lock_episode(", "episodes.hold(")

    assert absent(changed) == ["episodes.hold(episode_id)"]


def test_its_count_of_lines_is_that_of_the_files() -> None:
    said = dict(re.findall(r"^\| `([\w.]+)/?` \|.*\| (\d+)(?: lines)? \|$", TUTORIAL, re.MULTILINE))
    counted = {file.name: file.read_text().count("\n") for file in FOLDER.glob("*.py")}
    counted["templates"] = sum(
        file.read_text().count("\n") for file in FOLDER.glob("templates/**/*.html")
    )

    assert {name: int(lines) for name, lines in said.items()} == counted
