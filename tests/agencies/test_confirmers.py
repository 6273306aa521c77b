"""Who confirms whom: the rule as a table, the database, and two at once."""

import threading
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from nowrongdoor.agencies import rules, sessions
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.models import Member
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now
from tests.agencies.confirming import comes_in, confirm, given, had_one, waits
from tests.agencies.test_people import kinds
from tests.agencies.test_rules import WHO
from tests.makers import an_actor, member_id
from tests.waits import waiting_at

Admin = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.usefixtures("db")
GIVING = ("give_password", "replace_sign_in")

# who confirms, of whom, and what is answered
PEOPLE = (
    ("denise.wright", "maria.lopez", ""),  # supervises her program
    ("paula.stone", "maria.lopez", ""),  # her agency's privacy officer
    ("irma.salas", "maria.lopez", "row.missing"),  # supervises another program of her agency
    ("ruth.palmer", "maria.lopez", "row.missing"),  # supervises at another agency
    ("helen.marsh", "maria.lopez", "row.missing"),  # another agency's privacy officer
    ("victor.reed", "maria.lopez", "row.missing"),  # another agency's administrator
    ("thomas.baker", "maria.lopez", "role.not_granted"),  # beside her
    ("oscar.nunez", "maria.lopez", "confirm.replacer"),
    ("maria.lopez", "maria.lopez", "role.not_granted"),
    ("denise.wright", "denise.wright", "confirm.own"),
    ("denise.wright", "paula.stone", "row.missing"),  # works in no program of hers
    (
        "ruth.palmer",
        "gloria.mendez",
        "row.missing",
    ),  # of its agency, but supervises another program
)


@pytest.mark.parametrize(("by", "whom", "answer"), PEOPLE)
def test_who_confirms_whom(by: str, whom: str, answer: str) -> None:
    waits(whom)

    rule = confirm(an_actor(by), whom)

    assert rule == answer
    assert Member.objects.get(username=whom).unconfirmed == bool(answer)
    offered = an_actor(by).name in sessions.confirmers(member_id(whom), at=now())
    assert offered == (answer == "")


VOUCHES = (
    # role, works here, employed here, vouches
    (Role.LINE_SUPERVISOR, True, False, True),
    (Role.PROGRAM_SUPERVISOR, True, True, True),
    (Role.LINE_SUPERVISOR, False, True, False),
    (Role.ADMINISTRATOR, False, True, True),
    (Role.ADMINISTRATOR, True, False, False),
    (Role.PRIVACY_OFFICER, False, True, True),
    (Role.PRIVACY_OFFICER, True, False, False),
    (Role.COUNSELOR, True, True, False),
    (Role.TRAINING_COORDINATOR, True, True, False),
    (Role.MACHINE, True, True, False),
)


@pytest.mark.parametrize(("role", "works_here", "employed", "vouches"), VOUCHES)
def test_who_vouches(role: Role, works_here: bool, employed: bool, vouches: bool) -> None:
    by = replace(WHO, role=role.value)

    assert rules.vouches_for(by, works_here=works_here, employed=employed) is vouches


def test_the_rule_as_a_table() -> None:
    may, can = rules.may_confirm_sign_in, rules.can_be_confirmed

    assert may(own=False, replaced_it=False).rule == "confirm.another"
    assert may(own=False, replaced_it=True).rule == "confirm.replacer"
    assert may(own=True, replaced_it=False).rule == "confirm.own"
    assert may(own=True, replaced_it=True).rule == "confirm.own"
    assert can(waits=True, chosen=True).rule == "confirm.waits"
    assert can(waits=True, chosen=False).rule == "confirm.not_chosen"
    assert can(waits=False, chosen=True).rule == "confirm.over"
    assert can(waits=False, chosen=False).rule == "confirm.over"
    assert rules.may_go_on(waits=True).rule == "sign_in.unconfirmed"
    assert rules.may_go_on(waits=False).rule == "sign_in.confirmed"


def test_nobody_confirms_while_the_given_password_is_still_somebody_elses_too() -> None:
    had_one("maria.lopez")
    password = given("maria.lopez")

    assert confirm(an_actor("denise.wright"), "maria.lopez") == "confirm.not_chosen"
    comes_in("maria.lopez", password)
    assert confirm(an_actor("denise.wright"), "maria.lopez") == ""
    assert confirm(an_actor("paula.stone"), "maria.lopez") == "confirm.over"


def test_no_row_says_that_the_replacer_confirmed_it_or_the_member() -> None:
    rows = Member.objects.filter(username="maria.lopez")
    oscar, own = member_id("oscar.nunez"), member_id("maria.lopez")

    for by in (oscar, own):
        with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
            rows.update(
                replaced_at=now(), replaced_by_id=oscar, confirmed_at=now(), confirmed_by_id=by
            )
    rows.update(
        replaced_at=now(),
        replaced_by_id=oscar,
        confirmed_at=now(),
        confirmed_by_id=member_id("paula.stone"),
    )


def while_it_waits(
    admin: Admin, first: Callable[[], object], second: Callable[[], str], by: Actor
) -> str:
    """`first` is done and not committed; `second` waits for the member's row, then goes on."""
    told: list[str] = []
    pid: list[int] = []
    begun = threading.Event()

    def late() -> None:
        connection.ensure_connection()
        pid.append(connection.connection.info.backend_pid)
        begun.set()
        try:
            told.append(second())
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    with act_as(by):
        first()
        thread.start()
        assert begun.wait(10)
        waiting_at(admin, pid[0], 'SELECT "agencies_member"')
    thread.join(20)
    return told[0]


def test_of_two_who_confirm_at_once_one_does(admin: Admin) -> None:
    waits("maria.lopez")
    denise, paula = an_actor("denise.wright"), an_actor("paula.stone")

    told = while_it_waits(
        admin,
        lambda: confirm(denise, "maria.lopez"),
        lambda: confirm(paula, "maria.lopez"),
        denise,
    )

    assert told == "confirm.over"
    row = Member.objects.get(username="maria.lopez")
    assert row.confirmed_by_id == member_id("denise.wright")
    assert kinds().count("agencies.sign_in_confirmed") == 1


@pytest.mark.parametrize("how", GIVING)
def test_what_is_given_while_somebody_confirms_is_not_confirmed_with_it(
    admin: Admin, how: str
) -> None:
    """They saw somebody at the screen with the one before."""
    waits("maria.lopez")

    told = while_it_waits(
        admin,
        lambda: given("maria.lopez", how),
        lambda: confirm(an_actor("denise.wright"), "maria.lopez"),
        an_actor("oscar.nunez"),
    )

    assert told == "confirm.not_chosen"
    assert Member.objects.get(username="maria.lopez").unconfirmed
