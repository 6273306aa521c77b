"""The city beside people: it answers what they ask, waits for them, and keeps their time."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.queries import legs
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.desks import board
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch import queries as units
from nowrongdoor.dispatch.facts import Ask, RequestState
from nowrongdoor.dispatch.queries import stage_of
from nowrongdoor.dispatch.ranked import ranked
from nowrongdoor.episodes.facts import Closing, Proposal
from nowrongdoor.journal import feed
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox import city as cities
from nowrongdoor.sandbox import control, repairs
from nowrongdoor.sandbox.clock_loop import Living
from nowrongdoor.sandbox.control import Control, Traffic
from nowrongdoor.sandbox.state import Town
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage import rules as screening
from nowrongdoor.web import clock
from tests.clients import Visitor
from tests.desks.sending import asked
from tests.dispatch.floor import an_assignment
from tests.makers import an_actor, an_episode, program_id, seen
from tests.sandbox.played import TUCSON, Watch

Seal = Callable[[], None]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Watch:
    watch = Watch()
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(clock, "real", watch)
    return watch


@pytest.fixture
def hired(staff: None, db: None) -> None:
    """The city's staff, and nothing that happened yet."""


@pytest.fixture
def town(hired: None, watch: Watch) -> Town:
    """The city by the test's watch, with its crews signed on and its phones silent."""
    found = cities.found(TUCSON, seed=1, at=clock.now(), clock=clock.now)
    control.write(Control(pace=1, traffic=Traffic.OFF))
    found.quiet = True
    cities.wake(found)
    return found


@pytest.fixture
def seal() -> Iterator[Seal]:
    """Seals the journal when told to: only then does the city hear what people did."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda: Sequencer(url).take_over(connection) and None


class Beside:
    """A city whose ticks a test counts, with the journal sealed before each."""

    def __init__(self, town: Town, seal: Seal, watch: Watch) -> None:
        seal()
        self.one = Living(town, answering_head())
        self.one.show_at = self.one.extra_at = watch.at.replace(year=2999)  # nothing unasked
        self.seal, self.watch = seal, watch

    def passes(self, seconds: float, *, step: float = 5) -> None:
        for _ in range(int(seconds / step)):
            self.watch.passes(step)
            fire_due(at=clock.now(), reactions=DEADLINES)
            self.seal()
            self.one.ticks = 0  # every tick looks
            self.one.tick()


def answering_head() -> int:
    with act_as_task("feed"):
        return feed.latest_position()


@pytest.fixture
def beside(town: Town, seal: Seal, watch: Watch) -> Beside:
    return Beside(town, seal, watch)


def a_stranger() -> Client:
    return Visitor()


def at_a_desk(by: Actor) -> Actor:
    agencies.occupy_desk(by=by, at=clock.now())
    return by


def offered(by: Actor, to: str = "line/counselors") -> tuple[UUID, UUID]:
    episode = an_episode(by, at=clock.now(), place="1 Quiet Street")
    proposal = Proposal(episode.pk, "warm_transfer", program_id(to))
    return episode.pk, calls.offer_transfer(by=by, at=clock.now(), proposal=proposal).id


def holder(by: Actor, episode_id: UUID) -> UUID | None:
    found = seen(by, episode_id)
    assert found is not None
    return found.holder_member_id


def test_what_a_person_offers_is_accepted_by_somebody_of_the_city(
    beside: Beside, town: Town
) -> None:
    anna = an_actor()
    episode_id, _ = offered(anna)
    beside.passes(60)
    assert holder(anna, episode_id) in town.staff.ids


def test_where_a_person_sits_there_too_they_may_be_first(beside: Beside, town: Town) -> None:
    anna, maria = an_actor(), at_a_desk(an_actor("maria.lopez"))
    episode_id, handoff_id = offered(anna)
    beside.passes(45)
    assert holder(anna, episode_id) == anna.member_id
    calls.accept_transfer(by=maria, at=clock.now(), handoff_id=handoff_id)
    beside.passes(120)
    assert holder(anna, episode_id) == maria.member_id


def test_a_person_who_does_not_answer_is_not_waited_for_for_ever(
    beside: Beside, town: Town
) -> None:
    anna = an_actor()
    at_a_desk(an_actor("maria.lopez"))
    episode_id, _ = offered(anna)
    beside.passes(140)
    assert holder(anna, episode_id) in town.staff.ids


def test_a_team_that_a_person_asks_for_is_sent_and_comes_back(beside: Beside, town: Town) -> None:
    maria = an_actor("maria.lopez")
    episode = an_episode(maria, at=clock.now(), place="1 Quiet Street")
    desk = town.program_ids["line/team-dispatch"]
    row = dispatch.ask(by=maria, at=clock.now(), asked=Ask(episode.pk, "mobile_team", desk))
    beside.passes(6 * 3600, step=120)
    request = {each.id: each for each in dispatching.requests(maria)}[row.pk]
    assert request.state in (RequestState.DONE, RequestState.RETURNED)
    assert request.outcome


def test_a_crew_of_the_city_goes_where_a_person_sends_it(beside: Beside, town: Town) -> None:
    carl, maria = at_a_desk(an_actor("carl.jensen")), an_actor("maria.lopez")
    episode = an_episode(maria, at=clock.now(), place="1 Quiet Street")
    desk = town.program_ids["line/team-dispatch"]
    row = dispatch.ask(by=maria, at=clock.now(), asked=Ask(episode.pk, "mobile_team", desk))
    unit_id = next(
        each.unit.id for each in ranked(carl, row.pk, at=clock.now()) if each.verdict.allowed
    )
    dispatch.assign(by=carl, at=clock.now(), request_id=row.pk, unit_id=unit_id)
    beside.passes(4 * 3600, step=60)
    request = {each.id: each for each in dispatching.requests(maria)}[row.pk]
    assert request.outcome


def test_time_goes_as_ours_while_a_person_holds_somebody(beside: Beside) -> None:
    control.write(Control(pace=30))
    beside.passes(5)
    assert clock.pace() == 30
    anna = at_a_desk(an_actor())
    episode = an_episode(anna, at=clock.now())
    beside.seal()
    agencies.heartbeat(frozenset({anna.member_id}), at=clock.now())  # type: ignore[arg-type]
    beside.one.ticks = 0
    beside.one.tick()
    assert clock.pace() == 1
    closing = Closing("information", accountable_member_id=anna.member_id)
    calls.close_call(by=anna, at=clock.now(), episode_id=episode.pk, closing=closing)
    beside.passes(5)
    assert clock.pace() == 30


def test_a_browser_that_was_closed_slows_nothing_down(beside: Beside) -> None:
    control.write(Control(pace=30))
    an_episode(at_a_desk(an_actor()), at=clock.now())
    beside.passes(60)
    assert clock.pace() == 30


def test_a_city_that_stands_still_does_nothing_and_goes_on_from_there(
    beside: Beside, town: Town
) -> None:
    anna = an_actor()
    episode_id, _ = offered(anna)
    beside.passes(5)
    control.write(Control(pace=10, traffic=Traffic.PAUSED))
    beside.passes(600)
    assert (holder(anna, episode_id), clock.pace()) == (anna.member_id, 1)
    control.write(Control(pace=1))
    beside.passes(60)
    assert holder(anna, episode_id) in town.staff.ids


def test_a_wish_makes_somebody_ring(beside: Beside, town: Town) -> None:
    control.wish()
    beside.passes(60)
    assert town.told["911 calls"] == 1
    beside.passes(60)
    assert town.told["911 calls"] == 1


def test_whom_an_earlier_run_left_is_finished_and_not_dropped(beside: Beside, town: Town) -> None:
    anna = an_actor()
    episode_id, handoff_id = offered(anna)
    counselor = next(each for each in town.staff.everybody if each.role == "counselor")
    calls.accept_transfer(by=counselor, at=clock.now(), handoff_id=handoff_id)
    for story in repairs.left_open(town):
        town.start(story)
    beside.passes(40)
    calls.leave_line(by=anna, at=clock.now(), leg_id=_leg(anna, episode_id))
    beside.passes(600, step=30)
    found = seen(anna, episode_id)
    assert found is not None
    assert found.closed_at is not None


def test_a_queued_team_is_waited_for_by_choice(
    beside: Beside, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(town), "spell", lambda *_drawn: 0.0)  # no longer than what is shown
    maria = an_actor("maria.lopez")
    episode = an_episode(maria, at=clock.now(), place="1 Quiet Street")
    asked = Ask(episode.pk, "mobile_team", town.program_ids[town.desks.teams])
    dispatch.ask(by=maria, at=clock.now(), asked=asked)
    town.to_show = {"queued"}
    beside.passes(3600, step=60)
    assert (town.told["queued"], town.told["choices"]) == (1, 1)


def test_a_caller_who_is_not_found_again_is_not_said_to_be_helped(
    beside: Beside, town: Town
) -> None:
    anna, rates = an_actor(), town.rates
    rare = rates.rare.model_copy(update={"called_back": 0.0})
    ends = rates.transfers.model_copy(update={"returned": 0.0})
    town.rates, town.to_show = rates.model_copy(update={"rare": rare, "transfers": ends}), {"lost"}
    episode_id, _ = offered(anna)
    beside.passes(2 * 3600, step=60)
    found = seen(anna, episode_id)
    assert found is not None
    assert found.outcome == "caller_lost"


def test_a_crew_of_people_is_not_called_home(beside: Beside, town: Town) -> None:
    team = an_assignment(asked(), at=clock.now())
    people = {story.__name__ for story in repairs.left_open(town)}
    for story in repairs.left_open(town):
        town.start(story)
    beside.passes(900, step=60)
    assert people == {"_answered"}
    assert stage_of(team.unit_id) is not None


def test_whoever_holds_somebody_already_is_known_when_the_city_begins(town: Town) -> None:
    an_episode(an_actor(), at=clock.now())
    assert repairs.people_holding(town) == {an_actor().member_id}


def test_whom_a_person_holds_is_left_to_them(beside: Beside, town: Town) -> None:
    episode = an_episode(an_actor(), at=clock.now())
    assert repairs.left_open(town) == []
    beside.passes(600, step=60)
    assert holder(an_actor(), episode.pk) == an_actor().member_id


def _leg(by: Actor, episode_id: UUID) -> UUID:
    [leg] = legs(by, [episode_id])[episode_id]
    return leg.id


@pytest.mark.usefixtures("town")
def test_one_click_is_a_call_on_the_line() -> None:
    desk = a_stranger()
    answer = desk.post(reverse("sandbox:take_call"))
    assert answer.status_code == 302
    page = desk.get(answer["Location"])
    assert page.status_code == 200
    anna = an_actor()
    [row] = board.rows(anna, at=clock.now())
    assert (row.holder_program, row.in_queue, row.alone) == ("911 floor", False, False)


@pytest.mark.usefixtures("town")
def test_one_click_is_a_team_that_is_wanted() -> None:
    desk = a_stranger()
    answer = desk.post(reverse("sandbox:send_team"))
    assert b"Recommended units" in desk.get(answer["Location"]).content


def test_a_transfer_is_seen_from_both_desks(beside: Beside, town: Town) -> None:
    desk = a_stranger()
    assert desk.post(reverse("sandbox:watch")).status_code == 302
    beside.passes(900, step=10)
    page = desk.get(reverse("sandbox:watch")).content.decode()
    assert "At 911" in page or "No transfer from 911 to the line" in page
    assert town.told["transfers offered"] + town.told["level E"] > 0


@pytest.mark.usefixtures("town")
def test_the_pace_is_one_of_the_list_or_nothing_changes() -> None:
    desk = a_stranger()
    assert desk.post(reverse("sandbox:pace"), {"pace": "30"}).status_code == 302
    assert control.read() == Control(30, Traffic.OFF)
    for wrong in ({"pace": "7"}, {"pace": "fast"}, {"traffic": "nowhere"}):
        assert desk.post(reverse("sandbox:pace"), wrong).status_code == 422
    assert control.read() == Control(30, Traffic.OFF)
    page = desk.get(reverse("sandbox:city")).content.decode()
    assert "Take the next call" in page


@pytest.mark.parametrize("name", ["city", "pace", "take_call", "send_team", "watch"])
def test_anywhere_but_on_this_machine_there_is_no_such_page(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = a_stranger()
    post = desk.post(reverse(f"sandbox:{name}"), REMOTE_ADDR="10.0.0.9")
    get = desk.get(reverse(f"sandbox:{name}"), REMOTE_ADDR="10.0.0.9")
    assert {post.status_code, get.status_code} <= {404, 405}
    assert 404 in {post.status_code, get.status_code}
    monkeypatch.setattr(settings, "SYNTHETIC", False)
    assert {desk.post(reverse(f"sandbox:{name}")).status_code} <= {404, 405}


@pytest.mark.usefixtures("hired")
def test_nobody_signs_in_as_somebody_whom_the_city_plays() -> None:
    page = a_stranger().get(reverse("agencies:demo")).content.decode()
    assert page.count("Counselors") == 5  # four counselors, and whoever is one on the 911 floor too


def test_a_practice_call_is_taken_asked_and_held_against_its_story(town: Town) -> None:
    trainee = a_stranger()
    began = trainee.post(reverse("sandbox:practice"), {"story": "W03"})
    assert began.status_code == 302
    page = began["Location"]
    assert b"A call is coming in" in trainee.get(page).content
    sheet = trainee.get(f"{page}caller/").content.decode()
    assert "pills at hand" in sheet
    first = trainee.get(f"{page}debrief/").content.decode()
    assert "Not screened yet" in first
    desk = trainee.post(f"{page}call_taker/")["Location"]
    assert trainee.get(desk).status_code == 200
    episode_id, anna = UUID(desk.strip("/").split("/")[-1]), an_actor()
    protocol = triage.protocol(anna, at=clock.now())
    story = next(each for each in protocol.stories if each.id == "W03")
    stops = screening.none_of_these(protocol)
    calls.answer(by=anna, at=clock.now(), episode_id=episode_id, given=stops)
    calls.answer(
        by=anna, at=clock.now(), episode_id=episode_id, given={**story.answers, "GUN": "U"}
    )
    after = trainee.get(f"{page}debrief/").content.decode()
    assert "3B, as the protocol expects" in after
    assert "Is there a firearm?" in after  # heard otherwise than the caller says
    assert "Answered" in after


def test_the_seats_of_line_and_pair_are_people_too(town: Town) -> None:
    began = a_stranger().post(reverse("sandbox:practice"), {"story": "W03"})["Location"]
    for seat, lands in (("counselor", reverse("calls:board")), ("pair", reverse("calls:field"))):
        trainee = a_stranger()
        assert trainee.post(f"{began}{seat}/")["Location"] == lands
        assert trainee.get(lands).status_code == 200
    assert a_stranger().post(f"{began}judge/").status_code == 422
    unit_id = units.unit_id("MHST-1")
    assert unit_id is not None
    assert units.crew_of(unit_id) is not None


@pytest.mark.usefixtures("town")
def test_a_call_that_is_no_practice_has_no_debrief() -> None:
    episode = an_episode(an_actor(), at=clock.now())
    for name in ("practice_call", "caller", "debrief"):
        assert a_stranger().get(reverse(f"sandbox:{name}", args=[episode.pk])).status_code == 404
    assert a_stranger().post(reverse("sandbox:practice"), {"story": "nobody"}).status_code == 422
