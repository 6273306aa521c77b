"""Nothing that somebody wrote is overwritten unseen, and nothing typed is lost: asked of every act there is.

An act that edits a record is found by itself; how it is tried stands in `tests/<module>/full.py`.
"""

import re
from collections.abc import Mapping
from html import unescape
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community import queries as community
from nowrongdoor.kit import records
from nowrongdoor.kit.acts import Act
from nowrongdoor.site.modules import MODULES
from nowrongdoor.web.fields import Code, Pick, Text, Tick
from nowrongdoor.web.inputs import Input
from tests.clients import HOST, Desk, Visitor
from tests.kit.test_once import entries
from tests.makers import an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")
EDITS = [act for each in MODULES if each.acts for act in each.acts.all.values() if act.edits]
Typed = dict[str, str]


def tried(act: Act) -> tuple[str, Mapping[str, UUID], str]:
    """Who does it, on what, and its address."""
    for who, name, ids, _typed in import_module(f"tests.{act.module}.full").tried():
        if name == act.name:
            return who, ids, reverse(f"{act.module}:{name}", kwargs=ids)
    raise AssertionError(f"nobody tries {act.name}")


def in_force(act: Act, who: str, ids: Mapping[str, UUID]) -> Typed:
    """The values as a page sends them."""
    assert act.edits is not None
    with act_as(by := an_actor(who)):
        found = records.in_force(act.edits, act.inputs, by, ids)
    return {each.sent_as: records.in_words(found[each.name]) for each in act.inputs}


def others(each: Input, stands: str) -> list[str]:
    """Two readable values that are not in force; of a tick there is one."""
    if isinstance(each.field, Code):
        codes = [code.code for code in community.codes(each.field.list, "en")]
    elif isinstance(each.field, Pick):
        codes = [str(zone.id) for zone in community.zones("en")]
    elif isinstance(each.field, Tick):
        codes = ["yes", ""]
    else:
        codes = ["what stood", "mine"]
    return [code for code in codes if code != stands][:2]


def page(stands: Typed, **changed: str) -> Typed:
    """What a page sends that was drawn while `stands` was in force, and on which these were changed."""
    return stands | {f"was.{name}": value for name, value in stands.items()} | changed


def test_there_are_acts_that_edit() -> None:
    assert {act.name for act in EDITS} >= {"change_card", "change_caller", "classify_episode"}


@pytest.mark.parametrize("act", EDITS, ids=lambda act: act.name)
def test_what_somebody_else_wrote_is_shown_beside_and_never_replaced(act: Act) -> None:
    who, ids, url = tried(act)
    desk = Desk(who)
    for each in act.inputs:
        stands, name, before = in_force(act, who, ids), each.sent_as, entries()
        values = others(each, stands[name])
        if len(values) < 2:
            continue  # a tick: what is neither the one nor the other does not exist
        old, mine = values

        refused = desk.htmx(url, page(stands, **{f"was.{name}": old, name: mine}))

        html = unescape(refused.content.decode())
        assert (refused.status_code, refused["HX-Retarget"]) == (409, "this"), (name, html)
        assert 'class="wrote"' in html, name
        assert mine in html, name
        assert (in_force(act, who, ids), entries()) == (stands, before), name
        again = sent_by(html)
        assert again[f"was.{name}"] == stands[name]  # both were seen: now it may be replaced
        saved = desk.htmx(url, page(stands, **{name: mine, f"was.{name}": stands[name]}))
        assert saved.status_code == 200, (name, saved.content)
        assert in_force(act, who, ids) == stands | {name: mine}


@pytest.mark.parametrize("act", EDITS, ids=lambda act: act.name)
def test_a_save_changes_what_was_touched_and_nothing_else(act: Act) -> None:
    who, ids, url = tried(act)
    desk = Desk(who)
    for each in act.inputs:
        stands, name = in_force(act, who, ids), each.sent_as
        mine = others(each, stands[name])[-1]
        stale = {
            other.sent_as: others(other, stands[other.sent_as])[0]
            for other in act.inputs
            if other is not each
        }

        saved = desk.htmx(url, page(stands | stale, **{name: mine, f"was.{name}": stands[name]}))

        assert saved.status_code == 200, (name, saved.content)
        assert in_force(act, who, ids) == stands | {name: mine}, name


@pytest.mark.parametrize("act", EDITS, ids=lambda act: act.name)
def test_what_both_wrote_alike_is_no_matter(act: Act) -> None:
    who, ids, url = tried(act)
    each = next(each for each in act.inputs if isinstance(each.field, Text))
    name, stands = each.sent_as, in_force(act, who, ids)
    values = others(each, "")

    Desk(who).htmx(url, page(stands, **{name: values[1]}))
    saved = Desk(who).htmx(url, page(stands, **{f"was.{name}": values[0], name: values[1]}))

    assert saved.status_code == 200


@pytest.mark.parametrize("how", ["HX-Request", "HX-Boosted"])
def test_behind_a_lock_and_after_a_session_a_form_stays_where_it_is_with_the_way_on(
    how: str,
) -> None:
    page = reverse("calls:paper")
    sent = {how: "true", "HX-Current-URL": f"http://{HOST}{page}?show=all"}
    locked, gone = Desk("denise.wright"), Visitor()
    assert locked.post(reverse("agencies:lock")).status_code == 302

    behind, after = (
        each.post(page, {"place": "9 Paper Lane"}, headers=sent) for each in (locked, gone)
    )

    for answer, first in ((behind, "agencies:unlock"), (after, "account_login")):
        assert (answer.status_code, answer["HX-Retarget"]) == (403, "#notice")
        assert f'href="{reverse(first)}?next=%2Fcalls%2Fpaper%2F"' in answer.content.decode()
    back = locked.post(f"{reverse('agencies:unlock')}?next={page}")
    assert back["Location"] == page
    away = locked.post(f"{reverse('agencies:unlock')}?next=//elsewhere.example/")
    assert away["Location"] == reverse("agencies:home")


def test_a_form_of_a_whole_page_is_led_on_by_its_script_and_refused_where_it_stands() -> None:
    desk, page = Desk("anna.miller"), reverse("calls:find")
    sent = {"HX-Boosted": "true"}

    found = desk.post(page, {"sought": an_episode().label}, headers=sent)
    short = desk.post(page, {"sought": "T"}, headers=sent)
    held = desk.post(reverse("account_logout"), headers=sent)
    out = Desk("grace.webb").post(reverse("account_logout"), headers=sent)

    assert (found.status_code, found["HX-Redirect"][:10], "Location" in found) == (
        204,
        "/episodes/",
        False,
    )
    assert short.status_code == 422
    assert 'value="T"' in short.content.decode()
    assert (held.status_code, held["HX-Retarget"]) == (409, "#notice")  # they still hold somebody
    assert (out.status_code, out["Clear-Site-Data"]) == (204, '"cache", "storage"')


def test_what_is_too_long_on_paper_is_said_with_its_count_and_kept() -> None:
    typed = {"came_at": "2026-11-24T14:05", "incident_class": "welfare_check"}

    refused = Desk("anna.miller").post(reverse("calls:paper"), typed | {"callback": "5" * 201})

    html = refused.content.decode()
    assert refused.status_code == 422
    assert "At most 200 characters. You entered 201." in html
    assert f'value="{"5" * 201}"' in html


def test_a_form_that_is_drawn_again_asks_the_same() -> None:
    """Its token is another each time, and the key of what got no answer is the same."""
    desk, url = Desk("anna.miller"), reverse("calls:change_card", args=[an_episode().pk])

    first, twin = (
        desk.htmx(url, {"place": "9 Twin Lane", "csrfmiddlewaretoken": each}, key="once")
        for each in ("one", "another")
    )

    assert (first.status_code, twin["Idempotency-Replayed"]) == (200, "true")


def sent_by(html: str) -> Typed:
    """The hidden fields of a form."""
    hidden = r'<input type="hidden" name="([^"]*)" value="([^"]*)">'
    return dict(re.findall(hidden, html))


ACTS: list[Any] = [act for each in MODULES if each.acts for act in each.acts.all.values()]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.module}.{act.name}")
def test_an_act_says_of_its_form_what_it_does_when_nothing_answers(act: Act) -> None:
    """Text goes again by itself; what moves somebody, or sends somebody, is asked for again."""
    moves = {"offer_transfer", "close_call", "ask", "assign", "record_dispatched", "return_person"}
    assert not (act.again and act.name in moves)
    assert not (act.again and act.leaves)
    assert act.again or not act.saves, "a form that saves itself goes again by itself"
