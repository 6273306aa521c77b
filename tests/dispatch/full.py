"""Rows in every table of `dispatch` that is of a person: a team at a scene, and requests that ended."""

from collections.abc import Iterator
from typing import Any

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import QueueDecision, Stage
from nowrongdoor.dispatch.models import Assignment, Duress, Request
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    DENISE,
    DESK,
    FLOOR,
    MARIA,
    SAMUEL,
    a_crew,
    a_request,
    an_assignment,
    cleared,
    promised,
    unit_id,
)
from tests.dispatch.test_cautions import warn
from tests.makers import NOON, an_actor, an_episode, later, member_id, program_id

REFUSED = {
    "dispatch_assignment_end_stands": "UPDATE dispatch_assignment SET outcome = 'other' WHERE cleared_at IS NOT NULL",
    "dispatch_request_end_stands": "UPDATE dispatch_request SET reason = 'x' WHERE declined_at IS NOT NULL",
}
"""What each table that is never rewritten refuses, where no column's own value would show it."""


def a_team_at_the_scene() -> Assignment:
    """One row at least in every table of dispatch that is of a person; the team is at the scene."""
    maria, carl = an_actor(MARIA), an_actor(CARL)
    episode = an_episode(maria, place="12 Quiet Street")
    warn(episode)
    request = a_request(episode)
    said = {"request_id": request.pk}
    commands.queue_request(by=carl, at=NOON, answer=promised(45), **said)
    commands.choose(by=carl, at=NOON, choose=QueueDecision.OTHER_UNIT, **said)
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    row = an_assignment(request, reached=Stage.ON_SCENE)
    of = {"assignment_id": row.pk, "at": NOON}
    commands.step_member(by=an_actor(ANA), member_id=member_id(SAMUEL), to=Stage.ON_SCENE, **of)
    commands.check_in(by=an_actor(ANA), **of)
    commands.activate_duress(by=an_actor(ANA), **of)
    commands.notify_caller(by=maria, whom="caller", **of)
    return row


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    """Each act: who does it, on what, what they type, and on which desk."""
    call = an_episode(an_actor(MARIA), place="12 Quiet Street")
    on = {"on": "call", "on_id": str(call.pk)}
    kind = {"kind": "mobile_team", "to_program_id": str(program_id(DESK))}
    yield MARIA, "ask", {"episode_id": call.pk}, kind | on
    concern = {"of": "person", "code": "dogs", "evidence": "told_by_caller", "days": "7"}
    yield MARIA, "warn", {"episode_id": call.pk}, concern | on
    caution = {"caution_id": warn(call).pk}
    yield MARIA, "appeal", caution, {"reason": "not_so"} | on
    yield DENISE, "decide_appeal", caution, {"decision": "keep"} | on
    yield MARIA, "end_caution", caution, on

    no = {"request_id": a_request(call).pk}
    yield CARL, "decline_request", no, {"reason": "no_unit"}
    yield MARIA, "close_without_response", no, {"reason": "person_declined"} | on
    yield MARIA, "withdraw_request", {"request_id": a_request(call).pk}, on
    police = {"request_id": a_request(call, kind="police_staged", to=FLOOR).pk}
    yield MARIA, "keep_police", police, on
    yield MARIA, "release_police", police, on
    request = a_request(call)
    yield from _sent(request, {"on": "request", "on_id": str(request.pk)})

    team = an_assignment(a_request(call))
    yield ANA, "clear", {"assignment_id": team.pk}, {"outcome": "resolved_scene", "on": "field"}
    desk = {"on": "rollcall"}
    yield CARL, "sign_off", {"crew_id": team.crew_id}, desk
    yield CARL, "take_out_of_service", {"unit_id": unit_id()}, {"reason": "meal"} | desk
    yield CARL, "put_in_service", {"unit_id": unit_id()}, desk
    yield DAVID, "report_cad_status", {"unit_id": unit_id("2A31")}, {"state": "AVL"} | desk


def _sent(
    request: Request, on: dict[str, str]
) -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    """A request from its answer until its team is called off."""
    its, phone = {"request_id": request.pk}, {"on": "field"}
    promise = {"promised_at": "30", "rings_member_id": str(member_id(CARL))}
    yield CARL, "accept_request", its, on
    yield CARL, "queue_request", its, promise | on
    yield MARIA, "choose", its, {"choose": "other_unit"} | on
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    yield CARL, "assign", its, {"unit_id": str(unit_id())} | on
    with act_as(an_actor(CARL)):
        team = {"assignment_id": Assignment.objects.get(request=request).pk}
    yield CARL, "notify_caller", team, {"whom": "caller"} | on
    yield ANA, "step", team, {"stage": "en_route"} | phone
    samuel = {"stage": "on_scene", "member": str(member_id(SAMUEL))}
    yield ANA, "step_member", team, samuel | phone
    yield ANA, "check_in", team, phone
    yield ANA, "activate_duress", team, phone
    with act_as(an_actor(CARL)):
        alarm = {"duress_id": Duress.objects.get(assignment_id=team["assignment_id"]).pk}
    yield CARL, "end_duress", alarm, {"on": "teams"}
    yield CARL, "call_off", team, promise | on


def full() -> None:
    crew_id = cleared(an_assignment(), "not_found", next_try_at=later(3600)).crew_id
    assert crew_id is not None
    commands.sign_off(by=an_actor(CARL), at=NOON, crew_id=crew_id)
    a_request()
    no = {"reason": "no_unit", "request_id": a_request().pk}
    commands.decline_request(by=an_actor(CARL), at=NOON, **no)
    a_team_at_the_scene()
