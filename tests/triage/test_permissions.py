"""Every answer that the permissions of screening and of a protocol's life can give."""

import re

import pytest

from nowrongdoor.kernel.verdict import Verdict, no
from nowrongdoor.triage.facts import Clinical, CurrentLevel, Ems, Level, Police, Response
from nowrongdoor.triage.permissions import (
    may_activate,
    may_approve,
    may_do,
    may_end_need,
    may_lower_now,
    may_recommend,
    may_retire,
    may_screen,
    may_send_clinician,
    may_settle_need,
    needs_another,
    proved,
    role_that_lowers,
    rose,
)
from tests.conftest import ROOT

DUTIES = frozenset({"ems_now"})
ELSEWHERE = no("holder.elsewhere", "")
FOUR = frozenset({"clinical", "psap", "police", "medical_director"})


def approve(role: str, **more: object) -> Verdict:
    facts = {"proved": True, "retired": False, "given": frozenset(), "mine": False} | more
    return may_approve(role, "psap", **facts)  # type: ignore[arg-type]


RULES = [
    (may_screen(open=True, works=True), "screen.allowed"),
    (may_screen(open=False, works=True), "screen.closed"),
    (may_screen(open=True, works=False), "screen.not_working"),
    (may_recommend("counselor", screened=True), "recommend.allowed"),
    (may_recommend("line_supervisor", screened=True), "recommend.allowed"),
    (may_recommend("call_taker", screened=True), "recommend.role"),
    (may_recommend("ghost", screened=True), "recommend.role"),
    (may_recommend("counselor", screened=False), "recommend.unscreened"),
    (may_lower_now(provisional=False), "lower.now"),
    (may_lower_now(provisional=True), "lower.provisional"),
    (may_send_clinician(open=True, waiting=False, route=True), "send_need.allowed"),
    (may_send_clinician(open=False, waiting=False, route=True), "need.none"),
    (may_send_clinician(open=True, waiting=True, route=True), "need.sent"),
    (may_send_clinician(open=True, waiting=False, route=False), "need.no_route"),
    (may_settle_need(closed=True, ours=True, holds=ELSEWHERE), "settle_need.allowed"),
    (may_end_need(open=True, reason_known=True), "end_need.allowed"),
    (may_end_need(open=False, reason_known=True), "need.none"),
    (may_end_need(open=True, reason_known=False), "need.reason"),
    (may_do("ems_now", named=DUTIES, done=False), "duty.allowed"),
    (may_do("ems_check", named=DUTIES, done=False), "duty.not_named"),
    (may_do("ems_now", named=DUTIES, done=True), "duty.done"),
    (approve("psap_supervisor"), "approve.allowed"),
    (approve("line_supervisor"), "approve.role"),
    (approve("ghost"), "approve.role"),
    (approve("psap_supervisor", retired=True), "approve.retired"),
    (approve("psap_supervisor", proved=False), "approve.unproved"),
    (approve("psap_supervisor", given=frozenset({"psap"})), "approve.given"),
    (approve("psap_supervisor", mine=True), "approve.given"),
    (may_activate(missing=frozenset(), ended=False, past=False), "activate.allowed"),
    (may_activate(missing=FOUR - {"psap"}, ended=False, past=False), "activate.missing"),
    (may_activate(missing=frozenset(), ended=True, past=False), "activate.decided"),
    (may_activate(missing=frozenset(), ended=False, past=True), "activate.past"),
    (proved(holds=True), "activate.proved"),
    (proved(holds=False), "activate.unproved"),
    (may_retire(retired=False, another=True), "retire.allowed"),
    (may_retire(retired=True, another=True), "retire.retired"),
    (may_retire(retired=False, another=False), "retire.last"),
]


@pytest.mark.parametrize(("verdict", "rule"), RULES, ids=[rule for _, rule in RULES])
def test_what_may_be_done(verdict: Verdict, rule: str) -> None:
    said_yes = rule.endswith((".allowed", ".now", ".proved"))

    assert (verdict.rule, verdict.allowed) == (rule, said_yes)


def test_every_answer_a_rule_can_give_is_tested() -> None:
    source = (ROOT / "nowrongdoor/triage/permissions.py").read_text()
    given = set(re.findall(r"(?:yes|no)\(\s*\"([a-z_.]+)\"", source))

    assert given == {rule for _, rule in RULES}


@pytest.mark.parametrize(
    ("role", "recommended", "as_role", "another"),
    [
        ("line_supervisor", False, "line_supervisor", False),
        ("line_supervisor", True, "line_supervisor", False),
        ("counselor", False, "", True),
        ("counselor", True, "center_clinician", True),
        ("call_taker", True, "center_clinician", True),
        ("call_taker", False, "call_taker", True),
    ],
)
def test_in_whose_role_a_level_is_lowered(
    role: str, recommended: bool, as_role: str, another: bool
) -> None:
    assert role_that_lowers(role, recommended=recommended) == as_role
    assert needs_another(role) is another


def standing(level: str, police: str = "none", ems: str = "none") -> CurrentLevel:
    return CurrentLevel(Level(level), Response(Police(police), Ems(ems), Clinical.LINE))


@pytest.mark.parametrize(
    ("was", "now", "did"),
    [
        (standing("2"), standing("2"), False),
        (standing("2"), standing("3A"), True),
        (standing("3A"), standing("2"), False),
        (standing("4"), standing("E"), True),
        (standing("E"), standing("4"), True),
        (standing("X"), standing("2"), False),  # out of X it is a level like any other
        (standing("2"), standing("2", police="aware"), True),
        (standing("2", ems="now"), standing("2", ems="staged"), False),
        (standing("2"), standing("2", ems="staged"), True),
    ],
)
def test_a_need_rises_by_level_and_by_axis(was: CurrentLevel, now: CurrentLevel, did: bool) -> None:
    assert rose(was, now) is did


@pytest.mark.parametrize(("closed", "ours"), [(False, True), (True, False)])
def test_what_is_owed_is_else_the_owners_to_end(closed: bool, ours: bool) -> None:
    assert may_settle_need(closed=closed, ours=ours, holds=ELSEWHERE) == ELSEWHERE
