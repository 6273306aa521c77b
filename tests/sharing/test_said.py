"""The table in words: each code has a name, and what a row needs is a sentence."""

import pytest
from django.utils import translation

from nowrongdoor.kernel.conditions import FLAG, Language, parse
from nowrongdoor.sharing import said
from tests.sharing.tables import TUCSON

LANGUAGE = Language(
    {
        "data": tuple(TUCSON.data),
        "to": TUCSON.recipients,
        "purpose": TUCSON.purposes,
        **dict.fromkeys((*TUCSON.facts, "same"), FLAG),
    }
)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("True", "nothing more"),
        ("agreement", "Agreement in force"),
        ("not minor", "not: Under 18"),
        ("same == 'no'", "not: The same kind of program"),
        ("minor != 'no'", "Under 18"),
        ("irb and agreement", "all of: Ethics approval; Agreement in force"),
        ("named or process", "any of: A release names them; Court process served"),
        (
            "cj or (named and not minor)",
            "any of: Criminal-justice consent; (all of: A release names them; not: Under 18)",
        ),
        ("not (cj or tpo)", f"not: (any of: {said.FACTS['cj']}; {said.FACTS['tpo']})"),
        ("data == 'aggregate'", "Counts without names"),
        ("to in ('court', 'jail')", "To: Court, Jail"),
        ("purpose != 'publish'", "not: to publish"),
    ],
)
def test_what_a_row_needs_is_said_in_words(written: str, words: str) -> None:
    assert said.needed(parse(written, LANGUAGE)) == words


def test_what_a_row_needs_is_said_in_spanish() -> None:
    with translation.override("es"):
        words = said.needed(parse("named or not minor", LANGUAGE))

    assert "A release" not in words
    assert words.startswith("cualquiera de estos: ")


@pytest.mark.parametrize(
    ("record", "data", "fields", "words"),
    [
        ("status", "clinical", ["status"], "Health record: Status (one status word)"),
        (
            "person",
            "clinical",
            ["identify"],
            "Health record: Person record (what identifies the person)",
        ),
        ("person", "clinical", ["identify", "treatment"], "Health record: Person record"),
        ("notes", "clinical", ["treatment", "whole"], "Health record: Notes"),
        ("card", "incident", ["card"], "Call card"),
        ("feed", "incident", ["card"], "Call card: That a call is open, its kind and its zone"),
        ("visit", "clinical", ["attendance"], "Health record: came yes or no, date, next step"),
    ],
)
def test_what_was_told_is_no_more_than_that_sort_of_record_has(
    record: str, data: str, fields: list[str], words: str
) -> None:
    assert said.told(record, data, fields) == words


def test_each_code_of_the_community_s_table_has_a_name() -> None:
    nameless = {
        "data": set(TUCSON.data) - set(said.DATA),
        "kinds": set(TUCSON.recipients) - set(said.KINDS),
        "purposes": set(TUCSON.purposes) - set(said.PURPOSES),
        "facts": set(TUCSON.facts) - set(said.FACTS),
        "fields": set(TUCSON.fields) - set(said.FIELDS),
    }

    assert {sort: codes for sort, codes in nameless.items() if codes} == {}
