"""Kinds that move the holder only when the receiver has met the person; and what goes with a whole."""

from datetime import timedelta
from functools import partial

import psycopg
import pytest
from django.db import ProgrammingError
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.models import Program
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.desks import board
from nowrongdoor.episodes import commands, queries
from nowrongdoor.episodes.facts import Attested, Closing
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Refused
from nowrongdoor.site.reactions import DEADLINES
from tests.clients import Desk
from tests.makers import NOON, an_actor, an_episode, an_offer, later, member_id, program_id, seen

pytestmark = pytest.mark.usefixtures("db")
NURSE, CLINIC = "judith.park", "martha.gibbs"


@pytest.fixture
def referral() -> tuple[Episode, Handoff]:
    """Somebody at the center, referred to a clinic at discharge."""
    nurse = an_actor(NURSE)
    episode = _at_the_center(nurse)
    offer = an_offer(episode, nurse, to="clinic-a/intake", kind="discharge_referral", at=later(60))
    return episode, offer


def _at_the_center(nurse: Actor) -> Episode:
    officer = an_actor("luis.garza")
    episode = an_episode(an_actor())
    with psycopg.connect(_admin()) as admin:  # how patrol came to hold is not this test's matter
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE episodes_episode SET holder_program_id = %s, holder_member_id = %s, "
            "seen_by = ARRAY[%s::uuid], worked_by = ARRAY[%s::uuid]",
            [officer.program_id, officer.member_id, officer.program_id, officer.program_id],
        )
        admin.execute("DELETE FROM episodes_party WHERE basis <> 'N'")  # what the feeds let see it
        admin.execute("UPDATE episodes_party SET program_id = %s", [officer.program_id])
    drop = an_offer(episode, officer, to="crc/adult", kind="drop_off", at=later(1))
    commands.accept_offer(by=nurse, at=later(2), handoff_id=drop.pk)
    commands.receive_arrival(by=nurse, at=later(3), handoff_id=drop.pk)
    found = seen(nurse, episode.pk)
    assert found is not None
    return found


def _admin() -> str:
    import os

    from tests.conftest import database_url

    return database_url("admin", f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")


def holder(by: Actor, episode: Episode) -> tuple[object, object]:
    row = seen(by, episode.pk)
    assert row is not None
    return row.holder_program_id, row.holder_member_id


def test_accepting_a_referral_moves_nobody_until_they_have_met(
    referral: tuple[Episode, Handoff],
) -> None:
    episode, offer = referral
    nurse, clinic = an_actor(NURSE), an_actor(CLINIC)

    commands.accept_offer(by=clinic, at=later(120), handoff_id=offer.pk)
    assert holder(clinic, episode) == (nurse.program_id, nurse.member_id)
    [row] = board.rows(clinic, at=later(121), ids=frozenset({episode.pk}))
    assert row.offer is not None
    assert row.offer.accepted_name == "Martha Gibbs"
    assert "confirm_contact" in row.may
    assert not {"accept_transfer", "decline_offer"} & row.may

    commands.confirm_contact(by=clinic, at=later(7200), handoff_id=offer.pk)
    assert holder(clinic, episode) == (clinic.program_id, clinic.member_id)
    [row] = board.rows(clinic, at=later(7201), ids=frozenset({episode.pk}))
    assert row.offer is None
    with act_as(clinic):
        assert Entry.objects.filter(kind="episodes.contacted").count() == 1


def test_contact_that_was_promised_and_not_made_is_said_again_and_again(
    referral: tuple[Episode, Handoff],
) -> None:
    episode, offer = referral
    clinic = an_actor(CLINIC)
    commands.accept_offer(by=clinic, at=later(120), handoff_id=offer.pk)
    three_days = timedelta(days=3)

    told = [
        fire_due(at=later(120) + n * three_days - timedelta(seconds=less), reactions=DEADLINES)
        for n, less in ((1, 1), (1, 0), (2, 1), (2, 0))
    ]
    assert told == [0, 1, 0, 1]
    with act_as(clinic):
        assert Entry.objects.filter(kind="episodes.contact_overdue").count() == 2

    commands.confirm_contact(by=clinic, at=later(120) + 2 * three_days, handoff_id=offer.pk)
    assert fire_due(at=later(120) + 9 * three_days, reactions=DEADLINES) == 0
    assert holder(clinic, episode)[0] == clinic.program_id


def test_the_sender_says_it_for_a_receiver_who_is_no_user(
    referral: tuple[Episode, Handoff],
) -> None:
    episode, offer = referral
    nurse = an_actor(NURSE)
    who = Attested("Dr. Hall", "clinic 12")

    commands.attest_offer(by=nurse, at=later(120), handoff_id=offer.pk, receiver=who)
    assert holder(nurse, episode) == (nurse.program_id, nurse.member_id)
    commands.confirm_contact(by=nurse, at=later(240), handoff_id=offer.pk)

    assert holder(nurse, episode) == (program_id("clinic-a/intake"), None)
    [row] = board.rows(nurse, at=later(241), ids=frozenset({episode.pk}))
    assert (row.attested_name, row.unreachable) == ("Dr. Hall", False)
    assert "assume_call" in row.may  # a charge nurse supervises; it need not stay there for ever


def test_they_say_it_with_one_key_on_the_board(referral: tuple[Episode, Handoff]) -> None:
    _, offer = referral
    commands.accept_offer(by=an_actor(CLINIC), at=later(120), handoff_id=offer.pk)

    answer = Desk(CLINIC).htmx(reverse("episodes:confirm_contact", args=[offer.pk]))

    assert answer.status_code == 200
    assert "Martha Gibbs" in answer.content.decode()


def test_what_was_joined_goes_with_the_whole() -> None:
    anna, maria = an_actor(), an_actor("maria.lopez")
    sheriff = an_actor("walter.pena")
    whole = an_episode(sheriff, at=NOON)  # the sheriff's 911 feeds nobody
    part = an_episode(sheriff, at=NOON)
    commands.join_episode(by=sheriff, at=later(1), episode_id=part.pk, into_id=whole.pk)

    offer = an_offer(whole, sheriff, at=later(2))
    assert seen(maria, part.pk) is not None
    commands.decline_offer(by=maria, at=later(3), handoff_id=offer.pk, reason="capacity")
    assert (seen(maria, whole.pk), seen(maria, part.pk)) == (None, None)

    again = an_offer(whole, sheriff, at=later(4))
    commands.accept_offer(by=maria, at=later(5), handoff_id=again.pk)
    commands.separate_episode(
        by=maria, at=later(6), episode_id=part.pk, to_member_id=member_id("maria.lopez")
    )
    assert holder(maria, part) == (maria.program_id, maria.member_id)
    assert anna.program_id not in {maria.program_id, sheriff.program_id}


def test_whoever_the_whole_is_offered_to_works_on_what_is_joined_meanwhile() -> None:
    sheriff, maria = an_actor("walter.pena"), an_actor("maria.lopez")
    whole, part = an_episode(sheriff), an_episode(sheriff)
    offer = an_offer(whole, sheriff, at=later(1))
    commands.join_episode(by=sheriff, at=later(2), episode_id=part.pk, into_id=whole.pk)

    commands.accept_offer(by=maria, at=later(3), handoff_id=offer.pk)
    commands.separate_episode(
        by=maria, at=later(4), episode_id=part.pk, to_member_id=member_id("maria.lopez")
    )

    assert holder(maria, part) == (maria.program_id, maria.member_id)


def test_an_informed_program_changes_nothing_even_in_plain_sql() -> None:
    episode = an_episode()
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        act_as(an_actor("maria.lopez")),
    ):
        Episode.objects.filter(pk=episode.pk).update(version=99)


def test_an_informed_program_is_not_told_what_became_of_it() -> None:
    anna, maria = an_actor(), an_actor("maria.lopez")
    episode = an_episode(anna)
    assert seen(maria, episode.pk) is not None
    over = Closing("information", declined_by_person=True)
    commands.close_episode(by=anna, at=later(9), episode_id=episode.pk, closing=over)

    assert seen(maria, episode.pk) is None
    assert seen(anna, episode.pk) is not None


def test_an_informed_supervisor_is_offered_no_take_over() -> None:
    """Denise's line is told of the call, and never had it."""
    an_episode()
    [row] = board.rows(an_actor("denise.wright"), at=later(60))

    assert row.unreachable
    assert "assume_call" not in row.may


def test_an_overtaken_offer_is_written_down_as_withdrawn() -> None:
    anna, ruth = an_actor(), an_actor("ruth.palmer")
    episode = an_episode(anna)
    an_offer(episode, anna)

    commands.assume_episode(
        by=ruth, at=later(5), episode_id=episode.pk, reason="supervisor_decision"
    )

    with act_as(ruth):
        kinds = list(Entry.objects.order_by("recorded_at").values_list("kind", flat=True))
    assert kinds[-2:] == ["episodes.withdrawn", "episodes.assumed"]


def test_a_program_whose_offer_was_overtaken_sees_no_more() -> None:
    """The row that was read before they left must not let them in again when it is written."""
    anna, ruth, sheriff = an_actor(), an_actor("ruth.palmer"), an_actor("walter.pena")
    episode = an_episode(anna)
    an_offer(episode, anna, to="sheriff911/floor", kind="to_other_psap")
    assert seen(sheriff, episode.pk) is not None

    commands.assume_episode(
        by=ruth, at=later(5), episode_id=episode.pk, reason="supervisor_decision"
    )

    assert seen(sheriff, episode.pk) is None


@pytest.mark.parametrize("role", ["court_liaison", "privacy_officer", "nobody's"])
def test_a_role_that_is_granted_nothing_changes_nothing(role: str) -> None:
    """The commands ask too, not only the doors."""
    from dataclasses import replace

    anna = an_actor()
    episode, other = an_episode(anna), an_episode(anna)
    offer = an_offer(other, anna)
    by = replace(anna, role=role)
    tries = (
        lambda: an_offer(episode, by),
        lambda: commands.withdraw_offer(by=by, at=later(1), handoff_id=offer.pk),
        lambda: commands.relieve(by=by, at=later(1), to_member_id=member_id("luis.ortega")),
        lambda: commands.close_episode(
            by=by, at=later(1), episode_id=episode.pk, closing=Closing("information")
        ),
        lambda: commands.assume_episode(by=by, at=later(1), episode_id=episode.pk, reason="x"),
        lambda: commands.join_episode(by=by, at=later(1), episode_id=episode.pk, into_id=other.pk),
    )
    for one in tries:
        with pytest.raises(NotPermitted):
            one()


def test_whoever_holds_somebody_in_another_program_does_not_sign_out() -> None:
    """Peter works on the line and in the 911 centre; the second cannot see whom he holds at the first."""
    peter, sheriff = an_actor("peter.lang", "line/counselors"), an_actor("walter.pena")
    episode = an_episode(sheriff)
    offer = an_offer(episode, sheriff)
    commands.accept_offer(by=peter, at=later(5), handoff_id=offer.pk)
    elsewhere = an_actor("peter.lang", "911/in-center")
    assert seen(elsewhere, episode.pk) is None

    answer = Desk("peter.lang", "911/in-center").post(
        reverse("account_logout"), headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.json()["rule"]) == (409, "sign_out.holding")
    assert (queries.holding_count(elsewhere), queries.holding_here(elsewhere)) == (1, [])


def test_a_refusal_names_its_rule() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    with pytest.raises(Refused) as refusal:
        commands.set_pointer(
            by=anna,
            at=later(1),
            episode_id=episode.pk,
            program_id=program_id("line/counselors"),
            pointer_record="x",
            status="y",
        )
    assert refusal.value.verdict.rule == "pointer.user"


def test_a_provider_with_records_at_home_is_pointed_to_by_its_number() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    elsewhere = Program.objects.filter(agency__pointer=True).values_list("pk", flat=True)[0]
    point = partial(commands.set_pointer, by=anna, episode_id=episode.pk, program_id=elsewhere)

    point(at=later(1), pointer_record="A-17", status="known")
    party = point(at=later(2), pointer_record="A-18", status="open")

    assert (party.pointer_record, party.pointer_status, party.since_at) == (
        "A-18",
        "open",
        later(1),
    )


def test_what_happened_is_said_better_by_the_holder_alone() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    say = partial(commands.classify_episode, at=later(1), episode_id=episode.pk)

    row = say(by=anna, class_code="welfare_check")

    assert row.class_code == "welfare_check"
    with pytest.raises(BadInput):
        say(by=anna, class_code="moonwalk")
    with pytest.raises(Refused):
        say(by=an_actor("maria.lopez"), class_code="welfare_check")
