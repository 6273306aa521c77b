"""The page that says which test shows which requirement names tests that exist, and counts them right."""

import re

from tests.conftest import ROOT

PAGE = (ROOT / "docs/security/asvs.md").read_text()
TESTED, REASONED = PAGE.split("## Tested")[1].split("## Not tested")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \|.*\|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")
AT_LEVELS_1_AND_2 = 253


def test_every_test_that_is_named_exists() -> None:
    for line in ROW.finditer(TESTED):
        named = NAMED.findall(line[0])
        assert named, line[0]
        for file, test in named:
            source = (ROOT / "tests" / file).read_text()
            assert re.search(rf"^def {test or 'test_'}", source, re.MULTILINE), (file, test)


def test_each_number_stands_once_and_the_counts_are_right() -> None:
    tested, reasoned = ROW.findall(TESTED), ROW.findall(REASONED)
    both = tested + reasoned

    assert len(set(both)) == len(both)
    assert (
        f"**Looked at: {len(both)}. Tested: {len(tested)}. Not tested, with the reason: "
        f"{len(reasoned)}. Not looked at yet: {AT_LEVELS_1_AND_2 - len(both)}.**"
    ) in PAGE
