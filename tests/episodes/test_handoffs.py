"""Offering and answering, on real PostgreSQL."""

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Attested, Closing
from nowrongdoor.episodes.models import Card, Handoff, Party
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import BadInput, NotFound, Refused
from tests.makers import NOON, an_actor, an_episode, an_offer, later, member_id, program_id, seen

pytestmark = pytest.mark.usefixtures("db")


def kinds(by: object) -> list[str]:
    with act_as(by):
        return list(Entry.objects.order_by("recorded_at", "id").values_list("kind", flat=True))


def test_an_opened_episode_is_held_by_whoever_took_the_call() -> None:
    anna = an_actor()

    episode = an_episode(anna)

    assert (episode.holder_program_id, episode.holder_member_id) == (
        anna.program_id,
        anna.member_id,
    )
    assert episode.label.startswith("T27-")
    assert kinds(anna) == ["episodes.opened", "calls.answered", "calls.received"]


def test_a_standing_feed_lets_the_line_know_that_somebody_is_there_but_not_read_the_card() -> None:
    episode = an_episode(place="12 Quiet Street")
    maria = an_actor("maria.lopez")

    known = seen(maria, episode.pk)

    assert known is not None
    with act_as(maria):
        assert not Card.objects.filter(episode=known).exists()
        assert Party.objects.get(program_id=maria.program_id).role == "informed"
    assert seen(an_actor("judith.park"), episode.pk) is None


def test_accepting_by_name_moves_the_holder_and_opens_the_card() -> None:
    episode = an_episode(place="12 Quiet Street")
    handoff = an_offer(episode)
    maria = an_actor("maria.lopez")

    commands.accept_offer(by=maria, at=later(10), handoff_id=handoff.pk)

    held = seen(maria, episode.pk)
    assert held is not None
    assert (held.holder_member_id, held.held_since) == (maria.member_id, later(10))
    with act_as(maria):
        assert Card.objects.get(episode=held).place == "12 Quiet Street"


def test_a_declined_offer_leaves_the_holder_and_gives_back_only_what_the_feed_tells() -> None:
    episode = an_episode()
    handoff = an_offer(episode)
    maria = an_actor("maria.lopez")

    commands.decline_offer(by=maria, at=later(5), handoff_id=handoff.pk, reason="capacity")

    anna = an_actor()
    still = seen(anna, episode.pk)
    assert still is not None
    assert still.holder_member_id == anna.member_id
    with act_as(anna):
        party = Party.objects.get(episode=still, program_id=maria.program_id)
        assert (party.role, party.until_at) == ("informed", None)


def test_a_receiver_without_a_feed_no_longer_sees_what_it_declined() -> None:
    sender = an_actor("walter.pena")
    episode = an_episode(sender)
    handoff = an_offer(episode, sender)
    maria = an_actor("maria.lopez")
    assert seen(maria, episode.pk) is not None

    commands.decline_offer(by=maria, at=later(5), handoff_id=handoff.pk, reason="capacity")

    assert seen(maria, episode.pk) is None


def test_a_decline_needs_a_listed_reason() -> None:
    handoff = an_offer(an_episode())
    maria = an_actor("maria.lopez")

    with pytest.raises(BadInput) as none_given:
        commands.decline_offer(by=maria, at=NOON, handoff_id=handoff.pk, reason="")
    with pytest.raises(BadInput):
        commands.decline_offer(by=maria, at=NOON, handoff_id=handoff.pk, reason="tired")

    assert none_given.value.verdict.rule == "field.needed"


def test_nobody_is_offered_anything_without_a_route() -> None:
    episode = an_episode()

    with pytest.raises(Refused) as refusal:
        an_offer(episode, to="crc/adult", kind="drop_off")

    assert refusal.value.verdict.rule == "route.none"
    assert seen(an_actor("judith.park"), episode.pk) is None


def test_a_second_offer_waits_for_the_first_to_be_withdrawn() -> None:
    episode = an_episode()
    first = an_offer(episode)

    with pytest.raises(Refused) as refusal:
        an_offer(episode, to="911/in-center")
    commands.withdraw_offer(by=an_actor(), at=later(1), handoff_id=first.pk)
    second = an_offer(episode, to="911/in-center", at=later(2))

    assert refusal.value.verdict.rule == "offer.open_already"
    assert second.accepted_at is None


def test_an_offer_to_a_named_person_is_not_a_colleagues_to_accept() -> None:
    handoff = an_offer(an_episode(), to_member=member_id("maria.lopez"))

    with pytest.raises(Refused) as refusal:
        commands.accept_offer(by=an_actor("thomas.baker"), at=NOON, handoff_id=handoff.pk)
    commands.accept_offer(by=an_actor("denise.wright"), at=NOON, handoff_id=handoff.pk)

    assert refusal.value.verdict.rule == "offer.another"


def test_a_stranger_cannot_tell_an_offer_from_nothing() -> None:
    handoff = an_offer(an_episode())

    with pytest.raises(NotFound) as refusal:
        commands.accept_offer(by=an_actor("judith.park"), at=NOON, handoff_id=handoff.pk)

    assert refusal.value.verdict.rule == "row.missing"


def test_an_attested_acceptance_needs_a_name_and_a_number() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    handoff = an_offer(episode, to="sheriff911/floor", kind="to_other_psap")
    attest = {"by": anna, "at": later(30), "handoff_id": handoff.pk}

    with pytest.raises(Refused) as refusal:
        commands.attest_offer(**attest, receiver=Attested("Deputy Hall", ""))
    commands.attest_offer(**attest, receiver=Attested("Deputy Hall", "4471", "S-2201"))

    held = seen(anna, episode.pk)
    assert refusal.value.verdict.rule == "attest.incomplete"
    assert held is not None
    assert (held.holder_program_id, held.holder_member_id) == (program_id("sheriff911/floor"), None)


def test_acting_on_an_old_version_is_refused_with_the_reason() -> None:
    episode = an_episode()
    handoff = an_offer(episode)
    maria = an_actor("maria.lopez")

    with pytest.raises(Refused) as refusal:
        commands.accept_offer(by=maria, at=NOON, handoff_id=handoff.pk, seen_version=99)

    assert refusal.value.verdict.rule == "row.changed"


def test_an_accepted_offer_overtakes_the_other_open_one() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    transfer = an_offer(episode)
    commands.relieve(by=anna, at=later(1), to_member_id=member_id("luis.ortega"))

    commands.accept_offer(by=an_actor("maria.lopez"), at=later(2), handoff_id=transfer.pk)

    with act_as(anna):
        relief = Handoff.objects.get(purpose="relief")
        assert relief.withdrawn_at == later(2)


def test_a_clock_that_stepped_back_turns_no_acceptance_away() -> None:
    anna, maria = an_actor(), an_actor("maria.lopez")
    episode = an_episode(anna, at=later(60))
    handoff = an_offer(episode, anna, at=later(60))

    commands.accept_offer(by=maria, at=NOON, handoff_id=handoff.pk)
    closing = Closing("information", declined_by_person=True)
    commands.close_episode(by=maria, at=NOON, episode_id=episode.pk, closing=closing)

    over = seen(maria, episode.pk)
    assert over is not None
    assert (over.held_since, over.closed_at) == (later(60), later(60))
