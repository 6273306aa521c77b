"""Finding calls: by what they say, within what the one who looks may see, and with nothing of it written down."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode
from nowrongdoor.journal.models import Entry
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.dispatch.floor import a_request, an_assignment
from tests.makers import an_actor, an_episode
from tests.markup import closed_up

pytestmark = pytest.mark.usefixtures("db")
NUMBER = "(520) 555-0142"


def page(username: str, typed: str) -> str:
    answer = Desk(username).post(reverse("calls:find"), {"sought": typed})
    assert answer.status_code == 200, answer
    return closed_up(answer.content.decode())


def found(username: str, typed: str) -> list[str]:
    """The calls on the page, which says how many there are."""
    html = page(username, typed)
    listed = numbers(html)
    assert f"{len(listed)} call" in html or (not listed and "No call found" in html)
    return listed


def numbers(html: str) -> list[str]:
    return re.findall(r">(T\d\d-\d{6})</a>", html)


def call_page(username: str, episode_id: UUID) -> tuple[str, str]:
    """What stands there of the place, and of the number."""
    answer = Desk(username).get(reverse("calls:episode", args=[episode_id]))
    html = closed_up(answer.content.decode()).split("History at this address")[1]
    place, _title, phone = html.partition("Calls from this number")
    return place, phone.partition("</section>")[0]


def closed(by: str, place: str, *, callback: str = "") -> Episode:
    two_days_ago = now() - timedelta(days=2)
    row = an_episode(an_actor(by), at=two_days_ago, place=place, callback=callback)
    over = Closing("information", declined_by_person=True)
    episodes.close_episode(by=an_actor(by), at=now(), episode_id=row.pk, closing=over)
    return row


def test_a_call_is_found_by_anything_that_it_says_also_after_it_is_closed() -> None:
    place = "2641 E Speedway Boulevard, Apt 4"
    call = an_episode(at=now(), place=place, callback=NUMBER, name="Samuel Núñez")
    over = closed("anna.miller", "12 Quiet Street")

    for typed in ("0142", "520.555.0142", "speedway blvd", "2641 spe", "sam", "nunez", "SAM speed"):
        assert found("anna.miller", typed) == [call.label], typed
    assert found("anna.miller", "quiet") == [over.label]
    assert found("anna.miller", "anna mil") == [call.label, over.label]  # whose they are
    assert found("anna.miller", "speedway park") == []


def test_a_call_is_found_by_the_unit_that_was_sent_by_who_works_on_it() -> None:
    call = an_episode(an_actor("maria.lopez"), at=now())
    an_assignment(a_request(call, at=now()), unit="CMT-A1", at=now())

    assert found("carl.jensen", "cmt a1") == found("maria.lopez", "CMT-A") == [call.label]
    assert found("anna.miller", "cmt-a1") == []


def test_what_another_program_closed_is_neither_shown_nor_counted() -> None:
    theirs = closed("maria.lopez", "2641 E Glenn St", callback=NUMBER)
    ours = an_episode(at=now(), place="2641 East Glenn Street", callback=NUMBER)

    for typed in ("0142", "glenn", "2641 glenn st"):
        assert found("luis.ortega", typed) == [ours.label], typed
        assert found("maria.lopez", typed) == [theirs.label], typed  # she reads no card of ours
    assert found("luis.ortega", "maria lopez") == []
    assert found("luis.ortega", theirs.label) == []
    assert found("maria.lopez", "anna miller") == [ours.label]  # but knows who owns it
    with act_as(an_actor("luis.ortega")), connection.cursor() as cursor:  # nor told by the index
        cursor.execute("SELECT id FROM episodes_with_card('glenn', '2000-01-01', 9)")
        assert cursor.fetchall() == [(ours.pk,)]
    for past in call_page("luis.ortega", ours.pk):
        assert (numbers(past), "No other calls in 12 months" in past) == ([], True)


def test_that_somebody_searched_is_on_record_and_not_what_for() -> None:
    an_episode(at=now(), place="2641 E Glenn St")

    page("anna.miller", "glenn")

    [entry] = Entry.objects.using("owner").filter(kind="episodes.searched")
    assert (entry.ids, entry.episode_id) == ('{"count":1}', None)


def test_a_call_shows_by_itself_what_was_before_at_its_place_and_from_its_number() -> None:
    here = closed("anna.miller", "2641 East Glenn Street")
    same = an_episode(at=now(), place="1 Elm St", callback="5205550142 x7")
    an_episode(at=now(), place="2642 E Glenn St")
    a_year_ago = now() - timedelta(days=366)
    an_episode(at=a_year_ago, place="2641 E Glenn St", callback=NUMBER)
    call = an_episode(at=now(), place="2641 E. Glenn St", callback=NUMBER)

    place, phone = call_page("anna.miller", call.pk)

    assert (numbers(place), numbers(phone)) == ([here.label], [same.label])
    assert "Information" in place  # what came of it
    for past in (place, phone):
        assert "1 call in 12 months" in past
