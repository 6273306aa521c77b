"""The frame of a supervisor's page counts in one statement those whom the page itself lists."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.desks import supervisor, waiting
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Ask, Transport
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site.layout import Layout, layout
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.web.clock import now
from tests.browser import busy_hour
from tests.browser.teams import unit_id
from tests.calls.lines import ANNA, LUIS, MARIA, RUTH, the_leg
from tests.desks.floor import a_call, seated
from tests.makers import a_screening, an_actor, an_episode, an_offer, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
DAVID, KAREN, CARL, DESK = "david.chavez", "karen.hughes", "carl.jensen", "line/team-dispatch"

PARTS = {
    "alone": ("alone_since IS NOT NULL", "false"),
    "sought": ("found_at IS NULL", "false"),
    "rescued": ("rescue <> ''", "false"),
    "overdue": ("d.due_at < %(at)s", "false"),
    "silent": ("e.holder_member_id IS NOT NULL AND NOT EXISTS", "false AND NOT EXISTS"),
    "unanswered": ("h.alerts > 0", "false"),
    "relief": ("OR h.purpose = 'relief')", ")"),
    "relief declined": ("h.declined_at >= %(since)s", "false"),
    "request unanswered": ("q.alerts > 0", "false"),
    "request declined": ("(q.declined_at IS NOT NULL OR q.returned AND q.ended_at", "(q.ended_at"),
    "duress": ("u.ended_at IS NULL", "false"),
    "a clinician owed": ("n.ended_at IS NULL", "false"),
}
"""Each part of the statement, and the same without what it counts."""


def asked(episode_id: UUID, *, to: str = DESK, kind: str = "mobile_team", ago_s: int = 0) -> UUID:
    wanted = Ask(episode_id, kind, program_id(to))
    at = now() - timedelta(seconds=ago_s)
    return dispatch.ask(by=an_actor(ANNA), at=at, asked=wanted).pk


def everybody_waits() -> int:
    """A call for each reason to need a supervisor, and one that needs none."""
    seated(ANNA, KAREN)
    anna, david = an_actor(ANNA), an_actor(DAVID)
    alone, sought, sent, offered, unheard, declined, alarm, overdue, _quiet = (
        a_call(ago_s=900) for _ in range(9)
    )
    a_call(by=LUIS)  # nobody sits there
    calls.lose_line(by=anna, at=now(), leg_id=the_leg(alone).pk)
    calls.start_search(by=anna, at=now(), episode_id=sought.pk, seeking=SearchFor.PLACE)
    calls.record_dispatched(
        by=anna, at=now(), episode_id=sent.pk, axis="ems", value="now", rescue="voluntary"
    )
    an_offer(offered, anna, at=now() - timedelta(minutes=4))
    _waits, no = (a_call(by=KAREN) for _ in range(2))
    calls.relieve_all(by=an_actor(KAREN), at=now(), to_member_id=member_id(LUIS))
    with act_as(anna):
        [relief] = no.handoffs.filter(purpose="relief")
    episodes.decline_offer(by=an_actor(LUIS), at=now(), handoff_id=relief.pk, reason="capacity")
    asked(unheard.pk, ago_s=600)
    dispatch.decline_request(
        by=an_actor(CARL), at=now(), request_id=asked(declined.pk), reason="capacity"
    )
    police = asked(alarm.pk, to="911/floor", kind="police_staged")
    team = dispatch.assign(by=david, at=now(), request_id=police, unit_id=unit_id("2A31"))
    dispatch.activate_duress(by=david, at=now(), assignment_id=team.pk, way=Transport.RADIO)
    fire_due(at=now(), reactions=DEADLINES)
    an_offer(overdue, anna, at=now() - timedelta(minutes=4))  # its alert has not fired yet
    owed = a_call()
    given = {"SI": "active", "WPN": "in_reach", "GUN": "Y"}  # a pair, once it is safe
    a_screening(owed, anna, at=now(), **given)
    return 12


def listed(by: Actor, **when: object) -> int:
    return int(supervisor.supervising(by, **when)["waits"])  # type: ignore[arg-type]


def test_each_reason_is_counted_and_broken_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ruth, all_of_them, at = an_actor(RUTH), everybody_waits(), now()
    assert (waiting.count(ruth, at=at), listed(ruth, at=at)) == (all_of_them, all_of_them)

    for part, (words, gone) in PARTS.items():
        with monkeypatch.context() as broken:
            assert waiting.WAITS.count(words) == 1, part
            broken.setattr(waiting, "WAITS", waiting.WAITS.replace(words, gone))
            assert waiting.count(ruth, at=at) == all_of_them - 1, part


def test_in_a_busy_hour_both_count_the_same_for_every_program_and_time() -> None:
    busy_hour.main()
    for by in (an_actor(RUTH), an_actor("sofia.marin")):  # queues with a desk, and without
        an_episode(system(program_id=by.program_id, agency_id=by.agency_id, code="telephone"))
    found = set()
    for name in (RUTH, MARIA, DAVID, CARL, "denise.wright", "judith.park", "sofia.marin"):
        for minutes in (0, 10, 60 * 25):
            by, at = an_actor(name), now() + timedelta(minutes=minutes)
            found.add(waiting.count(by, at=at))
            assert waiting.count(by, at=at) == listed(by, at=at), (name, minutes)
    assert len(found) > 3  # who waits for nobody, or for everybody, proves nothing


def frame(name: str) -> tuple[Layout, list[str]]:
    """The frame of a page, and what it asked."""
    request = RequestFactory().get("/")
    request.actor = an_actor(name)  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as asked:
        made = layout(request)["frame"]
        assert made.actor.name
    return made, [each["sql"] for each in asked if each["sql"] not in ("BEGIN", "COMMIT")]


def test_a_supervisors_frame_costs_one_statement_more_and_says_what_is_so_now() -> None:
    seated(ANNA)
    frame(ANNA)  # what is kept by version is read once
    first, theirs = frame(RUTH)
    a_call(by=LUIS)
    second, again = frame(RUTH)
    _made, ours = frame(ANNA)

    assert [
        [each.count for group in made.rail for each in group.items if each.key == "z"]
        for made in (first, second)
    ] == [
        [0],
        [1],
    ]
    assert (len(ours), len(theirs), len(again)) == (5, 6, 6), "\n".join(theirs)


def test_no_reader_has_two_screens_with_one_key() -> None:
    for role in Role:
        request = RequestFactory().get("/")
        request.actor = replace(an_actor(RUTH), role=role.value)  # type: ignore[attr-defined]
        keys = [each.key for group in layout(request)["frame"].rail for each in group.items]
        assert sorted(set(keys)) == sorted(keys), role
