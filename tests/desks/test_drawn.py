"""A row that is as it was is not drawn again; and what differs for whoever looks is never another's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.template import engines
from django.urls import reverse
from django.utils import timezone, translation

from nowrongdoor.desks import board, board_rows, dispatch
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit import drawn
from nowrongdoor.kit.drawn import draw_rows
from nowrongdoor.site.audiences import BOARDS, Audience, draw
from nowrongdoor.web.clock import now
from tests.browser import busy_hour
from tests.clients import Desk
from tests.makers import an_actor, an_episode, an_offer

pytestmark = pytest.mark.usefixtures("db")
ANNA, RUTH, MARIA, JUDITH = "anna.miller", "ruth.palmer", "maria.lopez", "judith.park"
LOOKING = (ANNA, RUTH, MARIA, JUDITH, "carl.jensen", "david.chavez", "denise.wright")


@pytest.fixture(autouse=True)
def times(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The templates of which a row was drawn, each time that one was; nothing was kept before."""
    found: list[str] = []

    class Counted:
        def __init__(self, name: str) -> None:
            self.name = name

        def render(self, context: dict[str, Any]) -> str:
            found.append(self.name)
            return engines["django"].get_template(self.name).render(context)

    monkeypatch.setattr(drawn, "get_template", Counted)
    drawn._sheets.clear()
    yield found
    drawn._sheets.clear()


Drawing = Callable[[], str]


def as_anybody(by: Actor) -> Drawing:
    """The board of `by`, to be drawn where the last drawing was of whoever it was."""
    [rows] = board_rows.rows_for([by], at=now())
    choices = board.choices(by, at=now())

    def drawing() -> str:
        with translation.override(by.language):
            return "".join(draw_rows(board_rows.ROW, rows, choices, whose="anybody", at=now()))

    return drawing


def alone(drawing: Drawing) -> str:
    drawn._sheets.clear()
    return drawing()


def test_what_one_may_do_or_see_is_not_drawn_for_another() -> None:
    """Also where one finds what was drawn for the other: what they are shown is compared."""
    busy_hour.main()
    people = [an_actor(name) for name in LOOKING]
    people += [replace(people[0], language="es"), replace(people[0], role="administrator")]
    boards = [as_anybody(each) for each in people]
    expected = [alone(each) for each in boards]
    assert len(set(expected)) >= len(LOOKING)  # they are shown different things
    for first, theirs in zip(boards, expected, strict=True):
        for second, ours in zip(boards, expected, strict=True):
            assert (first(), second()) == (theirs, ours)


def test_rows_compared_by_less_than_all_of_them_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test before: by number and version, a supervisor's key is a call-taker's."""
    an_episode(at=now())
    anna, ruth = as_anybody(an_actor(ANNA)), as_anybody(an_actor(RUTH))
    assert ("Take over" in ruth(), "Take over" in anna()) == (True, False)

    monkeypatch.setattr(
        BoardRow, "__eq__", lambda one, two: (one.key, one.version) == (two.key, two.version)
    )
    assert ("Take over" in alone(ruth), "Take over" in anna()) == (True, True)


def test_a_page_draws_what_changed_and_a_stream_draws_it_for_the_page(times: list[str]) -> None:
    anna = an_actor()
    first, *_others = (an_episode(at=now(), place="1 Quiet Street") for _ in range(3))
    desk, ids = Desk(ANNA), frozenset({first.pk})

    def page() -> tuple[int, str]:
        times.clear()
        html = desk.get(reverse("calls:board")).content.decode()
        return len(times), html

    def stream() -> int:
        times.clear()
        audience = Audience(anna.agency_id, anna.program_id, anna.role, anna.language)
        draw([audience], BOARDS["holding"], ids)
        return len(times)

    assert (stream(), page()[0], page()[0], stream()) == (1, 3, 0, 0)
    card = CardFacts(place="2 Loud Lane")
    episodes.change_card(by=anna, at=now(), episode_id=first.pk, card=card)
    count, html = page()
    assert (count, "2 Loud Lane" in html) == (1, True)
    an_offer(first, anna, at=now())
    assert stream() == 1
    count, html = page()
    assert (count, "Counselors" in html) == (0, True)


def test_a_closed_call_and_what_nobody_looked_at_for_long_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def kept() -> int:
        return sum(len(sheet.rows) for sheet in drawn._sheets.values())

    def look(rows: list[BoardRow], whose: str, minutes: int = 0) -> int:
        at = now() + timedelta(minutes=minutes)
        draw_rows(board_rows.ROW, rows, choices, whose=whose, at=at)
        return kept()

    for _ in range(3):
        an_episode(at=now())
    rows = list(board.rows(an_actor(), at=now()))
    choices = board.choices(an_actor(), at=now())

    assert (look(rows, "us"), look(rows[:2], "us")) == (3, 2)
    assert (look(rows, "them", minutes=5), look(rows, "them", minutes=11)) == (5, 3)
    monkeypatch.setattr(drawn, "MOST", 4)
    assert (look(rows, "us", minutes=11), look(rows[:1], "them", minutes=11)) == (3, 4)


def test_language_time_zone_and_filter_are_part_of_what_is_drawn(times: list[str]) -> None:
    an_episode(at=now())
    [row] = board.rows(an_actor(), at=now())
    choices = board.choices(an_actor(), at=now())
    found = set()
    for language, zone in (("en", "UTC"), ("es", "UTC"), ("en", "America/Phoenix")):
        for given in (choices, choices | {"show": "unanswered"}):
            with translation.override(language), timezone.override(zone):
                found.add(draw_rows(board_rows.ROW, [row], given, whose="", at=now())[0])
    assert (len(found), len(times)) == (6, 6)


def test_forms_whose_choices_are_not_read_or_differ_are_not_taken_for_the_same() -> None:
    one, two = (board.choices(an_actor(), at=now())["forms"] for _ in range(2))
    assert one == two
    form = two["assume_call"]
    name = next(iter(form._choices))
    form._choices[name] = [*form._choices[name], ("new", "New")]
    assert one != two
    del form._choices[name], one["assume_call"]._choices[name]
    assert one != two


def test_what_is_kept_of_a_page_holds_no_token_and_nobodys_id() -> None:
    busy_hour.main()
    desks = [Desk(name) for name in ("david.chavez", "carl.jensen")]
    assert "csrfmiddlewaretoken" in desks[0].get(reverse("calls:teams")).content.decode()
    for url in ("calls:teams", "calls:board"):
        for desk in desks:
            desk.get(reverse(url))
    htmls = [html for sheet in drawn._sheets.values() for _row, html in sheet.rows.values()]
    assert len(htmls) > 20
    assert not [html for html in htmls if "csrf" in html or "data-member" in html]


def test_beside_a_request_stands_what_the_board_says_of_the_call() -> None:
    busy_hour.main()
    seen = set()
    for name in LOOKING:
        by = an_actor(name)
        ids = [each.episode_id for each in dispatching.requests(by, open_only=True)]
        found = dispatch._beside(by, ids)
        rows = board.rows(by, at=now(), ids=frozenset(ids))
        assert found.keys() == {row.key for row in rows}
        for row in rows:
            same = ("key", "number", "place", "zone", "level", "level_why", "provisional")
            for each in same:
                assert getattr(found[row.key], each) == getattr(row, each)
            seen |= {each for each in same if getattr(row, each)}
            assert (found[row.key].at is None) == (row.zone == "")
    assert {"place", "zone", "level", "level_why"} <= seen
