"""Random disclosures, decided a second time by a reading of the file that shares no line with ours."""

from nowrongdoor.sharing.rules import may_disclose, read_asked
from tests.conftest import ROOT
from tests.sharing.naive import Line, Naive
from tests.sharing.tables import TEXT, TUCSON

MANY = 100_000
SHARED = ROOT.parent / "shared/domain/disclosure.yaml"


def ours(line: Line) -> Line:
    answer = may_disclose(TUCSON, read_asked(TUCSON, line))
    return {
        "allowed": answer.allowed,
        "row": answer.row,
        "fields": sorted(answer.fields),
        "duties": sorted(answer.duties),
    }


def test_a_hundred_thousand_disclosures_are_decided_as_the_naive_reading_does() -> None:
    naive = Naive(TEXT)
    lines = naive.lines(16, MANY)

    answers = [naive.answer(line) for line in lines]

    differ = [(line, said) for line, said in zip(lines, answers, strict=True) if ours(line) != said]
    assert differ == []
    assert sum(said["allowed"] for said in answers) > MANY / 4
    rows = {said["row"] for said in answers}
    assert {row.id for row in TUCSON.rows} | {"none"} == rows


def test_the_file_that_is_shipped_says_what_was_drawn_up() -> None:
    """Comments aside. Where the draft lies beside the project."""
    if SHARED.exists():
        assert Naive(SHARED.read_text()).file == Naive(TEXT).file
