"""What PostgreSQL itself refuses of what is said of places, whatever the code forgets."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from nowrongdoor.agencies.acting import act_as, act_as_anonymous
from nowrongdoor.directory.facts import State
from nowrongdoor.directory.models import Capacity, Facility
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.ids import new_id
from tests.directory.places import DISPATCHER, NURSE, a_word, place_id, say
from tests.makers import NOON, an_actor, later, member_id

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def write(by: Actor, code: str = "crc-adult", **given: Any) -> None:
    """Past the command, as the app role."""
    whole = {
        "id": new_id(NOON), "facility_id": place_id(code), "agency_id": by.agency_id,
        "program_id": by.program_id, "member_id": by.member_id, "said_at": NOON, "state": "open",
        "review_at": later(3600),
    }  # fmt: skip
    with act_as(by):
        Capacity.objects.create(**whole | given)


def test_a_program_writes_of_its_own_place_in_its_own_name() -> None:
    write(an_actor(NURSE))

    with act_as(an_actor(DISPATCHER)):
        assert Capacity.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("crc-adult", {}),
        ("shelter-men", {}),
        ("shelter-men", {"told_by": "Pat", "member": NURSE}),
        ("shelter-men", {"told_by": "Pat", "of": NURSE}),
        ("shelter-men", {"told_by": "Pat", "program": NURSE}),
        ("shelter-men", {"told_by": "Pat", "agency": NURSE}),
        ("crc-adult", {"of": NURSE}),
    ],
)
def test_another_program_writes_neither_an_own_word_nor_in_anothers_name(
    code: str, given: dict[str, str]
) -> None:
    more: dict[str, Any] = {"told_by": given.get("told_by", "")}
    if "member" in given:
        more["member_id"] = member_id(given["member"])
    for key in ("program", "agency"):
        if (whose := given.get(key) or given.get("of")) is not None:
            more[f"{key}_id"] = getattr(an_actor(whose), f"{key}_id")

    with pytest.raises(ProgrammingError, match="row-level security"):
        write(an_actor(DISPATCHER), code, **more)


def test_nobody_reads_who_does_not_act() -> None:
    say(word=a_word())

    with act_as_anonymous():
        assert not Capacity.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Capacity.objects.update(state="full"),
        lambda: Capacity.objects.all().delete(),
        lambda: Facility.objects.update(places=1),
        lambda: Facility.objects.filter(code="sobering").delete(),
    ],
)
def test_what_was_said_and_the_places_stay(change: Callable[[], object]) -> None:
    say(word=a_word())

    with pytest.raises(ProgrammingError, match="permission denied"), act_as(an_actor(NURSE)):
        change()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"state": "unknown"}, "capacity_"),
        ({"review_at": NOON}, "capacity_reviewed_after_it_is_said"),
        ({"free": -1}, "capacity_free_"),
        ({"free": 0}, "capacity_free_fits_state"),
        ({"state": "full", "reason": "full", "free": 1}, "capacity_free_fits_state"),
        ({"state": "full"}, "capacity_says_why"),
        ({"state": "diverting"}, "capacity_says_why"),
        ({"reason": "full"}, "capacity_says_why"),
    ],
)
def test_no_row_says_what_cannot_be(given: dict[str, Any], name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        write(an_actor(NURSE), **given)


@pytest.mark.parametrize("state", list(State))
def test_the_rule_and_the_table_agree(state: State) -> None:
    """Whatever the rule calls sound can be written, and nothing else but a review too far ahead."""
    from nowrongdoor.directory import rules

    for free in (None, 0, 3):
        for reason in ("", "full"):
            word = a_word(state, free=free, reason=reason)
            allowed = rules.sound(word, places=None, at=NOON).allowed
            try:
                with transaction.atomic():
                    write(an_actor(NURSE), state=state.value, free=free, reason=reason)
                written = True
            except DatabaseError:
                written = False
            assert written == allowed, word


def test_one_policy_for_each_verb_and_no_more(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT cmd, policyname FROM pg_policies WHERE tablename = 'directory_capacity'"
    )

    assert sorted(str(cmd) for cmd, _name in rows) == ["INSERT", "SELECT", "SELECT"]
    connection.ensure_connection()
