"""What the table answers: one disclosure a row, its words, and what is passed over."""

import pytest

from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.sharing.facts import Asked, Basis, Duty
from nowrongdoor.sharing.reading import read_text
from nowrongdoor.sharing.rules import may_disclose, read_asked
from tests.sharing.examples import EXAMPLES, read_example
from tests.sharing.tables import PASSED_OVER, TUCSON, UNSIGNED, asked, without

CLOSE_LOOP = asked("clinical", "crc", "le_mhst", "close_loop", "agreement")
ROWS = tuple(row.id for row in TUCSON.rows)


@pytest.mark.parametrize(("row", "example"), EXAMPLES)
def test_each_row_decides_what_it_is_there_for(row: str, example: str) -> None:
    answer = may_disclose(TUCSON, read_example(example))

    assert answer.row == row
    assert answer.allowed is row.startswith("A")


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_is_dropped_is_noticed(row: str) -> None:
    [example] = [each for id, each in EXAMPLES if id == row]

    assert may_disclose(read_text(without(row)), read_example(example)).row != row


def test_an_answer_brings_fields_duties_and_basis() -> None:
    answer = may_disclose(TUCSON, asked("sud", "part2_program", "court", "monitor_condition", "cj"))

    assert (answer.row, answer.fields, answer.basis) == (
        "A29",
        ("attendance",),
        Basis.PART_2_CONSENT,
    )
    assert answer.duties == (Duty.NOTICE, Duty.COPY, Duty.EXPIRES)
    assert answer.passed_over == ()


def test_a_row_that_is_not_settled_is_passed_over_until_it_is_signed_off() -> None:
    signed, unsigned = (
        may_disclose(TUCSON, CLOSE_LOOP),
        may_disclose(read_text(UNSIGNED), CLOSE_LOOP),
    )

    assert (signed.row, signed.allowed) == ("A09", True)
    assert (unsigned.row, unsigned.allowed, unsigned.passed_over) == ("none", False, ("A09",))
    assert unsigned.verdict.rule == "gate.unsettled"
    assert "A09 would, but counsel has not settled it" in unsigned.verdict.because


def test_a_row_behind_one_that_is_passed_over_decides_and_both_are_named() -> None:
    answer = may_disclose(read_text(PASSED_OVER), asked("clinical", "crc", "hospital", "treatment"))

    assert (answer.row, answer.allowed, answer.passed_over) == ("A99", True, ("A21",))
    assert "Counsel has not settled A21" in answer.verdict.because


@pytest.mark.parametrize(
    ("question", "rule", "because"),
    [
        (
            asked("clinical", "crc", "employer", "other", "named"),
            "gate.denied",
            "Rule X04 denies this: only a court or a law opens this; the person may carry their own copy.",
        ),
        (
            asked("crisis_contact", "crisis_line", "fire_ems", "scene_safety"),
            "gate.needs",
            "No rule allows this as it stands. It opens by A05 (emergency claimed in free text by a named"
            " person, now, or the person agrees, or cannot and it is in their interest).",
        ),
        (
            asked("staff", "crc", "public_health", "other"),
            "gate.none",
            "No rule covers this disclosure.",
        ),
        (
            asked("incident", "crisis_line", "psap", "respond"),
            "gate.allowed",
            "Rule A02 allows this: a return to 911 carries the card; what was said stays with the line"
            " unless A04 or A05 opens it.",
        ),
        (
            asked("clinical", "crc", "jail", "custody_care", "custody_of"),
            "gate.allowed",
            "Rule A24 allows this: it needs the recipient has this person in custody.",
        ),
    ],
)  # fmt: skip
def test_an_answer_says_which_row_why_and_what_would_open_it(
    question: Asked, rule: str, because: str
) -> None:
    verdict = may_disclose(TUCSON, question).verdict

    assert (verdict.rule, verdict.because) == (rule, because)


def test_what_would_open_it_opens_it() -> None:
    """Each row that the explanation names allows the disclosure once every fact is true."""
    for _row, example in EXAMPLES:
        question = read_example(example)
        bare = Asked(question.data, question.sender, question.recipient, question.purpose)
        verdict = may_disclose(TUCSON, bare).verdict
        if verdict.rule == "gate.needs":
            every = Asked(
                bare.data, bare.sender, bare.recipient, bare.purpose, frozenset(TUCSON.facts)
            )
            assert may_disclose(TUCSON, every).row in verdict.because


def test_same_is_one_kind_and_not_one_entity() -> None:
    alike = asked("clinical", "crc", "crc", "operations", "same_entity")
    unlike = asked("clinical", "crc", "clinic", "operations", "same_entity")

    assert may_disclose(TUCSON, alike).row == "A50"
    assert may_disclose(TUCSON, unlike).row == "none"
    assert may_disclose(TUCSON, asked("clinical", "crc", "crc", "operations")).row == "none"


LINE = {"data": "clinical", "from": "crc", "to": "family", "purpose": "family_involvement"}


@pytest.mark.parametrize(
    ("line", "rule", "field"),
    [
        (["clinical"], "disclosure.shape", "line"),
        ({**LINE, "data": "blood"}, "disclosure.unknown", "data"),
        ({**LINE, "data": "D5"}, "disclosure.unknown", "data"),
        ({**LINE, "data": ["clinical"]}, "disclosure.missing", "data"),
        ({**LINE, "from": "family"}, "disclosure.unknown", "from"),
        ({**LINE, "to": "health"}, "disclosure.unknown", "to"),
        ({**LINE, "purpose": None}, "disclosure.missing", "purpose"),
        ({"data": "clinical"}, "disclosure.missing", "from"),
        ({**LINE, "agreed": True}, "disclosure.fact", "agreed"),
        ({**LINE, "same": True}, "disclosure.fact", "same"),
        ({**LINE, "agrees": "yes"}, "disclosure.boolean", "agrees"),
        ({**LINE, "agrees": 1}, "disclosure.boolean", "agrees"),
        ({**LINE, "agrees": None}, "disclosure.boolean", "agrees"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(line: object, rule: str, field: str) -> None:
    with pytest.raises(BadInput) as bad:
        read_asked(TUCSON, line)

    assert (bad.value.verdict.rule, bad.value.field) == (rule, field)


def test_facts_that_are_false_are_not_given() -> None:
    question = read_asked(TUCSON, {**LINE, "agrees": True, "minor": False})

    assert question == asked("clinical", "crc", "family", "family_involvement", "agrees")
