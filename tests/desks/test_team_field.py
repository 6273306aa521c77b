"""Every button of roll-call and of the team's phone: done, seen in the rows; or refused in a sentence."""

from uuid import uuid4

import pytest

from nowrongdoor.desks import board as boards
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.board import TeamRow, UnitRow
from nowrongdoor.dispatch.facts import Point, Stage
from nowrongdoor.dispatch.models import Assignment
from nowrongdoor.web.clock import now
from tests.desks.sending import asked, done, no, page, post, row_of
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    GARZA,
    MARIA,
    RUBEN,
    SAMUEL,
    a_crew,
    an_assignment,
    refused,
    unit_id,
)
from tests.makers import an_actor, member_id, seen

pytestmark = pytest.mark.usefixtures("db")
COURT = "grace.webb"


def unit(code: str = "CMT-A1", by: str = CARL) -> UnitRow:
    return next(each for each in board.units(an_actor(by), at=now()) if each.code == code)


def sent(reached: Stage | None = None) -> Assignment:
    return an_assignment(asked(), at=now(), reached=reached)


def team(row: Assignment) -> TeamRow:
    found = board.team(an_actor(CARL), row.pk)
    assert found is not None
    return found


# roll-call ----------------------------------------------------------------------------------------


def test_a_crew_signs_on_by_its_desk_or_by_itself_and_off_again() -> None:
    people = [str(member_id(ANA)), str(member_id(SAMUEL)), str(member_id(ANA))]
    own_car = {f"own_car_{member_id(SAMUEL)}": "own grey sedan"}

    on = post(
        CARL, "sign_on", unit_id(), member=people, vehicle="van 4", plain_clothes="yes", **own_car
    )
    row = unit()
    off = post(ANA, "sign_off", row.crew_id, on="field")
    gone = unit()
    itself = post(ANA, "sign_on", unit_id(), member=[people[0]], page="field")

    assert done(on, to="rollcall")
    assert {each.name: each.own_car for each in row.people} == {
        "Ana Ruiz": "",
        "Samuel Price": "own grey sedan",
    }
    assert (row.vehicle, row.plain_clothes) == ("van 4", True)
    assert done(off, to="field")
    assert (gone.crew_id, gone.people) == (None, ())
    assert done(itself, to="field")
    assert [each.name for each in unit().people] == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("by", "members", "on", "status", "sentence"),
    [
        (CARL, [], "CMT-A1", 409, "Sign on between one and 6 people."),
        (CARL, [GARZA], "CMT-A1", 409, "Someone on this list has no position that allows"),
        (CARL, [ANA], "CMT-A2", 409, "Someone on this list is on another crew."),
        (CARL, [RUBEN], "CMT-A1", 409, "This unit has a crew."),
        (DAVID, ["james.cole"], "2A31", 409, "CAD manages crews on its own units."),
        (DAVID, [RUBEN], "CMT-A2", 403, "Another program's unit, dispatched by another desk."),
        (MARIA, [RUBEN], "CMT-A2", 403, "Your role in this program may not do that."),
    ],
)
def test_who_cannot_sign_on_is_told_why(
    by: str, members: list[str], on: str, status: int, sentence: str
) -> None:
    a_crew(at=now())

    ids = [str(member_id(name)) for name in members]
    answer = no(post(by, "sign_on", unit_id(on), member=ids))

    assert answer[0] == status
    assert answer[1].startswith(sentence)


def test_a_damaged_list_of_people_signs_nobody_on() -> None:
    assert no(post(CARL, "sign_on", unit_id(), member="Ana")) == (422, "Choose from the list.")
    assert post(CARL, "sign_on", uuid4(), member=str(member_id(ANA))).status_code == 404
    assert unit().crew_id is None


def test_a_crew_on_an_assignment_does_not_sign_off() -> None:
    row = sent()

    busy = post(CARL, "sign_off", row.crew_id)
    unknown = post(CARL, "sign_off", uuid4())

    assert no(busy) == (409, "This crew is on an assignment. Clear or divert it first.")
    assert unknown.status_code == 404
    assert unit().crew_id == row.crew_id


def test_a_unit_goes_out_of_service_with_a_reason_and_comes_back() -> None:
    a_crew(at=now())

    odd = post(CARL, "take_out_of_service", unit_id(), reason="tired")
    out = post(ANA, "take_out_of_service", unit_id(), reason="meal", on="field")
    rests, phone = unit(), page(ANA, "field")
    twice = post(CARL, "take_out_of_service", unit_id(), reason="meal")
    back = post(CARL, "put_in_service", unit_id(), on="rollcall")

    assert no(odd) == (422, "Choose one of the listed reasons.")
    assert done(out, to="field")
    assert rests.reason == "Meal"
    assert "Back in service" in phone
    assert no(twice) == (409, "This unit is already out of service.")
    assert done(back, to="rollcall")
    assert unit().reason == ""


def test_what_cad_shows_is_keyed_by_the_desk_that_sends_its_units() -> None:
    said = {"state": "en route", "busy": "yes", "on": "rollcall"}

    answer = post(DAVID, "report_cad_status", unit_id("2A31"), **said)
    role = post(ANA, "report_cad_status", unit_id("2A31"), **said)
    desk = post(CARL, "report_cad_status", unit_id("2A31"), **said)
    not_cads = post(CARL, "report_cad_status", unit_id(), **said)
    long = post(DAVID, "report_cad_status", unit_id("2A31"), state="x" * 41)

    assert done(answer, to="rollcall")
    assert unit("2A31", by=DAVID).said == "en route"
    assert no(role) == (403, "Your role in this program may not do that.")
    assert no(desk) == (409, "Another program's unit, dispatched by another desk.")
    assert no(not_cads) == (409, "This is not a CAD unit.")
    assert no(long) == (422, "At most 40 characters. You entered 41.")


def test_a_phone_says_where_it_is_and_nothing_else_is_kept() -> None:
    a_crew(at=now())

    answer = post(ANA, "position", unit_id(), lat="32.22", lon="-110.97")

    assert answer.status_code == 204
    assert unit().facts.at == Point(32.22, -110.97)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("", ""), ("here", "there"), ("91", "0"), ("0", "181"), ("nan", "0"), ("0", "inf")],
)
def test_a_point_that_is_not_on_earth_is_refused(lat: str, lon: str) -> None:
    answer = post(ANA, "position", unit_id(), lat=lat, lon=lon)

    assert no(answer) == (422, "Latitude and longitude are degrees.")
    assert unit().facts.at is None
    assert post(GARZA, "position", unit_id(), lat="32", lon="-110").status_code == 403


# the team's way -----------------------------------------------------------------------------------


def test_the_team_says_each_step_and_the_desk_says_it_for_them() -> None:
    row = sent()

    tap = post(ANA, "step", row.pk, stage="en_route", on="field")
    going = team(row).stage
    said = {"way": "radio", "on": "request", "on_id": str(row.request_id)}
    radio = post(CARL, "step", row.pk, stage="on_scene", **said)

    assert done(tap, to="field")
    assert going is Stage.EN_ROUTE
    assert done(radio, to="request", id=row.request_id)
    assert team(row).stage is Stage.ON_SCENE


@pytest.mark.parametrize(
    ("by", "said", "status", "sentence"),
    [
        (ANA, {}, 422, "Choose from the list."),
        (ANA, {"stage": "flying"}, 422, "Choose from the list."),
        (ANA, {"stage": "en_route", "way": "dream"}, 422, "Choose from the list."),
        (ANA, {"stage": "cleared"}, 422, "Choose from the list."),
        (ANA, {"stage": "en_route"}, 409, "This team is already past that step."),
        (CARL, {"stage": "engaged"}, 409, "Choose how the team told you: by radio or by phone."),
        (
            RUBEN,
            {"stage": "engaged"},
            409,
            "Only the crew or its desk can report this.",
        ),
        (MARIA, {"stage": "engaged"}, 403, "Your role in this program may not do that."),
    ],
)
def test_a_step_that_cannot_be_said_is_refused(
    by: str, said: dict[str, str], status: int, sentence: str
) -> None:
    row = sent(Stage.ON_SCENE)

    assert no(post(by, "step", row.pk, **said)) == (status, sentence)
    assert team(row).stage is Stage.ON_SCENE
    assert post(GARZA, "step", row.pk, stage="engaged").status_code == 404


def test_who_comes_in_an_own_car_is_said_apart() -> None:
    a_crew(at=now(), own_car=SAMUEL)
    row = sent()
    samuel = {"member": str(member_id(SAMUEL)), "on": "field"}

    left = post(ANA, "step_member", row.pk, stage="cleared", **samuel)
    odd = post(ANA, "step_member", row.pk, stage="engaged", **samuel)
    stranger = post(ANA, "step_member", row.pk, stage="on_scene", member=str(member_id(RUBEN)))
    nobody = post(ANA, "step_member", row.pk, stage="on_scene")
    there = post(ANA, "step_member", row.pk, stage="on_scene", **samuel)

    assert no(left) == (422, "They are not on scene yet.")
    assert no(odd) == (422, "Choose en route, on scene or left.")
    assert no(stranger) == (422, "Choose a member of this crew.")
    assert no(nobody) == (422, "Choose from the list.")
    assert done(there, to="field")
    [person] = [each for each in team(row).people if each.own_car]
    assert person.on_scene_at is not None


def test_a_sign_of_life_is_the_crews_or_what_the_desk_heard() -> None:
    row = sent(Stage.ON_SCENE)
    due = team(row).due_at

    tap = post(ANA, "check_in", row.pk, on="field")
    heard = post(CARL, "check_in", row.pk, way="radio", on="teams")
    guessed = post(CARL, "check_in", row.pk)
    other = post(DAVID, "check_in", row.pk, way="radio")

    assert done(tap, to="field")
    assert done(heard, to="teams")
    assert no(guessed) == (409, "Choose how the team told you: by radio or by phone.")
    assert other.status_code == 404
    later = team(row).due_at
    assert due is not None
    assert later is not None
    assert later > due


def test_duress_is_one_tap_and_asks_for_police_at_once() -> None:
    row = sent()

    tap, again = (post(ANA, "activate_duress", row.pk, on="field") for _ in range(2))
    other = post(RUBEN, "activate_duress", row.pk)

    assert done(tap, to="field")
    assert done(again, to="field")
    assert team(row).duress_id is not None
    to_911 = [each for each in board.requests(an_actor(DAVID)) if each.kind == "police_now"]
    assert [each.open for each in to_911] == [True]
    assert "Alarm sent " in page(ANA, "field")
    assert no(other) == (409, "Only the crew or its desk can report this.")


def test_the_spoken_word_is_keyed_by_the_desk() -> None:
    row = sent()

    on = {"on": "request", "on_id": str(row.request_id)}
    answer = post(CARL, "activate_duress", row.pk, way="word", **on)

    assert done(answer, to="request", id=row.request_id)
    assert team(row).duress_id is not None


# where to, and the end ----------------------------------------------------------------------------


def test_who_receives_is_offered_the_person_and_the_holder_holds_on() -> None:
    row = sent(Stage.ENGAGED)
    before = seen(an_actor(MARIA), row.episode_id)

    answer = post(ANA, "destination", row.pk, facility="crc-adult")

    assert done(answer, to="field")
    assert (team(row).stage, team(row).facility_code) == (Stage.TRANSPORTING, "crc-adult")
    [line] = boards.rows(an_actor(ANA), at=now(), ids=frozenset({row.episode_id}))
    assert line.offer is not None
    assert line.offer.ours
    after = seen(an_actor(MARIA), row.episode_id)
    assert before is not None
    assert after is not None
    assert after.holder_member_id == before.holder_member_id == member_id(MARIA)
    assert "Waiting for acceptance" in page(ANA, "field")


def test_a_place_that_takes_people_without_an_offer_is_only_named() -> None:
    row = sent(Stage.ENGAGED)

    answer = post(ANA, "destination", row.pk, facility="shelter-men")

    assert done(answer, to="field")
    assert team(row).facility_code == "shelter-men"
    [line] = boards.rows(an_actor(ANA), at=now(), ids=frozenset({row.episode_id}))
    assert line.offer is None


def test_a_second_place_is_not_named_while_the_first_is_asked() -> None:
    row = sent(Stage.ENGAGED)
    post(ANA, "destination", row.pk, facility="crc-adult")

    second = post(ANA, "destination", row.pk, facility="ed-south")

    assert no(second) == (409, "A transfer is already open. Cancel it first.")
    assert team(row).facility_code == "crc-adult"  # both or neither


@pytest.mark.parametrize("facility", ["", "atlantis", "x" * 300])
def test_a_place_that_nobody_lists_is_no_destination(facility: str) -> None:
    row = sent(Stage.ENGAGED)

    answer = post(ANA, "destination", row.pk, facility=facility)

    assert answer.status_code == 422
    assert (team(row).stage, team(row).facility_code) == (Stage.ENGAGED, "")


def test_a_team_clears_with_what_came_of_it() -> None:
    row = sent(Stage.ENGAGED)

    answer = post(
        ANA, "clear", row.pk, outcome="resolved_scene", left_behind=["pet", "stove"], on="field"
    )

    assert done(answer, to="field")
    found = row_of(row.request)
    assert (found.outcome, found.open, found.teams) == ("resolved_scene", False, ())
    assert "No active assignment." in page(ANA, "field")


def test_who_was_not_met_is_back_with_who_asked() -> None:
    row = sent(Stage.ON_SCENE)

    answer = post(ANA, "clear", row.pk, outcome="not_found", next_try_at="45", on="field")

    assert done(answer, to="field")
    found = row_of(row.request)
    assert found.loose
    assert found.next_try_at is not None
    assert "No contact - returned to you" in page(MARIA, "episode", row.episode_id)


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({}, 422, "Choose the disposition from the list."),
        ({"outcome": "odd"}, 422, "Choose the disposition from the list."),
        (
            {"outcome": "crc_vol", "took_somebody": "yes"},
            409,
            "Enter who or what is left at the scene: ",
        ),
        ({"outcome": "not_found"}, 409, "No contact: enter when to retry."),
        ({"outcome": "not_found", "next_try_at": "soon"}, 422, "Give minutes from now, 1 to 1440."),
        (
            {"outcome": "crc_vol", "took_somebody": "yes", "left_behind": "ghost"},
            422,
            "Choose what is left at the scene from the list.",
        ),
    ],
)
def test_an_end_that_says_too_little_is_refused(
    said: dict[str, str], status: int, sentence: str
) -> None:
    row = sent(Stage.ENGAGED)

    found = no(post(ANA, "clear", row.pk, **said))

    assert found[0] == status
    assert found[1].startswith(sentence)
    assert row_of(row.request).teams != ()


@pytest.mark.parametrize(
    "url", ["step", "step_member", "check_in", "activate_duress", "destination", "clear"]
)
def test_a_role_without_any_part_in_this_is_told_so(url: str) -> None:
    row = sent()

    assert no(post(COURT, url, row.pk)) == (403, "Your role in this program may not do that.")
    assert refused(commands.check_in, by=an_actor(GARZA), at=now(), assignment_id=row.pk) == (
        "row.missing"
    )
