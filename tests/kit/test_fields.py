"""Fields of a command's signature: read from a page, checked whoever gives them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import pytest
from django.http import QueryDict

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit import posted
from nowrongdoor.web.fields import (
    Code,
    Codes,
    FromNow,
    Moment,
    Number,
    OneOf,
    Pick,
    Text,
    Tick,
    Version,
)
from nowrongdoor.web.inputs import Group, inputs_of
from tests.makers import NOON

ID = UUID(int=7)


class Lists:
    """One list, of one code."""

    def known(self, list_code: str, code: str) -> bool:
        return (list_code, code) == ("reasons", "no_unit")

    def named(self, list_code: str, language: str) -> list[tuple[str, str]]:
        return [("no_unit", f"{list_code} {language}")]


LISTS = Lists()


class Full(StrEnum):
    OPEN = "open"
    FULL = "full"


@dataclass(frozen=True)
class Where:
    episode_id: UUID
    place: Annotated[str, Text(label="Place", most=10)]
    zone: Annotated[str, Text(label="Zone")] = ""


def report(
    *,
    by: Actor,
    at: datetime,
    unit_id: UUID,
    state: Annotated[Full, OneOf(words={Full.OPEN: "Open", Full.FULL: "Full"})],
    free: Annotated[int | None, Number(most=99)] = None,
    review_at: Annotated[datetime | None, FromNow(sent_as="review_min")] = None,
    begins_at: Annotated[datetime | None, Moment()] = None,
    note: Annotated[str, Text(most=5)] = "",
    to_id: Annotated[UUID | None, Pick()] = None,
    declined: Annotated[bool, Tick()] = False,
    reason: Annotated[str, Code(list="reasons")] = "",
    left: Annotated[tuple[str, ...], Codes(list="reasons")] = (),
    seen_version: Annotated[int | None, Version()] = None,
) -> None: ...


def find(*, by: Actor, at: datetime, where: Annotated[Where, Group()]) -> None: ...


def read(text: str, command: object = report) -> dict[str, object]:
    return posted.read(inputs_of(command), QueryDict(text), at=NOON)  # type: ignore[arg-type]


def test_what_was_typed_is_read_by_parameter() -> None:
    found = read(
        f"state=full&free=0&review_min=30&note=+calm+&to_id={ID}&declined=yes&version=4&other=x"
    )

    assert found == {
        "state": Full.FULL,
        "free": 0,
        "review_at": NOON + timedelta(minutes=30),
        "note": "calm",
        "to_id": ID,
        "declined": True,
        "seen_version": 4,
    }


def test_one_choice_may_say_several_fields() -> None:
    assert read("state:free=open:4") == {"state": Full.OPEN, "free": 4}
    with pytest.raises(BadInput) as refusal:
        read("free:state=4")
    assert refusal.value.field == "state"


def test_several_codes_are_read_each_once_in_their_order() -> None:
    assert read("state=open&left=b&left=a&left=b")["left"] == ("b", "a")


def test_what_was_not_sent_or_left_empty_keeps_its_default() -> None:
    assert read("state=open&free=&to_id=") == {"state": Full.OPEN}


def test_text_that_was_emptied_is_empty_and_what_a_field_began_with_is_not_sent() -> None:
    assert read("state=open&was.state=full&note=&was.note=calm") == {"state": Full.OPEN, "note": ""}
    assert read("state=full&free=3&was.free=3&note=calm&was.note=calm") == {"state": Full.FULL}


@pytest.mark.parametrize(
    ("text", "field", "rule"),
    [
        ("", "state", "field.needed"),
        ("state=+", "state", "field.needed"),
        ("state=shut", "state", "code.unknown"),
        ("state=open&free=many", "free", "number.unreadable"),
        ("state=open&free=-1", "free", "number.unreadable"),
        ("state=open&free=9999999999", "free", "number.unreadable"),
        ("state=open&review_min=0", "review_min", "number.unreadable"),
        ("state=open&review_min=1441", "review_min", "number.unreadable"),
        ("state=open&to_id=me", "to_id", "code.unknown"),
        ("state=open&declined=maybe", "declined", "code.unknown"),
        ("state=open&version=x", "version", "version.unreadable"),
        ("state=open&version=99999999999", "version", "version.unreadable"),
        ("state=open&version=" + "9" * 5000, "version", "version.unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_name_that_was_sent(
    text: str, field: str, rule: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        read(text)

    assert (refusal.value.field, refusal.value.verdict.rule) == (field, rule)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"note": "too long"}, "text.long"),
        ({"note": "a\0b"}, "text.unkept"),
        ({"free": 100}, "number.unreadable"),
        ({"state": "shut"}, "code.unknown"),
        ({"reason": "no_reason"}, "code.unknown"),
        ({"left": ("no_unit", "no_reason")}, "code.unknown"),
        ({"left": "no_unit"}, "code.unknown"),
        ({"review_at": datetime.fromisoformat("9999-12-31T23:59:59-12:00")}, "time.unreadable"),
        ({"review_at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")}, "time.unreadable"),
        ({"begins_at": datetime.fromisoformat("9999-12-31T23:59:59-07:00")}, "time.unreadable"),
        ({"reason": "x" * 201}, "text.long"),
    ],
)
def test_what_is_given_is_checked_whoever_gives_it(given: dict[str, object], rule: str) -> None:
    with pytest.raises(BadInput) as refusal:
        inputs_of(report).check(given, LISTS)

    assert refusal.value.verdict.rule == rule
    inputs_of(report).check(
        {"note": "calm", "reason": "no_unit", "left": ("no_unit",), "state": Full.OPEN}, LISTS
    )


def test_a_group_is_read_field_by_field_and_takes_the_ids_of_its_address() -> None:
    inputs = inputs_of(find)
    values = read("place=12+Main&zone=downtown", find)

    assert inputs.arguments(values, {"episode_id": ID}) == {
        "where": Where(ID, "12 Main", "downtown")
    }
    with pytest.raises(BadInput) as refusal:
        inputs.check({"where": Where(ID, "x" * 11)}, LISTS)
    assert refusal.value.field == "place"


def test_texts_enter_a_command_as_their_fields_keep_them_also_within_facts() -> None:
    told = Where(ID, "Oak\u200b St\u202e", "\u200b")

    kept = inputs_of(find).kept({"where": told, "others": [told, Where(ID, "Elm")], "by": None})
    plain = inputs_of(report).kept({"note": " \u2060a\tb ", "free": 3, "left": ("x",), "to_id": ID})

    clean = Where(ID, "Oak St")
    assert kept == {"where": clean, "others": [clean, Where(ID, "Elm")], "by": None}
    assert inputs_of(find).kept({"where": clean})["where"] is clean
    assert plain == {"note": "a b", "free": 3, "left": ("x",), "to_id": ID}
    with pytest.raises(BadInput, match=r"Required"):
        inputs_of(find).check(inputs_of(find).kept({"where": Where(ID, "\u200b")}), LISTS)
