"""Roles, routes, reachability: default deny."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from nowrongdoor.agencies import rules
from nowrongdoor.agencies.facts import Action, PresenceFacts, Role, RouteFacts
from nowrongdoor.kernel.actor import Actor

NOON = datetime(2027, 3, 1, 19, tzinfo=UTC)
A, B, ME = UUID(int=1), UUID(int=2), UUID(int=3)
WHO = Actor(code="member:x", agency_id=A, program_id=A, role="call_taker", member_id=ME)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_what_is_not_granted_is_refused(role: Role, action: Action) -> None:
    verdict = rules.may(replace(WHO, role=role.value), action)

    assert verdict.allowed == (action in rules.GRANTS[role])


def test_every_role_is_in_the_table_and_no_other() -> None:
    assert set(rules.GRANTS) == set(Role)


@pytest.mark.parametrize("role", ["", "CALL_TAKER", "god", "call_taker "])
def test_an_unknown_role_may_nothing(role: str) -> None:
    assert rules.may(replace(WHO, role=role), Action.SEE_BOARD).rule == "role.unknown"


def test_a_token_narrows_and_never_widens() -> None:
    narrow = replace(WHO, scopes=frozenset({"see_board", "manage_access"}))

    assert rules.may(narrow, Action.SEE_BOARD).allowed
    assert rules.may(narrow, Action.TAKE_CALL).rule == "token.scope"
    assert rules.may(narrow, Action.MANAGE_ACCESS).rule == "role.not_granted"


@pytest.mark.parametrize(
    ("role", "may_not"),
    [
        (
            Role.CALL_TAKER,
            {Action.ASSUME, Action.IMPORT, Action.MANAGE_ACCESS, Action.READ_JOURNAL},
        ),
        (Role.COUNSELOR, {Action.ASSUME, Action.MANAGE_ACCESS, Action.READ_JOURNAL}),
        (Role.ADMINISTRATOR, {Action.SEE_BOARD, Action.TAKE_CALL, Action.ACCEPT, Action.CLOSE}),
        (Role.PRIVACY_OFFICER, {Action.SEE_BOARD, Action.TAKE_CALL, Action.MANAGE_ACCESS}),
        (Role.COURT_LIAISON, {Action.TAKE_CALL, Action.ACCEPT, Action.OFFER}),
        (Role.MACHINE, {Action.ACCEPT, Action.OFFER, Action.ASSUME, Action.MANAGE_ACCESS}),
        (Role.TRAINING_COORDINATOR, set(Action)),
    ],
)
def test_what_some_roles_must_never_do(role: Role, may_not: set[Action]) -> None:
    assert rules.GRANTS[role] & may_not == set()


def test_a_route_is_in_force_from_and_until_its_dates() -> None:
    old = RouteFacts("warm", A, B, "A", NOON - timedelta(days=9), NOON - timedelta(days=1))
    new = RouteFacts("warm", A, B, "N", NOON - timedelta(days=1))
    routes = [new, old, RouteFacts("warm", B, A, "N", NOON), RouteFacts("cold", A, B, "N", NOON)]

    def basis(at: datetime) -> str | None:
        found = rules.route("warm", from_id=A, to_id=B, routes=routes, at=at)
        return found.basis if found else None

    assert basis(NOON - timedelta(days=10)) is None
    assert basis(NOON - timedelta(days=2)) == "A"
    assert basis(NOON - timedelta(days=1)) == "N"
    assert rules.route("warm", from_id=B, to_id=B, routes=routes, at=NOON) is None


def test_who_can_be_reached() -> None:
    here = PresenceFacts(ME, A, NOON, NOON)

    def rule(presence: PresenceFacts | None, after_s: int) -> str:
        return rules.reachable(presence, lost_after_s=5, at=NOON + timedelta(seconds=after_s)).rule

    assert rule(here, 5) == "presence.heard"
    assert rule(here, 6) == "presence.lost"
    assert rule(replace(here, ended_at=NOON), 0) == "presence.signed_out"
    assert rule(None, 0) == "presence.signed_out"


def test_nobody_leaves_while_holding() -> None:
    assert rules.may_sign_out(holding=0).allowed
    assert rules.may_sign_out(holding=2).because.startswith("You still own 2")
    assert rules.may_sign_out(holding=0, listening=1).rule == "sign_out.holding"
    assert rules.may_lock(holding=0).allowed
    assert rules.may_lock(holding=1).rule == "lock.holding"
