"""Taken back, returned to 911, on text, to other centres, and the third hop."""

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.commands.legs import REMINDER, WATCH_CHECK, WATCH_SUPERVISOR
from nowrongdoor.calls.facts import Medium, Mode, PlaceIs
from nowrongdoor.calls.models import Leg, Participant, Search
from nowrongdoor.episodes.commands import relieve
from nowrongdoor.episodes.facts import Attested, Proposal
from nowrongdoor.episodes.lookup import returns
from nowrongdoor.episodes.models import Card
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.triage import queries as needs
from tests.calls.lines import (
    ANNA,
    GLORIA,
    LUIS,
    MARIA,
    ROSA,
    RUTH,
    due,
    kinds,
    leaving,
    on_line,
    refused,
    returned,
    the_leg,
)
from tests.makers import (
    NOON,
    a_screening,
    accepted,
    an_actor,
    an_episode,
    later,
    member_id,
    program_id,
    seen,
)

pytestmark = pytest.mark.usefixtures("db")
HALL = Attested("Deputy Hall", "4471")


# taken back, returned ---------------------------------------------------------------------------


def test_whoever_listens_takes_the_person_back_by_their_own_hand() -> None:
    episode, anna = an_episode(), an_actor()
    accepted(episode)

    commands.take_back(by=anna, at=later(5), episode_id=episode.pk)

    held = seen(anna, episode.pk)
    assert held is not None
    assert held.holder_member_id == anna.member_id
    assert on_line(episode) == {ANNA: "joined", MARIA: "joined"}
    assert due(anna, WATCH_CHECK, WATCH_SUPERVISOR) == {}
    commands.leave_line(**leaving(episode, MARIA, after_s=6))  # who spoke need not stay on


def test_whoever_has_left_the_line_takes_nobody_back() -> None:
    episode = an_episode()
    accepted(episode)
    commands.leave_line(**leaving(episode))

    rule = refused(commands.take_back, by=an_actor(), at=later(60), episode_id=episode.pk)

    assert rule == "take_back.released"


def test_only_the_program_that_handed_on_last_takes_back() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    accepted(episode, to=gloria)
    accepted(episode, gloria, kind="line_transfer", at=later(5))

    rule = refused(commands.take_back, by=an_actor(), at=later(60), episode_id=episode.pk)
    commands.take_back(by=gloria, at=later(61), episode_id=episode.pk)

    assert rule == "take_back.never_ours"
    assert on_line(episode) == {ANNA: "listening", GLORIA: "joined", MARIA: "joined"}


def test_who_is_only_told_that_somebody_is_there_takes_nobody_back() -> None:
    episode = an_episode()
    accepted(episode, to=an_actor(GLORIA))

    rule = refused(commands.take_back, by=an_actor(MARIA), at=later(9), episode_id=episode.pk)

    assert rule == "row.missing"


def test_a_return_needs_a_word_of_the_place_and_never_reuses_it_silently() -> None:
    episode = an_episode(place="12 Quiet Street")
    accepted(episode)

    rule = None
    with pytest.raises(Refused) as refusal:
        returned(episode, place_is=None)
    rule = refusal.value.verdict.rule
    offer = returned(episode, place_is=PlaceIs.SAME, at=later(60))

    assert rule == "return.place"
    assert offer.to_program_id == program_id("911/floor")
    with act_as(an_actor()):
        cards = list(Card.objects.filter(episode=episode).order_by("made_at"))
        assert [(card.place, card.made_at) for card in cards] == [
            ("12 Quiet Street", NOON),
            ("12 Quiet Street", later(60)),  # said again, with its age
        ]
        assert not Search.objects.exists()


def test_a_place_not_known_is_sought_until_a_new_one_is_said() -> None:
    episode, maria = an_episode(place="12 Quiet Street"), an_actor(MARIA)
    accepted(episode)
    first = returned(episode, at=later(60))
    with act_as(maria):
        search = Search.objects.get(found_at=None)
        card = Card.objects.filter(episode=episode).latest("made_at")

    assert (search.seeking, search.owner_id, card.place) == ("place", maria.member_id, "")
    assert kinds().count("calls.search_began") == 1
    commands.accept_transfer(by=an_actor(), at=later(61), handoff_id=first.id)
    accepted(episode, at=later(70))
    returned(episode, place_is=PlaceIs.NEW, place="3 Oak Lane", at=later(90))
    with act_as(maria):
        assert Search.objects.get().found_at == later(90)
        assert Card.objects.filter(episode=episode).latest("made_at").place == "3 Oak Lane"


def test_what_a_counselor_was_answered_travels_back_and_not_before() -> None:
    episode, anna, maria = an_episode(), an_actor(), an_actor(MARIA)
    a_screening(episode, at=later(1), REL="self", SI="passive")
    accepted(episode, at=later(2))
    a_screening(episode, maria, at=later(3), PSY="Y")
    before = needs.answers(anna, episode.pk)

    returned(episode, at=later(4))

    assert before == {"REL": "self", "SI": "passive"}
    assert needs.answers(anna, episode.pk) == {"REL": "self", "SI": "passive", "PSY": "Y"}


def test_a_second_return_is_counted_and_comes_back_to_whoever_still_listens() -> None:
    episode, anna, luis = an_episode(), an_actor(), an_actor(LUIS)
    accepted(episode)
    offer = returned(episode, at=later(5))
    commands.accept_transfer(by=anna, at=later(6), handoff_id=offer.id)
    assert on_line(episode) == {ANNA: "joined", MARIA: "listening"}

    accepted(episode, at=later(10))
    offer = returned(episode, at=later(15))
    commands.accept_transfer(by=luis, at=later(16), handoff_id=offer.id)

    assert on_line(episode) == {ANNA: "listening", MARIA: "listening", LUIS: "joined"}
    with act_as(luis):
        assert returns(episode.pk, {luis.program_id}) == 2
    assert kinds().count("calls.second_return") == 1


# text, other centres, the third hop -------------------------------------------------------------


def test_on_text_the_counselor_stays_in_the_chat_and_911_holds_the_card() -> None:
    maria, anna = an_actor(MARIA), an_actor()
    episode = an_episode(maria, medium=Medium.TEXT)
    offer = returned(episode, at=later(5))
    commands.accept_transfer(by=anna, at=later(6), handoff_id=offer.id)

    held = seen(maria, episode.pk)
    assert held is not None
    assert held.holder_member_id == anna.member_id
    assert on_line(episode, maria) == {MARIA: "joined"}
    leg = the_leg(episode, maria)
    listening = {"by": anna, "at": later(7), "leg_id": leg.pk, "mode": Mode.LISTENING}
    assert refused(commands.join_line, **listening) == "leg.text"
    assert refused(commands.leave_line, **leaving(episode, MARIA, after_s=60)) == "release.alone"
    commands.take_back(by=maria, at=later(61), episode_id=episode.pk)
    assert on_line(episode, maria) == {MARIA: "joined"}


def test_on_text_another_counselor_takes_the_chat_over() -> None:
    gloria, peter = an_actor(GLORIA), an_actor("peter.lang", "line/counselors")
    episode = an_episode(an_actor(), medium=Medium.TEXT)
    accepted(episode, to=gloria)
    assert on_line(episode) == {GLORIA: "joined"}

    accepted(episode, gloria, to=peter, kind="line_transfer", at=later(9))

    assert on_line(episode) == {"peter.lang": "joined"}
    assert due(peter, REMINDER) == {REMINDER: later(9 + 1800)}
    assert kinds()[-2:] == ["calls.joined_line", "calls.released"]


def test_an_attested_receiver_is_listened_to_and_then_the_line_is_theirs() -> None:
    episode, anna = an_episode(), an_actor()
    other = Proposal(episode.pk, "to_other_psap", program_id("sheriff911/floor"))
    offer = commands.offer_transfer(by=anna, at=later(1), proposal=other)
    commands.attest_transfer(by=anna, at=later(5), handoff_id=offer.id, receiver=HALL)
    assert on_line(episode) == {ANNA: "listening"}
    assert due(anna, WATCH_CHECK) == {WATCH_CHECK: later(185)}

    early = refused(commands.leave_line, **leaving(episode, after_s=34))
    commands.leave_line(**leaving(episode, after_s=35))

    assert early == "release.early"
    leg = the_leg(episode)
    assert (leg.ended_as, leg.ended_at, leg.alone_since) == ("ended", later(35), None)
    assert kinds()[-2:] == ["calls.released", "calls.leg_ended"]  # nobody is said to be alone


def test_a_fourth_telecommunicator_is_refused_but_never_the_way_back_to_911() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    accepted(episode, to=gloria)
    accepted(episode, gloria, to=an_actor(MARIA), kind="line_transfer", at=later(5))
    fourth = Proposal(episode.pk, "line_transfer", program_id("spanish-line/counselors"))

    rule = refused(commands.offer_transfer, by=an_actor(MARIA), at=later(9), proposal=fourth)
    offer = returned(episode, at=later(10))
    commands.accept_transfer(by=an_actor(LUIS), at=later(11), handoff_id=offer.id)

    assert rule == "hop.too_many"
    assert on_line(episode)[LUIS] == "joined"
    with act_as(an_actor()):
        assert Participant.objects.filter(leg=Leg.objects.get(), mode="joined").count() == 4


def test_a_clinician_on_the_floor_is_a_fourth_too_and_the_floor_is_the_way_back() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    accepted(episode)
    offer = returned(episode, at=later(5))
    commands.accept_transfer(by=an_actor(LUIS), at=later(6), handoff_id=offer.id)
    to_gloria = Proposal(episode.pk, "warm_transfer", gloria.program_id)

    rule = refused(commands.offer_transfer, by=an_actor(LUIS), at=later(7), proposal=to_gloria)
    commands.join_line(by=gloria, at=later(8), leg_id=the_leg(episode).pk)
    other = Proposal(episode.pk, "to_other_psap", program_id("sheriff911/floor"))
    commands.offer_transfer(by=an_actor(LUIS), at=later(9), proposal=other)

    assert rule == "hop.too_many"


def test_a_clinician_gives_back_to_the_floor_however_many_the_caller_has_met() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    accepted(episode, to=gloria)
    for name in (LUIS, RUTH):
        commands.join_line(**leaving(episode, name, after_s=1))

    offer = returned(episode, GLORIA, at=later(5))

    assert offer.to_program_id == program_id("911/floor")


# who may listen ---------------------------------------------------------------------------------


def test_only_who_handed_a_person_on_listens() -> None:
    episode = an_episode()
    accepted(episode)
    leg_id = the_leg(episode).pk
    listens = {"at": later(9), "leg_id": leg_id, "mode": Mode.LISTENING}

    clinician = refused(commands.join_line, by=an_actor(GLORIA), **listens)
    colleague = refused(commands.join_line, by=an_actor(ROSA), **listens)
    commands.join_line(by=an_actor(RUTH), **listens)

    assert (clinician, colleague) == ("leg.not_handed_on", "leg.not_handed_on")
    assert on_line(episode) == {ANNA: "listening", MARIA: "joined", RUTH: "listening"}


def test_whoever_was_only_relieved_by_a_colleague_has_handed_nobody_on() -> None:
    episode = an_episode()
    batch = relieve(by=an_actor(), at=later(5), to_member_id=member_id(LUIS))
    commands.accept_relief(by=an_actor(LUIS), at=later(9), batch_id=batch)

    rule = refused(commands.join_line, mode=Mode.LISTENING, **leaving(episode, RUTH, after_s=20))

    assert rule == "leg.not_handed_on"


def test_who_listened_and_lost_their_line_may_listen_again_after_a_third_hop() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    accepted(episode, to=gloria)
    accepted(episode, gloria, kind="line_transfer", at=later(5))
    commands.lose_line(**leaving(episode, after_s=6))

    commands.join_line(mode=Mode.LISTENING, **leaving(episode, after_s=7))

    assert on_line(episode)[ANNA] == "listening"
