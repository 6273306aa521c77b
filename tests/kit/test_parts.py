"""What a desk reads of its parts: in order, without those that have nothing to show, and each query once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.template import Context, Template

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part, PartRead, once_a_page, read_parts, reading
from nowrongdoor.rows.ids import new_id
from tests.makers import NOON

SUBJECT = new_id(NOON)
BY = Actor("member:x", SUBJECT, SUBJECT, "call_taker")
asked: list[UUID] = []


@once_a_page
def found(_by: Actor, subject_id: UUID, *, at: datetime) -> str:
    asked.append(subject_id)
    return "found"


def _one(by: Actor, subject_id: UUID, /, *, at: datetime) -> Mapping[str, object]:
    return {"it": found(by, subject_id, at=at)}


def _none(_by: Actor, _subject_id: UUID, /, *, at: datetime) -> None:
    return None


FIRST, NOTHING, LAST = (
    Part("first", "kit/a.html", _one),
    Part("nothing", "kit/b.html", _none),
    Part("last", "kit/c.html", _one),
)


def test_a_part_with_nothing_to_show_is_left_out_and_the_others_keep_their_order() -> None:
    read = read_parts((FIRST, NOTHING, LAST), BY, SUBJECT, at=NOON)

    assert read == (
        PartRead("first", "kit/a.html", {"it": "found"}),
        PartRead("last", "kit/c.html", {"it": "found"}),
    )


def test_what_two_parts_ask_is_asked_once_a_page_and_anew_for_the_next() -> None:
    asked.clear()

    with reading():
        read_parts((FIRST,), BY, SUBJECT, at=NOON)
        read_parts((LAST,), BY, SUBJECT, at=NOON)
    of_one_page = len(asked)
    read_parts((FIRST, LAST), BY, SUBJECT, at=NOON)

    assert (of_one_page, len(asked)) == (1, 2)


def test_another_subject_is_another_question() -> None:
    asked.clear()
    other = new_id(NOON)

    with reading():
        read_parts((FIRST,), BY, SUBJECT, at=NOON)
        read_parts((FIRST,), BY, other, at=NOON)

    assert asked == [SUBJECT, other]


def test_outside_of_a_page_nothing_is_kept() -> None:
    asked.clear()

    found(BY, SUBJECT, at=NOON)
    found(BY, SUBJECT, at=NOON)

    assert len(asked) == 2


def test_a_part_is_drawn_with_what_its_module_gave_it_and_nothing_else_of_the_page() -> None:
    line = PartRead(
        "empty", "desks/where.html", {"row": {"place": "<b>12 Quiet Street</b>", "zone": ""}}
    )
    page = Context({"one": line, "row": {"place": "Elsewhere"}, "csrf_token": "a token"})

    drawn = Template("{% load desks %}{% part one %}").render(page)

    assert "Quiet Street" in drawn
    assert "Elsewhere" not in drawn
    assert "<b>" not in drawn  # escaped once, by the module's own template
