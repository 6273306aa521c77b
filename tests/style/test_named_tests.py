"""What a document says is shown by a test is shown by one that there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "THREAT_MODEL.md", *sorted((ROOT / "docs/security").glob("*.md"))]
THERE = {
    name
    for file in (ROOT / "tests").rglob("*.py")
    for name in (file.stem, *re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE))
}


def named(text: str) -> set[str]:
    return set(re.findall(r"\btest_\w+", text))


def test_each_test_that_is_named_is_there() -> None:
    missing = {file.name: named(file.read_text()) - THERE for file in DOCUMENTS}

    assert {name: tests for name, tests in missing.items() if tests} == {}


def test_one_that_was_renamed_is_found() -> None:
    assert named("`rows/test_walls.py::test_nobody_is_here`") - THERE == {"test_nobody_is_here"}
