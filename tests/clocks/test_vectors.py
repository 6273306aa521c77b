"""Every worked case of the community's clocks, typed by hand before anything counted them."""

import csv
import json
from pathlib import Path

import pytest

from tests.clocks.books import TUCSON, due

FILE = Path(__file__).parent / "clock_vectors.csv"
with FILE.open(newline="") as lines:
    ROWS = list(csv.DictReader(lines))


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{n}-{each['clock']}" for n, each in enumerate(ROWS, 1)]
)
def test_a_worked_case_comes_to_its_answer(row: dict[str, str]) -> None:
    facts = json.loads(row["facts"] or "{}")

    assert due(TUCSON, row["clock"], row["start"], row["zone"], **facts) == row["due"], row["explanation"]  # fmt: skip


def test_they_are_all_there_and_name_most_rows() -> None:
    assert len(ROWS) == 159
    assert len({row["clock"] for row in ROWS}) > 60
