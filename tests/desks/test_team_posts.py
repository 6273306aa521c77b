"""Every button of a sending desk: done, seen in the rows; or refused with one clear sentence."""

from uuid import uuid4

import pytest

from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.facts import Ask, RequestState, Stage
from nowrongdoor.dispatch.models import Request
from nowrongdoor.web.clock import now
from tests.desks.sending import asked, declined, done, no, post, queued, row_of
from tests.dispatch.floor import (
    ANA,
    ANNA,
    CARL,
    DAVID,
    DESK,
    FLOOR,
    GARZA,
    MARIA,
    STRANGER,
    a_crew,
    an_assignment,
    unit_id,
)
from tests.makers import an_actor, an_episode, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
STATE = RequestState


def promise(minutes: object = 30, rings: str = CARL) -> dict[str, str]:
    return {"promised_at": str(minutes), "rings_member_id": str(member_id(rings))}


def on(request: Request, **data: object) -> dict[str, object]:
    """Done on the request's own page."""
    return {"on": "request", "on_id": str(request.pk), **data}


def on_call(request: Request, **data: object) -> dict[str, object]:
    return {"on": "call", "on_id": str(request.episode_id), **data}


# asking -----------------------------------------------------------------------------------------


def test_help_is_asked_for_on_the_calls_page() -> None:
    episode = an_episode(an_actor(MARIA), at=now())
    wanted = {
        "kind:to_program_id": f"mobile_team:{program_id(DESK)}",
        "note": "gate 3",
        "language": "es",
    }

    answer = post(MARIA, "ask", episode.pk, **wanted)

    assert done(answer, to="episode", id=episode.pk)
    [row] = board.requests(an_actor(CARL))
    assert (row.state, row.note, row.language) == (STATE.ASKED, "gate 3", "es")


@pytest.mark.parametrize(
    ("wanted", "status", "sentence"),
    [
        ({}, 422, "Choose from the list."),
        ({"kind:to_program_id": "mobile_team:nowhere"}, 422, "Choose from the list."),
        ({"kind:to_program_id": "taxi:DESK"}, 422, "Choose the resource from the list."),
        (
            {"kind:to_program_id": "mobile_team:FLOOR"},
            409,
            "No agreement lets your program request this from that program.",
        ),
        (
            {"kind:to_program_id": "mobile_team:DESK", "note": "x" * 501},
            422,
            "At most 500 characters. You entered 501.",
        ),
        (
            {"kind:to_program_id": "mobile_team:DESK", "follows_id": "what"},
            422,
            "Choose from the list.",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_a_sentence(
    wanted: dict[str, str], status: int, sentence: str
) -> None:
    episode = an_episode(an_actor(MARIA), at=now())
    for word, program in (("DESK", DESK), ("FLOOR", FLOOR)):
        wanted = {
            key: value.replace(word, str(program_id(program))) for key, value in wanted.items()
        }

    assert no(post(MARIA, "ask", episode.pk, **wanted)) == (status, sentence)
    assert board.requests(an_actor(MARIA)) == ()


def test_a_patrol_officer_asks_neither_without_an_agreement_nor_for_a_call_not_theirs() -> None:
    """Outreach officers may ask 911 for police; they have no agreement for a mobile team."""
    officer = "diane.moss"
    request = asked()
    wanted = {"kind:to_program_id": f"mobile_team:{program_id(DESK)}"}
    taken = Ask(request.episode_id, "outreach", program_id("tpd/outreach"))
    unseen = post(officer, "ask", request.episode_id, **wanted)
    commands.ask(by=an_actor(MARIA), at=now(), asked=taken)

    seen = post(officer, "ask", request.episode_id, **wanted)

    assert unseen.status_code == 404
    assert no(seen) == (409, "No agreement lets your program request this from that program.")
    assert [row.kind for row in board.requests(an_actor(MARIA))] == ["mobile_team", "outreach"]


# answering --------------------------------------------------------------------------------------


def test_a_request_is_taken_on_queued_and_sent_to() -> None:
    a_crew(at=now())
    request = asked()

    taken = post(CARL, "accept_request", request.pk, **on(request, version=row_of(request).version))
    accepted = row_of(request)
    waits = post(
        CARL, "queue_request", request.pk, **promise(), **on(request, version=accepted.version)
    )
    queued = row_of(request)
    sent = post(
        CARL, "assign", request.pk, unit_id=unit_id(), **on(request, version=queued.version)
    )
    comes = row_of(request)

    assert all(done(each, to="request", id=request.pk) for each in (taken, waits, sent))
    assert (accepted.state, queued.state, comes.state) == (
        STATE.ACCEPTED,
        STATE.QUEUED,
        STATE.ACCEPTED,
    )
    assert queued.rings == "Carl Jensen"
    assert [team.unit for team in comes.teams] == ["CMT-A1"]


ANSWERS = {
    "accept_request": {},
    "queue_request": {"promised_at": "30", "rings_member_id": "CARL"},
    "decline_request": {"reason": "no_unit"},
    "assign": {"unit_id": "CMT-A1"},
}


@pytest.mark.parametrize("url", ANSWERS)
def test_only_the_desk_that_was_asked_answers(url: str) -> None:
    a_crew(at=now())
    request = asked()
    known = {"CARL": str(member_id(CARL)), "CMT-A1": str(unit_id())}
    said = {key: known.get(value, value) for key, value in ANSWERS[url].items()}

    role, stranger, desk = (post(name, url, request.pk, **said) for name in (MARIA, DAVID, CARL))
    again = post(CARL, url, uuid4(), **said)

    assert no(role) == (403, "Your role in this program may not do that.")
    assert stranger.status_code == again.status_code == 404
    assert desk.status_code == 302


@pytest.mark.parametrize("url", ["accept_request", "queue_request", "assign"])
def test_an_old_page_answers_nothing(url: str) -> None:
    a_crew(at=now())
    request = asked()
    post(CARL, "queue_request", request.pk, **promise())

    old = post(CARL, url, request.pk, **promise(), unit_id=unit_id(), version=request.version)
    damaged = post(CARL, url, request.pk, **promise(), unit_id=unit_id(), version="new")

    assert no(old)[0] == 409
    assert "was just updated" in no(old)[1]
    assert no(damaged) == (422, "The page is damaged. Reload it.")
    assert row_of(request).teams == ()


@pytest.mark.parametrize("minutes", ["", "0", "soon", "-5", "1441", "1.5", "9" * 40])
def test_a_promise_is_minutes_from_now(minutes: str) -> None:
    request = asked()

    answer = post(CARL, "queue_request", request.pk, **promise(minutes))

    assert no(answer) == (422, "Give minutes from now, 1 to 1440.")
    assert row_of(request).state is STATE.ASKED


def test_somebody_of_the_two_sides_rings_the_caller() -> None:
    request = asked()

    nobody = post(CARL, "queue_request", request.pk, promised_at="30")
    stranger = post(CARL, "queue_request", request.pk, **promise(rings=STRANGER))
    asker = post(CARL, "queue_request", request.pk, **promise(rings=MARIA))

    assert no(nobody) == (422, "Choose from the list.")
    assert no(stranger)[0] == 409
    assert no(stranger)[1].startswith("Choose who calls the caller")
    assert asker.status_code == 302


def test_a_no_has_a_reason_and_leads_back_to_the_board() -> None:
    request = asked()

    bare = post(CARL, "decline_request", request.pk)
    answer = post(CARL, "decline_request", request.pk, reason="no_unit")

    assert no(bare) == (422, "Choose one of the listed reasons.")
    assert done(answer, to="teams")
    assert (row_of(request).state, row_of(request).reason) == (STATE.DECLINED, "no_unit")


def test_a_unit_that_cannot_go_is_not_sent() -> None:
    request = asked()

    empty = post(CARL, "assign", request.pk, unit_id=unit_id())
    theirs = post(CARL, "assign", request.pk, unit_id=unit_id("2A31"))
    none = post(CARL, "assign", request.pk)

    assert no(empty) == (409, "No crew.")
    assert no(theirs)[0] == 409
    assert no(none) == (422, "Choose from the list.")
    assert row_of(request).teams == ()


# taking back, choosing, doing without ------------------------------------------------------------


def test_who_asked_withdraws_until_somebody_comes() -> None:
    first, second = asked(), asked()
    an_assignment(second, at=now())

    role = post(CARL, "withdraw_request", first.pk)
    late = post(MARIA, "withdraw_request", second.pk)
    answer = post(MARIA, "withdraw_request", first.pk, **on_call(first))

    assert no(role) == (409, "Another program made this request.")
    assert no(late) == (409, "A unit is on the way. Ask its desk to clear it.")
    assert done(answer, to="episode", id=first.episode_id)
    assert row_of(first).state is STATE.WITHDRAWN


@pytest.mark.parametrize("choose", ["keep", "upgrade", "other_unit", "other_help"])
def test_a_queued_team_is_chosen_about(choose: str) -> None:
    request = queued(asked())
    before = row_of(request)

    answer = post(MARIA, "choose", request.pk, choose=choose, promised_at="90", **on(request))

    assert done(answer, to="request", id=request.pk)
    after = row_of(request)
    assert after.version == before.version + 1
    assert (after.promised_at != before.promised_at) == (choose == "keep")


def test_a_choice_is_one_of_the_four_and_of_a_queued_team() -> None:
    waits, new = queued(asked()), asked()

    odd = post(MARIA, "choose", waits.pk, choose="wait")
    bare = post(MARIA, "choose", waits.pk, choose="keep")
    early = post(MARIA, "choose", new.pk, choose="upgrade")
    other = post(ANNA, "choose", waits.pk, choose="upgrade")

    assert no(odd) == (422, "Choose from the list.")
    assert no(bare) == (409, "Enter an ETA in the future.")
    assert no(early) == (409, "This request is not waiting for a unit.")
    assert other.status_code == 404


def test_nobody_else_is_asked_with_a_reason() -> None:
    request, open_one = declined(asked()), asked()

    bare = post(MARIA, "close_without_response", request.pk)
    odd = post(MARIA, "close_without_response", request.pk, reason="tired")
    early = post(MARIA, "close_without_response", open_one.pk, reason="person_declined")
    answer = post(
        MARIA, "close_without_response", request.pk, **on_call(request, reason="person_declined")
    )

    assert no(bare) == (422, "Choose one of the listed reasons.")
    assert no(odd) == (422, "Choose one of the listed reasons.")
    assert no(early) == (409, "Nothing needs follow-up here.")
    assert done(answer, to="episode", id=request.episode_id)
    assert not row_of(request).loose


# those who come -----------------------------------------------------------------------------------


def police_for(request: Request) -> Request:
    wanted = Ask(request.episode_id, "police_staged", program_id(FLOOR))
    return commands.ask(by=an_actor(MARIA), at=now(), asked=wanted)


def test_the_team_keeps_police_or_lets_them_go() -> None:
    team = an_assignment(asked(), at=now(), reached=Stage.ON_SCENE)
    police = police_for(team.request)

    kept = post(ANA, "keep_police", police.pk, on="field")
    keeps = row_of(police)
    gone = post(MARIA, "release_police", police.pk, **on_call(police))
    not_police = post(MARIA, "keep_police", team.request_id)
    other = post(STRANGER, "release_police", police.pk)

    assert done(kept, to="field")
    assert keeps.kept_at is not None
    assert keeps.released_at is None
    assert done(gone, to="episode", id=team.episode_id)
    assert row_of(police).released_at is not None
    assert no(not_police) == (409, "This is not a request for police.")
    assert other.status_code == 404


def test_a_team_is_called_off_with_a_new_promise() -> None:
    team = an_assignment(asked(), at=now())

    bare = post(CARL, "call_off", team.pk)
    role = post(ANA, "call_off", team.pk, **promise())
    answer = post(CARL, "call_off", team.pk, **promise(), **on(team.request))

    assert no(bare) == (422, "Give minutes from now, 1 to 1440.")
    assert no(role) == (403, "Your role in this program may not do that.")
    assert done(answer, to="request", id=team.request_id)
    assert (row_of(team.request).state, row_of(team.request).teams) == (STATE.QUEUED, ())


def test_a_team_with_the_person_is_not_called_off() -> None:
    team = an_assignment(asked(), at=now(), reached=Stage.ENGAGED)

    answer = post(CARL, "call_off", team.pk, **promise())

    assert no(answer) == (409, "The team is with the person. Only the team can clear.")


def test_it_is_written_down_who_was_told() -> None:
    team = an_assignment(asked(), at=now())

    odd = post(MARIA, "notify_caller", team.pk, whom="press")
    caller = post(MARIA, "notify_caller", team.pk, **on_call(team.request, whom="caller"))
    patrol = post(CARL, "notify_caller", team.pk, whom="patrol", on="teams")

    assert no(odd) == (422, "Choose whether the caller or patrol was notified.")
    assert done(caller, to="episode", id=team.episode_id)
    assert done(patrol, to="teams")
    [row] = row_of(team.request).teams
    assert sorted(row.told) == ["caller", "patrol"]
    assert post(GARZA, "notify_caller", team.pk, whom="caller").status_code == 404


def test_only_the_desk_ends_an_alarm_and_once() -> None:
    team = an_assignment(asked(), at=now())
    alarm = commands.activate_duress(by=an_actor(ANA), at=now(), assignment_id=team.pk)

    crew = post(ANA, "end_duress", alarm.pk)
    answer = post(CARL, "end_duress", alarm.pk, on="teams")
    again = post(CARL, "end_duress", alarm.pk)

    assert no(crew) == (403, "Your role in this program may not do that.")
    assert done(answer, to="teams")
    assert no(again) == (409, "This alarm has already been cleared.")
    assert row_of(team.request).teams[0].duress_id is None
