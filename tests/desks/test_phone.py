"""The crew's phone: what, where, who and whom to call; where to; and what was done."""

import re

import pytest
from django.urls import reverse

from nowrongdoor.calls import commands as calls
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.narrative import queries as narrative
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.sending import asked, page, post
from tests.dispatch.floor import ANA, MARIA, an_assignment
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")


def test_the_phone_says_what_where_who_and_whom_to_call() -> None:
    row = an_assignment(asked(), at=now(), reached=Stage.ENGAGED)

    shown = page(ANA, "field")

    for words in (
        "geo:0,0?q=12%20Quiet%20Street",
        "tel:520-555-0110",  # its desk
        "tel:520-555-0111",  # who asked
        "Weapon<br><strong>Not told",
        "age not told",
        "520-555-0151",
        " mi</span>",
    ):
        assert words in shown, words
    places = re.findall(r'name="facility" value="([^"]+)"', shown)
    assert places[0] == "crc-adult"  # no wrong door
    assert "km</span>" not in shown

    post(ANA, "destination", row.pk, facility="crc-adult")
    assert "Waiting for acceptance" in page(ANA, "field")
    [held] = episodes.board(an_actor(ANA), at=now(), ids=frozenset({row.episode_id}))
    offer = held.offers[0].id
    calls.accept_transfer(by=an_actor("judith.park"), at=now(), handoff_id=offer)
    shown = page(ANA, "field")
    assert "Judith Park said yes. Arrival not recorded yet" in shown
    assert reverse("calls:attest_arrival", args=[offer]) in shown
    who = {"name": "T. Moss", "operator": "CRC 4", "on": "field"}
    there = Desk(ANA).htmx(reverse("calls:attest_arrival", args=[offer]), who)
    assert there.status_code == 200
    assert "T. Moss" in page(ANA, "field")
    assert "Arrival not recorded yet" not in page(ANA, "field")

    post(
        ANA,
        "clear",
        row.pk,
        outcome="crc_vol",
        narrative="Talked with both.",
        left_behind="nobody",
        took_somebody="yes",
    )
    notes = narrative.log(an_actor(MARIA), row.episode_id)
    assert notes is not None
    assert [each.text for each in notes.notes] == ["Talked with both."]


def test_who_goes_out_in_a_unit_lands_on_the_assignment() -> None:
    landed = Desk(ANA).get(reverse("agencies:positions"))
    assert landed["Location"] == reverse("calls:field")


def test_nothing_of_a_safety_alert_is_chosen_beforehand() -> None:
    an_assignment(asked(), at=now(), reached=Stage.ENGAGED)

    shown = page(ANA, "field")

    [form] = [each for each in shown.split("</form>") if 'name="evidence"' in each]
    form = form[form.rindex("<form") :]
    assert " selected" not in form
    assert re.search(r'name="days"\s+value=""', form)
