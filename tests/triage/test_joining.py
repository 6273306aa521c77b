"""What E and 4 owe a person clinically: open until a program accepts it, or somebody ends it with a reason."""

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks import supervisor
from nowrongdoor.desks.waiting import count as waiting_count
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.models import Request
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import commands, queries
from nowrongdoor.triage import owed as reading
from nowrongdoor.triage.models import ClinicalNeed
from tests.clients import Desk
from tests.makers import NOON, a_screening, an_actor, an_episode, later, program_id
from tests.triage.desks import STOPS, kinds, refusal_of, screened, shared, text

pytestmark = pytest.mark.usefixtures("db")
DANGER = {"SI": "active", "WPN": "in_reach", "GUN": "Y"}
RUTH = "ruth.palmer"


def owed(episode: Episode, by: Actor | None = None) -> list[str]:
    return [each.clinical for each in reading.clinical_needs(by or an_actor(), [episode.pk])]


def send(episode: Episode, by: Actor | None = None, at: float = 5) -> ClinicalNeed:
    return commands.send_clinician(by=by or an_actor(), at=later(at), episode_id=episode.pk)


def end(episode: Episode, reason: str = "declined", by: Actor | None = None) -> ClinicalNeed:
    by = by or an_actor()
    return commands.end_clinical_need(by=by, at=later(9), episode_id=episode.pk, reason=reason)


OWED = "Clinician to join when safe: "


def waiting(who: str = RUTH) -> list[str]:
    sections = supervisor.supervising(an_actor(who), at=later(20))["sections"]
    said = [one.says for each in sections if each.code in ("now", "joining") for one in each.rows]
    # at a level at which somebody may die it stands among what cannot wait, with its section's name
    return [each.removeprefix(OWED) for each in said if each.startswith((OWED, "Co-responder"))]


def test_a_pair_is_owed_at_4_and_stays_when_the_level_is_lowered() -> None:
    episode, _anna, maria = shared()
    screened(episode, **DANGER)
    lowered = {"to": "2", "reason": "supervisor_order", "episode_id": episode.pk}
    commands.lower(by=an_actor("denise.wright"), at=later(3), **lowered)

    assert owed(episode, maria) == ["pair"]
    assert waiting("denise.wright") == ["Co-responder team: Not requested yet"]


@pytest.mark.parametrize(
    ("given", "clinical"),
    [
        ({"MED": "Y", "TALK": "N"}, []),  # W205: a floor's team is not owed
        ({"MED": "Y", "PSY": "Y", "TALK": "N"}, ["team"]),
        ({"WPN": "in_reach"}, []),  # 3B: the pair goes at once
        ({"HI": "named"}, []),
    ],
)
def test_what_is_owed_is_what_a_rule_that_counts_asks_for(
    given: dict[str, str], clinical: list[str]
) -> None:
    episode = an_episode()

    screened(episode, **given)

    assert owed(episode) == clinical


def test_nothing_is_owed_for_what_was_not_asked_yet() -> None:
    episode = an_episode()
    first = a_screening(episode, ACT="N")

    assert first.shown == "E"
    assert "clinical_joins_when_safe" in first.duties
    assert owed(episode) == []


def test_a_clinician_s_own_level_owes_it_too() -> None:
    episode, _anna, maria = shared()
    screened(episode, WPN="in_reach")

    commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="4")

    assert owed(episode, maria) == ["pair"]


def test_the_owner_sends_it_by_one_act_to_the_program_that_the_routes_name() -> None:
    episode = an_episode()
    screened(episode, **DANGER)

    row = send(episode)
    twice = refusal_of(lambda: send(episode))

    with act_as(an_actor()):
        sent = Request.objects.get(pk=row.request_id)
    assert (sent.kind_id, sent.to_program_id) == ("pair", program_id("tpd/mhst"))
    assert twice == "need.sent"
    assert waiting() == [
        "Co-responder team: Requested from Mental Health Support Team, not yet accepted"
    ]
    assert kinds(an_actor())[-1] == "triage.need_sent"


def test_it_is_open_until_it_is_accepted_and_a_no_opens_it_again() -> None:
    episode, brian = an_episode(), an_actor("brian.hale")
    screened(episode, **DANGER)
    first = send(episode)
    dispatch.decline_request(by=brian, at=later(6), request_id=first.request_id, reason="no_unit")
    declined = waiting()

    again = send(episode, at=7)
    still = owed(episode)
    dispatch.accept_request(by=brian, at=later(8), request_id=again.request_id)

    assert declined == ["Co-responder team: Mental Health Support Team declined"]
    assert (still, owed(episode), waiting()) == (["pair"], [], [])
    assert refusal_of(lambda: send(episode)) == "need.none"
    with act_as(an_actor()):
        assert Request.objects.get(pk=again.request_id).follows_id == first.request_id


def test_a_person_ends_it_by_name_and_with_a_reason() -> None:
    episode, anna = an_episode(), an_actor()
    screened(episode, **DANGER)

    unknown = refusal_of(lambda: end(episode, "because"))
    row = end(episode)

    assert unknown in ("need.reason", "code.unknown")
    assert (row.reason, row.ended_by_id) == ("declined", anna.member_id)
    assert owed(episode) == []
    assert refusal_of(lambda: end(episode)) == "need.none"
    assert kinds(anna)[-1] == "triage.need_ended"
    screened(episode, **DANGER)
    assert owed(episode) == []  # ended is ended; a pair after a team would be owed anew


def test_a_pair_is_owed_after_a_team_was() -> None:
    episode = an_episode()
    screened(episode, MED="Y", PSY="Y", TALK="N")
    end(episode)

    a_screening(episode, POL="Y", at=later(10))

    assert owed(episode) == ["pair"]


def test_only_the_owner_sends_and_ends() -> None:
    episode, anna, maria = shared()
    screened(episode, **DANGER)

    assert refusal_of(lambda: send(episode, anna)) == "holder.elsewhere"
    assert refusal_of(lambda: end(episode, by=anna)) == "holder.elsewhere"
    assert send(episode, maria).request_id


def test_where_no_route_names_a_program_the_owner_is_told() -> None:
    sheriff = an_actor()
    episode = an_episode(sheriff)
    screened(episode, **DANGER)

    kind, to = commands.joining.way("line", by=sheriff, at=NOON)

    assert (kind, to) == ("", None)


def test_that_a_clinician_joins_is_no_duty_to_tick_off() -> None:
    episode = an_episode()
    row = screened(episode, **DANGER)
    duty = {"episode_id": episode.pk, "duty": "clinical_joins_when_safe"}

    assert "clinical_joins_when_safe" in row.duties
    rule = refusal_of(lambda: commands.do_duty(by=an_actor(), at=later(1), **duty))
    assert rule == "duty.not_named"


def test_the_page_of_the_call_sends_and_ends_it() -> None:
    episode = an_episode()
    screened(episode, **DANGER)
    desk = Desk("anna.miller")
    page = text(desk.get(f"/episodes/{episode.pk}/"))

    sent = desk.post(f"/episodes/{episode.pk}/clinician/")
    after = text(desk.get(f"/episodes/{episode.pk}/"))
    ended = desk.post(f"/episodes/{episode.pk}/clinician/end/", {"reason": "transported"})

    assert "A co-responder team joins." in page
    assert "Not requested yet" in page
    assert (sent.status_code, ended.status_code) == (302, 302)
    assert "Requested from Mental Health Support Team, not yet accepted" in after
    assert "When safe" not in text(desk.get(f"/episodes/{episode.pk}/"))


def test_dispatch_is_told_that_the_ambulance_waits_for_police() -> None:
    episode, maria = an_episode(an_actor("maria.lopez")), an_actor("maria.lopez")
    a_screening(episode, maria, **STOPS | {"MED": "U", "WPN": "in_reach"})
    need = queries.needs(maria, [episode.pk])[episode.pk]

    assert need.for_crews == ("the ambulance stages until police say it is safe",)


def counted(who: str = RUTH) -> tuple[int, int]:
    """What the supervisor's frame counts, and what the page lists."""
    by = an_actor(who)
    return waiting_count(by, at=later(20)), supervisor.supervising(by, at=later(20))["waits"]


def test_a_call_that_closes_ends_nothing_that_is_owed() -> None:
    episode, other = an_episode(), an_episode()
    for each in (episode, other):
        screened(each, **DANGER)
        closing = Closing("information", declined_by_person=True)
        closed = {"episode_id": each.pk, "closing": closing}
        episodes.close_episode(by=an_actor(), at=later(6), **closed)

    says = "Co-responder team: Not requested yet; the call is closed"
    assert waiting() == [says, says]
    assert counted() == (2, 2)
    page = text(Desk(RUTH).get(reverse("calls:episode", args=[episode.pk])))
    assert ("Save" in page, ">Send<" in page) == (True, False)
    assert refusal_of(lambda: send(episode)) == "episode.closed"
    assert refusal_of(lambda: end(episode, by=an_actor("maria.lopez"))) == "row.missing"
    end(episode, by=an_actor(RUTH))  # no one of the program has to be found who closed it
    assert waiting() == [says]
    assert counted() == (1, 1)


def test_what_was_sent_before_a_call_closed_stays_until_it_is_accepted() -> None:
    episode = an_episode()
    screened(episode, **DANGER)
    asked = send(episode).request_id
    closing = Closing("information", declined_by_person=True)
    episodes.close_episode(by=an_actor(), at=later(6), episode_id=episode.pk, closing=closing)
    before = waiting()

    dispatch.accept_request(by=an_actor("brian.hale"), at=later(8), request_id=asked)

    assert before == [
        "Co-responder team: Requested from Mental Health Support Team, not yet accepted; the call is closed"
    ]
    assert waiting() == []
    assert counted() == (0, 0)
