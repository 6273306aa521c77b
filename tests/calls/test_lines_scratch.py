import pytest
from nowrongdoor.agencies.acting import acting
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import *
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import *
from nowrongdoor.site.reactions import DEADLINES
from tests.makers import *
pytestmark = pytest.mark.usefixtures("db")

def test_third_program_alone():
    e = an_episode(); leg = the_leg(e)
    g = an_actor("gloria.mendez")
    calls.lose_line(by=an_actor(), at=later(1), leg_id=leg.pk)
    calls.join_line(by=g, at=later(2), leg_id=leg.pk)
    calls.lose_line(by=g, at=later(3), leg_id=leg.pk)

def test_third_program_search():
    e = an_episode(); leg = the_leg(e)
    g = an_actor("gloria.mendez")
    s = calls.seek(by=an_actor(), at=later(1), episode_id=e.pk, seeking=Seeking.PLACE)
    calls.try_to_find(by=g, at=later(2), search_id=s.pk, how="call")

def test_watch_to_one_on_line():
    e = an_episode(); leg = the_leg(e)
    accepted(e)
    luis = an_actor("luis.ortega")
    calls.join_line(by=luis, at=later(2), leg_id=leg.pk, mode=Mode.LISTENING)
    calls.offer_watch(by=an_actor(), at=later(3), to_member_id=luis.member_id)
    print(calls.accept_watch(by=luis, at=later(4)))
    print(on_line(e))

def test_attested_release():
    e = an_episode(); leg = the_leg(e)
    p = Proposal(e.pk, "to_other_psap", program_id("sheriff911/floor"))
    o = calls.offer_transfer(by=an_actor(), at=NOON, proposal=p)
    calls.attest_transfer(by=an_actor(), at=NOON, handoff_id=o.id, receiver=Attested("Deputy Hall", "4471"))
    print(on_line(e))
    calls.leave_line(by=an_actor(), at=later(60), leg_id=leg.pk)
    print(on_line(e), the_leg(e).alone_since)
    assert the_leg(e).alone_since is None

def test_joined_leg_release():
    anna = an_actor()
    a = an_episode(); b = an_episode(at=later(1))
    calls.reattach(by=anna, at=later(2), episode_id=b.pk, into_id=a.pk)
    accepted(a, at=later(3))
    print(on_line(a), on_line(b))
    calls.leave_line(by=anna, at=later(100), leg_id=the_leg(a).pk)
    calls.leave_line(by=anna, at=later(100), leg_id=the_leg(b).pk)

def test_relief_to_listener():
    anna, luis, maria = an_actor(), an_actor("luis.ortega"), an_actor("maria.lopez")
    e = an_episode(place="x"); leg = the_leg(e)
    accepted(e)
    p = Proposal(e.pk, "return_to_911", program_id("911/floor"))
    o = calls.return_person(by=maria, at=later(3), proposal=p, place_is=PlaceIs.SAME)
    calls.accept_transfer(by=luis, at=later(4), handoff_id=o.id)
    print(on_line(e))
    b = episodes.relieve(by=luis, at=later(5), to_member_id=anna.member_id)
    calls.accept_relief(by=anna, at=later(6), batch_id=b)
    print(on_line(e))
    assert on_line(e)["anna.miller"] == "joined"

def test_close_joined_rose():
    anna, maria = an_actor(), an_actor("maria.lopez")
    a = an_episode(); b = an_episode(at=later(1))
    calls.reattach(by=anna, at=later(2), episode_id=b.pk, into_id=a.pk)
    accepted(a, at=later(3))
    a_screening(a, maria, at=later(4), PSY="Y")
    a_screening(a, maria, at=later(5), WPN="in_hand")
    calls.see_level(by=anna, at=later(6), leg_id=the_leg(a).pk)
    calls.see_level(by=anna, at=later(6), leg_id=the_leg(b).pk)
    calls.close_call(by=maria, at=later(9), episode_id=a.pk, closing=Closing("information", declined_by_person=True))

def test_pull_after_transfer():
    g = an_actor("rosa.figueroa")
    e = an_episode()
    calls.ask_for(by=g, at=later(1), episode_id=e.pk)
    accepted(e, to=an_actor("gloria.mendez"), at=later(2))
    calls.ask_for(by=g, at=later(3), episode_id=e.pk)

def test_on_contact():
    nurse, clinic = an_actor("judith.park"), an_actor("martha.gibbs")
    import tests.episodes.test_contact as tc
    e = tc._at_the_center(nurse)
    calls.join_line(by=nurse, at=later(3), leg_id=the_leg(e, nurse).pk)
    accepted(e, nurse, to=clinic, kind="discharge_referral", at=later(4))
    print(on_line(e, nurse))
    assert on_line(e, nurse)["judith.park"] == "joined"
