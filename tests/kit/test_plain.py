"""Forms of whole pages: a plain post, a command whose page has its own view, a time as clocks show it."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse, QueryDict
from django.utils import timezone

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit import posted as reading
from nowrongdoor.kit.acts import Acts, form_of
from nowrongdoor.kit.forms import Again, Form
from nowrongdoor.web.fields import Moment, Text
from nowrongdoor.web.inputs import inputs_of
from tests.makers import NOON

NEW_YORK = ZoneInfo("America/New_York")
BY = Actor(code="guest:1", agency_id=UUID(int=1), program_id=UUID(int=2), role="guest")


class Row:
    id = UUID(int=4)


@command(needs=Action.FIELD)
def start(
    *,
    by: Actor,
    at: datetime,
    name: Annotated[str, Text(label="Your name", autofill="name")],
    from_at: Annotated[datetime | None, Moment(label="From", wrong="Write a time.")] = None,
) -> None: ...


def read(text: str) -> object:
    posted = QueryDict(mutable=True)
    posted.update({"name": "Ana", "from_at": text})
    return reading.read(inputs_of(start), posted, at=NOON).get("from_at")


def test_a_time_is_what_the_community_s_clocks_show() -> None:
    with timezone.override(NEW_YORK):
        assert read("2050-01-01T08:00") == datetime(2050, 1, 1, 13, tzinfo=UTC)
        assert read("2050-07-01 08:00") == datetime(2050, 7, 1, 12, tzinfo=UTC)
        assert read("") is None


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2050-01-01",
        "2050-13-01T08:00",
        "٢٠٥٠-01-01T08:00",
        "2050-01-01T08:00+05:00",
        "2026-03-08T02:30",  # no clock there shows it
        "2026-11-01T01:30",  # every clock there shows it twice
    ],
)
def test_a_time_that_no_clock_shows_once_is_refused(text: str) -> None:
    with timezone.override(NEW_YORK), pytest.raises(BadInput) as refusal:
        read(text)

    assert (refusal.value.field, str(refusal.value.verdict.because)) == ("from_at", "Write a time.")


def test_a_plain_post_is_no_matter_of_htmx_and_a_desk_makes_it_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nowrongdoor.kit.acts.reverse", lambda *_args, **_kwargs: "/there/")
    acts = Acts("narrative", draw=lambda *_: HttpResponse(), home="narrative:messages")

    drawn = [
        Form(
            acts.add(start, at="there/", label="Start", machine=False, target=target), lambda _: ()
        ).of(Row(), on=("call", UUID(int=3)))
        for target in ("", "closest tr")
    ]

    assert ["hx-" in each for each in drawn] == [False, True]
    assert all('<form method="post" action="/there/"' in " ".join(each.split()) for each in drawn)


def test_a_command_of_a_page_of_its_own_is_drawn_and_comes_back_by_the_same_form() -> None:
    form = form_of(start, "Start", by=BY, at=NOON)

    new = form.again("/guest/", Again(QueryDict(), ""), look="", token="t")
    wrong = form.again("/guest/", Again(QueryDict("name=<b>"), "Too long.", "name"), token="t")

    assert 'autocomplete="name"' in new
    assert 'type="datetime-local"' in new
    assert '<button class=""' in new
    assert 'value=""' in new
    for said in (
        'action="/guest/"',
        "Too long.",
        "&lt;b&gt;",
        '<button class="first"',
        'value="t"',
    ):
        assert said in wrong
    assert "hx-" not in wrong


@command(needs=Action.FIELD)
def half(*, by: Actor, at: datetime, unit_id: UUID, count: int) -> None: ...


def test_an_act_whose_command_needs_what_nobody_gives_is_a_mistake_at_the_start() -> None:
    with pytest.raises(TypeError, match=r"half: count, unit_id is neither .* nor in halves/"):
        Acts("none", home="calls:board").add(half, at="halves/", label="Half", machine=False)
