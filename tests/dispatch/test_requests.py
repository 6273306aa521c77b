"""Asking for a team, and its answers, on real PostgreSQL. The holder stays who it was."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest

from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Answer, Ask, RequestState
from nowrongdoor.dispatch.models import Request
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from tests.dispatch.floor import (
    ANNA,
    CARL,
    DENISE,
    DESK,
    FLOOR,
    IRMA,
    MARIA,
    MIN,
    STRANGER,
    a_crew,
    a_request,
    an_assignment,
    due,
    fire,
    holder,
    kinds,
    lines,
    marias,
    now,
    promised,
    refused,
)
from tests.makers import NOON, an_actor, an_episode, later, member_id, program_id, seen

pytestmark = pytest.mark.usefixtures("db")
STATE = RequestState


# asking -----------------------------------------------------------------------------------------


def test_asking_lets_the_desk_see_the_episode_and_moves_nobody() -> None:
    maria, carl = an_actor(MARIA), an_actor(CARL)
    episode = an_episode(maria)
    before = seen(carl, episode.pk)

    request = a_request(episode, maria)

    assert before is None
    assert seen(carl, episode.pk) is not None
    assert now(request, CARL).state is STATE.ASKED
    assert holder(episode.pk) == marias()
    assert due(CARL) == due(MARIA) == {"dispatch.unanswered": 2}
    assert kinds() == ["asked"]


def test_asking_is_refused_to_whoever_has_no_way_no_role_or_no_part() -> None:
    episode = an_episode(an_actor(MARIA))
    asked = Ask(episode.pk, "mobile_team", program_id(DESK))
    ask = partial(commands.ask, at=NOON, asked=asked)

    no_way = refused(ask, by=an_actor(MARIA), asked=replace(asked, to_program_id=program_id(FLOOR)))
    unseen = refused(ask, by=an_actor(STRANGER))
    no_kind = refused(ask, by=an_actor(MARIA), asked=replace(asked, kind="taxi"))
    long = refused(ask, by=an_actor(MARIA), asked=replace(asked, note="x" * 501))
    ask(by=an_actor(MARIA), asked=replace(asked, note="x" * 500))

    assert (no_way, unseen) == ("ask.no_route", "row.missing")
    assert (no_kind, long) == ("request.kind", "text.long")
    assert kinds() == ["asked"]


def test_a_route_that_has_not_begun_is_no_route() -> None:
    """911 may ask for mobile teams since 2019; the line since 2014."""
    at = datetime(2019, 3, 1, 19, tzinfo=UTC)
    episode = an_episode(an_actor(ANNA), at=at)
    asked = Ask(episode.pk, "mobile_team", program_id(DESK))

    assert refused(commands.ask, by=an_actor(ANNA), at=at, asked=asked) == "ask.no_route"
    a_request(an_episode(an_actor(MARIA), at=at), at=at)


def test_who_is_only_informed_asks_for_nobody() -> None:
    """The line is told that 911 has somebody; it does not work on that episode."""
    episode = an_episode(an_actor(ANNA))
    asked = Ask(episode.pk, "mobile_team", program_id(DESK))

    assert refused(commands.ask, by=an_actor(MARIA), at=NOON, asked=asked) == "ask.not_working"


def test_nothing_is_asked_for_where_the_episode_is_over() -> None:
    maria = an_actor(MARIA)
    episode = an_episode(maria)
    closing = Closing("information", declined_by_person=True)
    episodes.close_episode(by=maria, at=NOON, episode_id=episode.pk, closing=closing)

    assert refused(a_request, episode=episode, by=maria) == "episode.closed"


# unanswered -------------------------------------------------------------------------------------


def test_nobody_answers_and_it_rings_again_for_supervisors_and_then_for_the_shifts() -> None:
    request = a_request()

    fired = [fire(at) for at in (1.9, 2, 2, 2.4, 2.5, 60)]

    assert fired == [0, 1, 0, 0, 1, 1]
    told = lines("dispatch.unanswered")
    assert [line["supervisor"] for line in told] == [0, 1, 2]
    assert due(CARL) == {"dispatch.unanswered": 60.5}  # the worker slept: once, and again in time
    assert now(request).state is STATE.ASKED
    assert holder(request.episode_id) == marias()


@pytest.mark.parametrize("answer", ["accept", "queue", "decline", "withdraw"])
def test_an_answer_stops_the_ringing(answer: str) -> None:
    request, carl = a_request(), an_actor(CARL)
    said = {"at": later(60), "request_id": request.pk}

    if answer == "accept":
        a_crew()
        an_assignment(request, at=later(60))
    elif answer == "queue":
        commands.queue_request(by=carl, answer=promised(45), **said)
    elif answer == "decline":
        commands.decline_request(by=carl, reason="no_unit", **said)
    else:
        commands.withdraw_request(by=an_actor(MARIA), **said)

    assert "dispatch.unanswered" not in due(MARIA)
    fire(500)
    assert lines("dispatch.unanswered") == []


# accepting --------------------------------------------------------------------------------------


def test_accepting_is_by_the_desk_that_was_asked_and_once() -> None:
    request = a_request()
    accept = partial(commands.accept_request, at=later(30), request_id=request.pk)

    asker = refused(accept, by=an_actor(MARIA))
    theirs = refused(accept, by=an_actor(DENISE))
    stranger = refused(accept, by=an_actor(STRANGER))
    old = refused(accept, by=an_actor(CARL), seen_version=7)
    accept(by=an_actor(CARL), seen_version=request.version)
    again = refused(accept, by=an_actor(IRMA))

    assert {asker, theirs, stranger} == {"role.not_granted"}
    assert (old, again) == ("row.changed", "request.answered")
    row = now(request)
    assert (row.state, row.answered_by_id) == (STATE.ACCEPTED, member_id(CARL))
    assert holder(request.episode_id) == marias()


def test_a_desk_that_was_not_asked_does_not_answer_though_it_sees_the_episode() -> None:
    """David's floor held it before Maria did, and works on it still."""
    david = an_actor("david.chavez")
    request = a_request(an_episode(david), david)
    answer = {"by": david, "at": NOON, "request_id": request.pk}

    assert refused(commands.accept_request, **answer) == "request.not_yours"
    assert refused(commands.queue_request, answer=promised(9), **answer) == "request.not_yours"
    assert refused(commands.decline_request, reason="no_unit", **answer) == "request.not_yours"


def test_accepted_and_nobody_sent_is_nobody_coming_and_rings() -> None:
    request = a_request()
    commands.accept_request(by=an_actor(CARL), at=later(60), request_id=request.pk)

    assert due(CARL) == due(MARIA) == {"dispatch.unanswered": 3}
    assert [fire(at) for at in (3, 5)] == [1, 1]
    assert [line["supervisor"] for line in lines("dispatch.unanswered")] == [0, 1]
    an_assignment(request, at=later(400))
    assert set(due(CARL)) == {"dispatch.silent"}
    fire(500)
    assert len(lines("dispatch.unanswered")) == 2


@pytest.mark.parametrize("then", ["queue", "decline", "withdraw"])
def test_accepted_and_nobody_sent_is_no_dead_end(then: str) -> None:
    request, carl = a_request(), an_actor(CARL)
    commands.accept_request(by=carl, at=later(60), request_id=request.pk)
    said = {"at": later(120), "request_id": request.pk}

    if then == "queue":
        commands.queue_request(by=carl, answer=promised(45), **said)
    elif then == "decline":
        commands.decline_request(by=carl, reason="no_unit", **said)
    else:
        commands.withdraw_request(by=an_actor(MARIA), **said)

    after = {"queue": STATE.QUEUED, "decline": STATE.DECLINED, "withdraw": STATE.WITHDRAWN}
    assert now(request).state is after[then]


def test_once_somebody_is_sent_it_is_neither_queued_declined_nor_withdrawn() -> None:
    request, carl = a_request(), an_actor(CARL)
    an_assignment(request)
    said = {"at": later(60), "request_id": request.pk}

    queue = refused(commands.queue_request, by=carl, answer=promised(45), **said)
    decline = refused(commands.decline_request, by=carl, reason="no_unit", **said)
    withdraw = refused(commands.withdraw_request, by=an_actor(MARIA), **said)

    assert (queue, decline, withdraw) == (
        "request.answered",
        "request.answered",
        "request.on_its_way",
    )


def test_police_who_are_only_aware_send_nobody_and_nothing_rings() -> None:
    maria, david = an_actor(MARIA), an_actor("david.chavez")
    request = a_request(kind="police_aware", to=FLOOR)

    commands.accept_request(by=david, at=later(30), request_id=request.pk)

    assert due(MARIA) == {}
    commands.withdraw_request(by=maria, at=later(600), request_id=request.pk)
    assert now(request).state is STATE.WITHDRAWN


# declining --------------------------------------------------------------------------------------


def declined() -> Request:
    said = {"request_id": a_request().pk, "reason": "no_unit"}
    return commands.decline_request(by=an_actor(CARL), at=NOON, **said)


def test_a_no_has_a_reason_and_the_desk_sees_the_episode_no_longer() -> None:
    request, carl = a_request(), an_actor(CARL)
    say = partial(commands.decline_request, at=NOON, request_id=request.pk)

    unknown = refused(say, by=carl, reason="tired")
    say(by=carl, reason="no_unit")

    assert unknown == "code.unknown"
    assert seen(carl, request.episode_id) is None
    assert refused(say, by=carl, reason="no_unit") == "row.missing"
    row = now(request)
    assert (row.state, row.reason, row.answered_by_id) == (
        STATE.DECLINED,
        "no_unit",
        member_id(CARL),
    )
    assert holder(request.episode_id) == marias()


def test_after_a_no_who_asked_is_asked_again_and_again_what_follows() -> None:
    declined()

    assert due(MARIA) == {"dispatch.follow": 5}
    assert [fire(at) for at in (4.9, 5, 9.9, 10, 90, 90)] == [0, 1, 0, 1, 1, 0]
    assert len(lines("dispatch.not_followed")) == 3
    assert due(MARIA) == {"dispatch.follow": 95}


def test_it_is_followed_by_asking_somebody_else_once_in_the_same_episode() -> None:
    maria = an_actor(MARIA)
    first = declined()
    episode = first.episode_id
    elsewhere = refused(a_request, by=maria, follows=first.pk)
    ask = partial(commands.ask, by=maria, at=later(60))
    asked = Ask(episode, "pair", program_id(FLOOR), follows_id=first.pk)

    ask(asked=asked)

    assert due(MARIA) == {"dispatch.unanswered": 2}
    again = refused(ask, asked=replace(asked, kind="mhst", to_program_id=program_id("tpd/mhst")))
    assert (elsewhere, again) == ("follow.elsewhere", "follow.already")
    assert lines("dispatch.not_followed") == []


def test_what_is_still_open_is_not_followed() -> None:
    request = a_request()
    asked = Ask(request.episode_id, "pair", program_id(FLOOR), follows_id=request.pk)

    assert refused(commands.ask, by=an_actor(MARIA), at=NOON, asked=asked) == "follow.open"


def test_who_asked_may_leave_it_at_the_no_with_a_reason() -> None:
    request = declined()
    leave = partial(commands.close_without_response, at=later(60), request_id=request.pk)

    empty = refused(leave, by=an_actor(MARIA), reason="")
    unknown = refused(leave, by=an_actor(MARIA), reason="whatever")
    leave(by=an_actor(MARIA), reason="person_declined")

    assert (empty, unknown) == ("field.needed", "code.unknown")
    assert due(MARIA) == {}
    assert fire(500) == 0
    assert kinds() == ["asked", "declined", "done_without"]


def test_a_desk_that_was_asked_twice_still_sees_it_after_one_no() -> None:
    carl = an_actor(CARL)
    episode = an_episode(an_actor(MARIA))
    first, second = a_request(episode), a_request(episode)

    commands.decline_request(by=carl, at=NOON, request_id=first.pk, reason="no_unit")
    one_left = seen(carl, episode.pk)
    commands.withdraw_request(by=an_actor(MARIA), at=NOON, request_id=second.pk)

    assert one_left is not None
    assert seen(carl, episode.pk) is None


# withdrawing ------------------------------------------------------------------------------------


def test_who_asked_takes_it_back_and_the_desk_sees_it_no_longer() -> None:
    request = a_request()
    take_back = partial(commands.withdraw_request, at=later(60), request_id=request.pk)

    theirs = refused(take_back, by=an_actor(CARL))
    take_back(by=an_actor(MARIA))

    assert theirs == "request.not_yours_to_withdraw"
    assert refused(take_back, by=an_actor(MARIA)) == "request.answered"
    assert now(request).state is STATE.WITHDRAWN
    assert seen(an_actor(CARL), request.episode_id) is None
    assert due(MARIA) == {}
    assert holder(request.episode_id) == marias()


def test_a_no_to_an_own_request_leaves_the_desk_that_holds_what_it_had() -> None:
    david = an_actor("david.chavez")
    request = a_request(an_episode(david), david, kind="police_staged", to=FLOOR)

    commands.decline_request(by=david, at=NOON, request_id=request.pk, reason="no_unit")

    assert now(request, "david.chavez").state is STATE.DECLINED
    assert due("david.chavez") == {"dispatch.follow": 5}


def test_a_queue_needs_a_promise_and_somebody_known_who_rings() -> None:
    request = a_request()
    queue = partial(commands.queue_request, by=an_actor(CARL), at=NOON, request_id=request.pk)

    past = refused(queue, answer=Answer(NOON, member_id(CARL)))
    stranger = refused(queue, answer=promised(45, STRANGER))
    old = refused(queue, answer=promised(45), seen_version=9)
    queue(answer=promised(45, MARIA))  # who asked may ring as well

    assert (past, stranger, old) == ("queue.past", "queue.nobody_rings", "row.changed")
    assert now(request).rings_id == member_id(MARIA)
    assert now(request).promised_at == later(45 * MIN)


def test_whoever_was_queued_may_be_sent() -> None:
    request = a_request()
    commands.queue_request(by=an_actor(CARL), at=NOON, request_id=request.pk, answer=promised(45))

    an_assignment(request, at=later(600))

    assert now(request).state is STATE.ACCEPTED
    assert set(due(CARL)) == {"dispatch.silent"}
    assert kinds()[-2:] == ["accepted", "assigned"]


def test_lines_of_the_journal_carry_ids_and_numbers_only() -> None:
    episode = an_episode(an_actor(MARIA), place="12 Quiet Street")
    asked = Ask(episode.pk, "mobile_team", program_id(DESK), note="afraid of her brother")
    request = commands.ask(by=an_actor(MARIA), at=NOON, asked=asked)
    fire(2)
    commands.decline_request(
        by=an_actor(CARL), at=later(180), request_id=request.pk, reason="no_unit"
    )

    for line in lines():
        for key, value in line.items():
            assert key == "kind" or isinstance(value, int) or UUID(str(value)), (key, value)
