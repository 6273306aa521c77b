"""An act's form: the usual one, one whose button says a field, and what comes back of either."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit import desks
from nowrongdoor.kit import posted as reading
from nowrongdoor.kit.acts import Acts
from nowrongdoor.kit.desks import Desk, drawn_on, open_desks
from nowrongdoor.kit.forms import Again, Form, Own, own
from nowrongdoor.rows.ids import new_id
from nowrongdoor.web.fields import OneOf, Pick, Text
from nowrongdoor.web.inputs import inputs_of
from tests.makers import NOON


class Stage(StrEnum):
    THERE = "there"
    LEFT = "left"


@command(needs=Action.FIELD)
def step(
    *,
    by: Actor,
    at: datetime,
    stage: Annotated[Stage, OneOf(label="Stage", words={Stage.THERE: "There", Stage.LEFT: "Left"})],
    note: Annotated[str, Text(label="Location and safety notes", begins="calm")] = "",
    who: Annotated[UUID | None, Pick(label="Who", of_row="people", begins_as="me")] = None,
) -> None: ...


@command(needs=Action.FIELD)
def name(
    *, by: Actor, at: datetime, who: Annotated[UUID, Pick(label="Who", of_row="people")]
) -> None: ...


ME = new_id(NOON)


@dataclass(frozen=True)
class Row:
    id: UUID = field(default_factory=lambda: new_id(NOON))
    people: tuple[tuple[str, str], ...] = ((str(new_id(NOON)), "Ana"), (str(ME), "Me"))
    me: UUID = ME


def a_form(**how: Any) -> Form:
    acts = Acts("narrative", draw=lambda *_: HttpResponse(), home="narrative:messages")
    act = acts.add(step, at="notes/", label="Say a stage", key="s", machine=False, **how)
    return Form(act, lambda each: each.field.choices(None, at=NOON, codes=None))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def addressed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nowrongdoor.kit.acts.reverse", lambda *_args, **_kwargs: "/there/")


def test_a_form_begins_with_what_its_fields_and_its_row_say() -> None:
    drawn = a_form().of(Row())

    assert 'value="calm"' in drawn
    assert f'<option value="{ME}" selected>Me' in drawn


def test_what_a_button_says_is_not_asked_for_and_several_stand_beside_each_other() -> None:
    form, row = a_form(folded=False), Row()

    there = form.of(row, own({"label": "There now", "look": "tap", "stage": "there"}))
    left = form.of(row, own({"label": "Gone", "key": "g", "stage": "left"}))

    assert '<input type="hidden" name="stage" value="there">' in there
    assert '<button class="tap" data-row-key="s" data-key-label="There now">' in there
    assert '<select\n      id="step' not in there.split("note")[0]
    assert '<input type="hidden" name="stage" value="left">' in left
    assert 'data-row-key="g" data-key-label="Gone"' in left


def test_a_key_stands_once_on_what_opens_the_form() -> None:
    assert a_form().of(Row()).count('data-row-key="s"') == 1
    assert a_form(folded=False).of(Row()).count('data-row-key="s"') == 1
    desk = {"on": ("call", ME)}
    assert "data-row-key" not in a_form().of(Row(), **desk)  # of many rows on a desk
    assert a_form().of(Row(), Own(key="s"), **desk).count('data-row-key="s"') == 1  # it says so


def test_a_form_that_comes_back_still_says_what_its_button_said() -> None:
    posted = QueryDict("given=stage&stage=left&note=gone")

    again = a_form().again("/there/", Again(posted, "Too long.", "note"))

    assert '<input type="hidden" name="stage" value="left">' in again
    assert 'value="gone"' in again
    assert "Too long." in again


def test_nothing_typed_is_taken_for_a_place_where_a_value_goes() -> None:
    """Characters for private use may be typed and sent too: they come back as they were, and no token with them."""
    note = "".join(f"\ue000{n}\ue001" for n in range(9))
    posted = QueryDict(mutable=True)
    posted.update({"stage": "left", "note": note, "on": note, "on_id": note})

    again = a_form().again("/there/", Again(posted, "Too long.", "note"), token="t0k3n")

    assert f'value="{note}"' in again
    assert again.count("t0k3n") == 1
    assert again.count(note) == 3


@pytest.mark.parametrize(
    ("command", "posted", "typed"),
    [
        (step, "stage=left", True),
        (step, "given=stage&stage=left", True),  # a note may be typed
        (step, "given=stage&given=note&given=who&stage=left", False),
        (name, "who=", True),
    ],
)
def test_a_button_alone_has_no_form_to_give_back(command: Any, posted: str, typed: bool) -> None:
    assert reading.typed(inputs_of(command), QueryDict(posted)) is typed


def test_an_act_that_leads_away_is_answered_by_no_desk() -> None:
    stays, leaves = a_form(), a_form(leaves=True)

    assert 'name="on" value="call"' in stays.of(Row(), on=("call", ME))
    assert 'name="on" value=""' in leaves.of(Row(), on=("call", ME))


def asked_by(request: HttpRequest, role: str = "team_clinician") -> HttpRequest:
    by = Actor(code="member:me", agency_id=ME, program_id=ME, role=role, name="Me", member_id=ME)
    request.actor = by  # type: ignore[attr-defined]
    return request


def test_a_desk_that_everybody_has_one_of_is_drawn_without_an_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desks, "_desks", {})

    def draw(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("my phone")

    open_desks((Desk("phone", "calls:field", draw, alone=True),))
    make = RequestFactory()
    plain = drawn_on(asked_by(make.post("/", {"on": "phone"})))
    swapped = drawn_on(asked_by(make.post("/", {"on": "phone"}, headers={"HX-Request": "true"})))

    assert plain is not None
    assert plain["Location"] == "/field/"
    assert swapped is not None
    assert swapped.content == b"my phone"
