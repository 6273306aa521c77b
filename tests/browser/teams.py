"""Teams of the busy hour: signed on, sent, at a scene, queued, declined; CAD's cars; a caution."""

from datetime import timedelta
from uuid import UUID

from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Answer, Ask, CautionOf, Point, Signing, Stage, Transport
from nowrongdoor.dispatch.models import Unit
from nowrongdoor.web.clock import now
from tests.makers import an_actor, member_id, program_id


def unit_id(code: str) -> UUID:
    return Unit.objects.get(code=code).pk


def fill(held: list[UUID]) -> None:
    """`held[4]` is with the line's neighbours of the floor; each request is asked by the floor."""
    carl, david, anna = an_actor("carl.jensen"), an_actor("david.chavez"), an_actor("anna.miller")
    at = now()
    people = [Signing(member_id("ana.ruiz")), Signing(member_id("samuel.price"))]
    commands.sign_on(by=carl, at=at, unit_id=unit_id("CMT-A1"), members=people)
    apart = [
        Signing(member_id("elena.vega")),
        Signing(member_id("jorge.rivera"), "silver sedan"),
    ]
    commands.sign_on(by=carl, at=at, unit_id=unit_id("CMT-B1"), members=apart)
    for code, lat, lon in (("CMT-A1", 32.23, -110.95), ("CMT-B1", 32.18, -110.99)):
        point = Point(lat, lon)
        commands.report_position(by=carl, at=at, unit_id=unit_id(code), point=point)
    for code, state, busy in (("2A31", "AVL", False), ("2A32", "BUSY", True)):
        commands.report_cad_status(by=david, at=at, unit_id=unit_id(code), state=state, busy=busy)
    coming = _ask(anna, held[4], "mobile_team", "line/team-dispatch")
    sent = commands.assign(by=carl, at=now(), request_id=coming, unit_id=unit_id("CMT-A1"))
    for stage in (Stage.EN_ROUTE, Stage.ON_SCENE):
        commands.step(by=carl, at=now(), assignment_id=sent.pk, to=stage, way=Transport.RADIO)
    staged = _ask(anna, held[4], "police_staged", "911/floor")
    commands.assign(by=david, at=now(), request_id=staged, unit_id=unit_id("2A31"))
    waits = _ask(anna, held[8], "mobile_team", "line/team-dispatch")
    answer = Answer(now() + timedelta(minutes=40), carl.member_id or UUID(int=0))
    commands.queue_request(by=carl, at=now(), request_id=waits, answer=answer)
    declined = _ask(anna, held[8], "outreach", "tpd/outreach")
    sofia = an_actor("sofia.marin")
    commands.decline_request(by=sofia, at=now(), request_id=declined, reason="capacity")
    _ask(an_actor("karen.hughes"), held[2], "mobile_team", "line/team-dispatch", minutes=3)
    commands.warn(
        by=anna,
        at=now(),
        episode_id=held[4],
        of=CautionOf.PLACE,
        code="dogs",
        evidence="told_by_caller",
        expires_at=now() + timedelta(days=30),
        text="two large dogs behind the gate",
    )


def _ask(by, episode_id: UUID, kind: str, to: str, *, minutes: int = 0) -> UUID:  # type: ignore[no-untyped-def]
    """`minutes` ago: what nobody has answered since rings, and stands on the board as an alarm."""
    asked, at = Ask(episode_id, kind, program_id(to)), now() - timedelta(minutes=minutes)
    return UUID(str(commands.ask(by=by, at=at, asked=asked).pk))
