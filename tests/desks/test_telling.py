"""Telling somebody what one's own program holds: shown exactly, then told, and in the ledger once."""

import re
from uuid import UUID

import pytest
from django.test import Client

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.sharing.models import Disclosure, Ground, Review
from tests.clients import Desk
from tests.makers import NOON, an_actor, program_id

pytestmark = pytest.mark.usefixtures("db")
EMILY = "emily.grant"
WARN = {
    "to": "threatened_person",
    "to_name": "J. Doe, 12 Quiet St",
    "purpose": "duty_to_warn",
    "group": "threat",
    "ground": "emergency",
    "reference": "Named his landlord, says tonight.",
}


@pytest.fixture
def emily() -> Client:
    return Desk(EMILY)


@pytest.fixture
def thomas() -> UUID:
    typed = PersonTyped(given="Thomas", family="Arnett", born="1980-03-14", address="12 S 10th Ave")
    row = identity.keep_person(by=an_actor(EMILY), at=NOON, typed=typed)
    return UUID(str(row.pk))


def test_who_is_told_is_said_in_words(emily: Client, thomas: UUID) -> None:
    page = emily.get(f"/persons/{thomas}/tell/").content.decode()

    assert ">Immigration authorities<" in page
    assert ">The person threatened<" in page
    assert [each for each in ("immigration", "threatened person") if f">{each}<" in page] == []


def lines() -> list[Disclosure]:
    with act_as(an_actor(EMILY)):
        return list(Disclosure.objects.all())


def to_ed(**other: str) -> dict[str, str]:
    return {
        "to": str(program_id("ed/intake")),
        "purpose": "treatment",
        "group": "treatment",
    } | other


def test_the_preview_shows_exactly_what_would_be_told_and_tells_nothing(
    emily: Client, thomas: UUID
) -> None:
    page = emily.post(f"/persons/{thomas}/tell/preview/", to_ed()).content.decode()

    assert "12 S 10th Ave" in page
    assert "A21" in page
    assert lines() == []


def test_what_is_told_is_in_the_ledger(emily: Client, thomas: UUID) -> None:
    page = emily.post(f"/persons/{thomas}/tell/preview/", to_ed()).content.decode()
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown is not None

    answer = emily.post(f"/persons/{thomas}/told/", to_ed(shown=shown[1]))

    assert answer["Location"] == f"/persons/{thomas}/told/last/"
    assert "12 S 10th Ave" in emily.get(answer["Location"]).content.decode()
    [line] = lines()
    assert (line.row, line.fields, line.person_id, line.channel) == (
        *("A21", ["treatment"]),
        *(thomas, "spoken"),
    )


def test_police_are_told_nothing_because_somebody_asks(emily: Client, thomas: UUID) -> None:
    typed = to_ed(to=str(program_id("tpd/patrol")), purpose="coordinate")

    page = emily.post(f"/persons/{thomas}/tell/preview/", typed)
    told = emily.post(f"/persons/{thomas}/told/", typed)

    assert "12 S 10th Ave" not in page.content.decode()
    assert told.status_code == 409
    assert lines() == []


def test_a_no_never_says_that_a_rule_allows_it(emily: Client, thomas: UUID) -> None:
    """A row that matches, and what was chosen is not of it, or is not there."""
    typed = to_ed(group="identify")
    other = emily.post(f"/persons/{thomas}/tell/preview/", typed).content.decode()
    typed = to_ed(to=str(program_id("tpd/patrol")), purpose="legal_proceeding", ground="process")
    nothing = emily.post(f"/persons/{thomas}/tell/preview/", typed).content.decode()

    assert "Rule A21 tells only this:" in other
    for page in (other, nothing):
        assert "allows this" not in page


@pytest.mark.parametrize(("field", "value"), [("to_name", ""), ("reference", "")])
def test_a_warning_needs_a_name_and_a_reason(
    emily: Client, thomas: UUID, field: str, value: str
) -> None:
    answer = emily.post(f"/persons/{thomas}/told/", WARN | {"group": "identify", field: value})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert lines() == []


def test_what_nobody_can_stand_for_opens_nothing(emily: Client, thomas: UUID) -> None:
    """A release is signed by the person: it cannot be claimed on a form."""
    typed = to_ed(to=str(program_id("tpd/patrol")), purpose="close_loop", group="status")

    answer = emily.post(f"/persons/{thomas}/told/", typed | {"ground": "named", "reference": "R-1"})

    assert answer.status_code == 409
    assert lines() == []
    with act_as(an_actor(EMILY)):
        assert not Ground.objects.exists()
        assert not Review.objects.exists()


@pytest.mark.parametrize("field", ["to", "purpose", "group", "ground"])
def test_a_word_that_no_list_has_is_a_no(emily: Client, thomas: UUID, field: str) -> None:
    answer = emily.post(f"/persons/{thomas}/told/", to_ed(**{field: "\0nonsense"}))

    assert answer.status_code in (409, 422)
    assert lines() == []


def test_another_programs_record_cannot_be_told(thomas: UUID) -> None:
    answer = Desk("maria.lopez").post(f"/persons/{thomas}/told/", to_ed())

    assert answer.status_code == 404
