"""The unit roster: who is on which unit; out of service; what CAD says; what the law requires of a crew."""

from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands, queries
from nowrongdoor.dispatch.facts import Point, Signing, Stage
from nowrongdoor.dispatch.models import Assignment, CadStatus, Crew, CrewMember, Position, Request
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    FLOOR,
    GARZA,
    IRMA,
    LINDA,
    MARIA,
    RUBEN,
    SAMUEL,
    STRANGER,
    SUSAN,
    a_crew,
    a_request,
    an_assignment,
    cleared,
    kinds,
    lines,
    refused,
    unit_id,
)
from tests.makers import NOON, an_actor, later, member_id

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def on(unit: str) -> dict[str, tuple[str, str]]:
    """Who is on a unit now: username to role and own car."""
    rows = CrewMember.objects.filter(crew__unit__code=unit, until_at=None)
    return {row.member.username: (row.role, row.own_car) for row in rows.select_related("member")}


# signing on and off -----------------------------------------------------------------------------


def test_a_pair_of_mixed_employers_signs_on_in_one_car_or_in_two() -> None:
    """Luis Garza is the police's, Susan Kim the mobile company's; both have a place in the unit's."""
    crew = a_crew(GARZA, SUSAN, unit="MHST-1", by=GARZA, own_car=SUSAN)

    assert on("MHST-1") == {GARZA: ("officer", ""), SUSAN: ("co_responder", "own grey sedan")}
    assert (crew.vehicle, crew.plain_clothes) == ("unmarked car", True)
    facts = queries.unit_facts(unit_id("MHST-1"), at=NOON)
    assert [one.own_car for one in facts.crew] in ([False, True], [True, False])
    assert kinds() == ["signed_on"]


def test_another_car_and_other_clothes_may_be_said() -> None:
    crew = commands.sign_on(
        by=an_actor(ANA),
        at=NOON,
        unit_id=unit_id(),
        members=[Signing(member_id(ANA))],
        vehicle="rented van",
        plain_clothes=False,
    )

    assert (crew.vehicle, crew.plain_clothes) == ("rented van", False)


def test_somebody_who_is_said_twice_is_there_once() -> None:
    a_crew(ANA, ANA)

    assert set(on("CMT-A1")) == {ANA}


def test_who_may_not_go_with_a_unit_and_whose_unit_it_is() -> None:
    unknown = refused(a_crew_of, names=(ANA, STRANGER))
    empty = refused(a_crew_of, names=())
    cad = refused(a_crew_of, names=("james.cole",), unit="2A31", by=DAVID)
    theirs = refused(a_crew_of, names=(ANA,), by=STRANGER)
    other = refused(a_crew_of, names=(ANA,), by="elena.vega")
    line = refused(a_crew_of, names=(ANA,), by=MARIA)

    assert (unknown, empty, cad) == ("crew.stranger", "crew.size", "unit.cad")
    assert (theirs, other, line) == ("role.not_granted", "unit.not_yours", "role.not_granted")
    assert not Crew.objects.exists()


def a_crew_of(*, names: tuple[str, ...], unit: str = "CMT-A1", by: str = CARL) -> Crew:
    members = [Signing(member_id(name)) for name in names]
    return commands.sign_on(by=an_actor(by), at=NOON, unit_id=unit_id(unit), members=members)


def test_nobody_is_on_two_crews_and_a_unit_has_one() -> None:
    crew = a_crew(ANA, SAMUEL)

    taken = refused(a_crew_of, names=(ANA, RUBEN), unit="CMT-A2")
    there = refused(a_crew_of, names=(RUBEN,))
    commands.sign_off(by=an_actor(ANA), at=later(60), crew_id=crew.pk)
    twice = refused(commands.sign_off, by=an_actor(CARL), at=later(61), crew_id=crew.pk)
    a_crew(ANA, RUBEN, unit="CMT-A2", at=later(62))

    assert (taken, there, twice) == ("crew.taken", "crew.there", "crew.ended")
    assert set(on("CMT-A2")) == {ANA, RUBEN}
    assert on("CMT-A1") == {}


def test_a_crew_signs_off_when_it_is_clear_and_not_before() -> None:
    row = an_assignment()
    off = partial(commands.sign_off, by=an_actor(ANA), at=later(60), crew_id=row.crew_id)

    busy = refused(off)
    out = refused(
        commands.take_out_of_service,
        by=an_actor(CARL),
        at=NOON,
        unit_id=row.unit_id,
        reason="meal",
    )
    stranger = refused(off, by=an_actor("elena.vega"))
    unknown = refused(off, crew_id=row.pk)
    cleared(row, at=later(30))
    off()

    assert (busy, out, stranger, unknown) == (
        "crew.busy",
        "crew.busy",
        "unit.not_yours",
        "row.missing",
    )
    assert on("CMT-A1") == {}


def test_out_of_service_has_a_reason_and_an_end() -> None:
    take = partial(commands.take_out_of_service, by=an_actor(LINDA), unit_id=unit_id())

    unknown = refused(take, at=NOON, reason="tired")
    take(at=NOON, reason="debrief")
    twice = refused(take, at=later(1), reason="meal")
    commands.put_in_service(by=an_actor(CARL), at=later(60), unit_id=unit_id())
    commands.put_in_service(by=an_actor(CARL), at=later(61), unit_id=unit_id())  # nothing to do
    take(at=later(62), reason="meal")

    assert (unknown, twice) == ("code.unknown", "unit.out_already")
    assert kinds() == ["out_of_service", "in_service", "out_of_service"]
    assert queries.unit_facts(unit_id(), at=later(63)).out_of_service == "meal"


# CAD's units ------------------------------------------------------------------------------------


def said(state: str, *, busy: bool, s: float, by: str = DAVID, unit: str = "2A31") -> CadStatus:
    return commands.report_cad_status(
        by=an_actor(by), at=later(s), unit_id=unit_id(unit), state=state, busy=busy
    )


def test_of_a_unit_of_cads_the_latest_news_counts_whatever_comes_later() -> None:
    said("AVL", busy=False, s=60)
    said("ENR", busy=True, s=30)  # older, and late
    stale = queries.unit_facts(unit_id("2A31"), at=later(90))
    said("ENR", busy=True, s=120)
    fresh = queries.unit_facts(unit_id("2A31"), at=later(150))

    assert (stale.stage, stale.said_s) == (None, 30)
    assert (fresh.stage, fresh.said_s) == (Stage.ASSIGNED, 30)
    assert CadStatus.objects.get().state == "ENR"
    assert len(lines("dispatch.cad_said")) == 2


def test_only_the_desk_that_sends_it_says_it_and_only_of_a_unit_of_cads() -> None:
    ours = refused(said, state="AVL", busy=False, s=0, by=CARL, unit="CMT-A1")
    theirs = refused(said, state="AVL", busy=False, s=0, by=CARL)
    officer = refused(said, state="AVL", busy=False, s=0, by="james.cole")

    assert (ours, theirs, officer) == ("unit.not_cad", "unit.not_yours", "role.not_granted")


def test_a_unit_that_cad_says_is_busy_is_not_sent() -> None:
    request = a_request(kind="police_now", to=FLOOR)
    send = partial(
        commands.assign,
        by=an_actor(DAVID),
        at=later(60),
        request_id=request.pk,
        unit_id=unit_id("2A31"),
    )
    said("ENR", busy=True, s=0)

    busy = refused(send)
    said("AVL", busy=False, s=30)
    row = send()

    assert busy == "unit.busy"
    assert (row.crew_id, row.authority_id) == (None, an_actor(DAVID).program_id)


# positions --------------------------------------------------------------------------------------


def test_the_latest_position_is_kept_and_no_way_of_a_car() -> None:
    say = partial(commands.report_position, by=an_actor(ANA), unit_id=unit_id())

    say(at=later(10), point=Point(32.2, -110.9))
    say(at=later(5), point=Point(1, 1))  # older, and late
    say(at=later(20), point=Point(32.3, -110.8))
    off = refused(say, at=later(30), point=Point(91, 0))
    far = refused(say, at=later(30), point=Point(0, -181))
    theirs = refused(say, by=an_actor("elena.vega"), at=later(30), point=Point(0, 0))

    [row] = Position.objects.all()
    assert (row.lat, row.lon, row.at) == (32.3, -110.8, later(20))
    assert (off, far, theirs) == ("point.off_earth", "point.off_earth", "unit.not_yours")
    assert kinds() == []


def test_a_unit_knows_its_work_of_the_last_twelve_hours() -> None:
    cleared(an_assignment(), at=later(60))
    cleared(an_assignment(at=later(120)), at=later(180))

    done = [
        queries.unit_facts(unit_id(), at=later(hours * 3600)).done_today
        for hours in (1, 12.02, 12.04, 13)
    ]

    assert done == [2, 1, 1, 0]


# courses and clearances -------------------------------------------------------------------------


@pytest.fixture
def licensed(admin: Admin) -> Iterator[str]:
    """A kind of help for which the law requires a license of everybody on the unit."""
    admin.execute(
        "INSERT INTO dispatch_kind (code, names, axis, mode, unit_kinds, needs, clearances, least_crew, "
        "clinician, answer_s, position, source) VALUES ('sworn', '{\"en\": \"sworn\"}', 'clinical', '', "
        "'{mobile-team}', '{}', '{license}', 2, false, 60, 99, 'test')"
    )
    admin.execute(
        "INSERT INTO agencies_route (id, kind, from_program_id, to_program_id, basis, from_at, source) "
        "VALUES (gen_random_uuid(), 'ask.sworn', %s, %s, 'N', '2020-01-01', 'test')",
        [an_actor(MARIA).program_id, an_actor(CARL).program_id],
    )
    admin.execute(
        "INSERT INTO dispatch_qualification (id, member_id, code, until_at) "
        "VALUES (gen_random_uuid(), %s, 'license', NULL)",
        [member_id(ANA)],
    )
    yield "sworn"
    admin.execute("TRUNCATE dispatch_request CASCADE")
    admin.execute("DELETE FROM dispatch_qualification WHERE code = 'license'")
    admin.execute("DELETE FROM agencies_route WHERE source = 'test'")
    admin.execute("DELETE FROM dispatch_kind WHERE source = 'test'")


def test_a_missing_clearance_blocks_until_somebody_overrides_it_by_name(licensed: str) -> None:
    a_crew(ANA, SAMUEL)
    request = a_request(kind=licensed)
    send = partial(commands.assign, at=NOON, request_id=request.pk, unit_id=unit_id())

    blocked = refused(send, by=an_actor(CARL))
    unknown = refused(send, by=an_actor(CARL), override="because")
    with act_as(an_actor(MARIA)):
        waiting = Request.objects.get(pk=request.pk).accepted_at
    row = send(by=an_actor(IRMA), override="supervisor_order")

    assert (blocked, unknown, waiting) == ("unit.clearance", "code.unknown", None)
    assert (row.override, row.by_member_id) == ("supervisor_order", member_id(IRMA))


def test_whoever_has_the_clearance_goes_and_no_override_is_kept(licensed: str) -> None:
    a_crew(ANA)
    request = a_request(kind=licensed)

    row = commands.assign(
        by=an_actor(CARL),
        at=NOON,
        request_id=request.pk,
        unit_id=unit_id(),
        override="supervisor_order",
    )

    assert row.override == ""


def test_nothing_but_a_clearance_is_overridden() -> None:
    request = a_request()
    send = partial(
        commands.assign,
        by=an_actor(CARL),
        at=NOON,
        request_id=request.pk,
        unit_id=unit_id(),
        override="supervisor_order",
    )
    no_crew = refused(send)
    an_assignment()
    busy = refused(send)

    assert (no_crew, busy) == ("unit.no_crew", "unit.busy")


def test_a_course_that_is_missing_blocks_nobody() -> None:
    """Kathy Burns has not learned de-escalation."""
    a_crew("kathy.burns", unit="CMT-A2")

    row = an_assignment(unit="CMT-A2")

    with act_as(an_actor(CARL)):
        assert Assignment.objects.get(pk=row.pk).override == ""
