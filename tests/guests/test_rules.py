"""What a guest link still opens, as tables: every answer a rule can give."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.guests import rules
from nowrongdoor.guests.facts import Found, LinkFacts
from nowrongdoor.kernel.verdict import Verdict
from tests.makers import NOON

END = NOON + timedelta(hours=12)
FOUND = Found(UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), END)
LINK = LinkFacts(FOUND.id, END)
GUEST = FOUND.guest()
LAST = END - timedelta(microseconds=1)


def check(verdict: Verdict, rule: str, *, allowed: bool) -> None:
    assert (verdict.rule, verdict.allowed) == (rule, allowed)
    assert allowed or verdict.because


@pytest.mark.parametrize(
    ("found", "at", "enters", "shows"),
    [
        (FOUND, NOON, True, True),
        (FOUND, LAST, True, True),
        (FOUND, END, False, False),
        (replace(FOUND, ended_at=NOON), NOON, False, False),
        (replace(FOUND, answered_at=NOON), NOON, False, True),
        (replace(FOUND, answered_at=NOON), END, False, False),
        (None, NOON, False, False),
    ],
)
def test_what_opens(found: Found | None, at: object, enters: bool, shows: bool) -> None:
    code, link = ("code.opens", "link.opens") if enters else ("code.nothing", "link.nothing")
    check(rules.code_opens(found, at=at), code, allowed=enters)
    check(rules.address_opens(found, at=at), link, allowed=enters)
    check(rules.may_look(found, at=at), "link.shows" if shows else "link.nothing", allowed=shows)


@pytest.mark.parametrize(
    ("link", "at", "rule"),
    [
        (LINK, LAST, "link.usable"),
        (LINK, END, "link.expired"),
        (replace(LINK, ended=True), NOON, "link.ended"),
        (replace(LINK, answered="declined"), NOON, "link.answered"),
        (replace(LINK, id=UUID(int=9)), NOON, "link.not_yours"),
    ],
)
def test_who_may_use(link: LinkFacts, at: object, rule: str) -> None:
    check(rules.may_use(GUEST, link, at=at), rule, allowed=rule == "link.usable")


def test_nobody_answers_what_they_have_not_looked_at() -> None:
    check(rules.may_answer(GUEST, LINK, at=NOON), "link.unopened", allowed=False)
    opened = replace(LINK, opened=True)
    check(rules.may_answer(GUEST, opened, at=NOON), "link.answerable", allowed=True)
    check(rules.may_answer(GUEST, opened, at=END), "link.expired", allowed=False)
    check(rules.unused(opened), "link.unused", allowed=True)


def test_the_first_browser_is_shown_it_and_no_other() -> None:
    opened = replace(LINK, opened=True)
    check(rules.may_show(LINK, again=False), "link.first", allowed=True)
    check(rules.may_show(opened, again=True), "link.first", allowed=True)
    check(rules.may_show(opened, again=False), "link.opened_elsewhere", allowed=False)


def test_who_said_yes_by_the_link_says_that_they_received() -> None:
    yes = replace(LINK, opened=True, answered="accepted")
    check(rules.may_receive(GUEST, yes, at=LAST), "link.receives", allowed=True)
    check(rules.may_receive(GUEST, yes, at=END), "link.expired", allowed=False)
    check(rules.may_receive(GUEST, LINK, at=NOON), "link.not_accepted", allowed=False)
    other = replace(yes, id=UUID(int=9))
    check(rules.may_receive(GUEST, other, at=NOON), "link.not_yours", allowed=False)


@pytest.mark.parametrize("action", Action)
def test_a_guest_is_granted_nothing(action: Action) -> None:
    """Not even what the machinery may do: no call, no close, no import."""
    check(may(GUEST, action), "role.unknown", allowed=False)


def test_every_answer_a_rule_can_give_is_tested() -> None:
    source = ast.parse(Path(rules.__file__).read_text())
    given = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("yes", "no")
        and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    mine = ast.parse(Path(__file__).read_text())
    named = {
        node.value
        for node in ast.walk(mine)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert len(given) == 17
    assert given - named == set()
