"""Each finding of those who looked for what is wrong has tests, by file and name, that there are."""

import re

from tests.conftest import ROOT

PAGE = (ROOT / "docs/security/reproductions.md").read_text()
ROW = re.compile(r"^\| ([A-K]|[HF]\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
FINDINGS = [
    *(f"H{number}" for number in range(1, 19)),
    *(f"F{number}" for number in range(1, 27)),
    *"ABCDEFGHJK",
]


def there(file: str, test: str) -> bool:
    path = ROOT / "tests" / file
    return (
        path.exists() and re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE) is not None
    )


def test_every_finding_stands_there_in_order() -> None:
    found = list(dict.fromkeys(id for id, _words, _tests in ROW.findall(PAGE)))

    assert found == FINDINGS


def test_each_names_tests_that_there_are() -> None:
    for id, _words, tests in ROW.findall(PAGE):
        named = NAMED.findall(tests)
        assert named, id
        assert [each for each in named if not there(*each)] == [], id


def test_a_test_that_is_not_there_is_found() -> None:
    assert not there("site/test_verify.py", "test_nobody_is_here")
    assert not there("site/test_nothing.py", "test_what_was_lived_is_clean")
