"""Making, opening, answering and ending guest links, on real PostgreSQL."""

from itertools import chain, repeat

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Attested
from nowrongdoor.episodes.models import Handoff, Party
from nowrongdoor.guests import commands, keys, queries
from nowrongdoor.guests.models import Link
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import NotFound, NotPermitted, Refused
from nowrongdoor.site.reactions import DEADLINES
from tests.guests.links import (
    BELL,
    a_guests_offer,
    a_link,
    guest_of,
    held,
    lines,
    link_row,
    offer_of,
    written_in,
)
from tests.makers import NOON, an_actor, an_episode, an_offer, later, program_id

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
HALF_A_DAY_S, CODE_S = 12 * 3600, 30 * 60


def refused(act: object, **asked: object) -> str:
    with pytest.raises(Refused) as refusal:
        act(**asked)  # type: ignore[operator]
    return refusal.value.verdict.rule


def test_a_link_is_good_for_twelve_hours_and_only_digests_are_kept(admin: Admin) -> None:
    made = a_link()

    assert made.expires_at == later(HALF_A_DAY_S)
    assert made.code_expires_at == later(CODE_S)
    assert len(made.code) == 8
    assert len(made.token) >= 43
    assert written_in(admin, made.token) == []
    assert written_in(admin, made.code) == []
    assert made.token not in repr(made)
    assert made.code not in repr(made)


def test_a_code_is_kept_keyed_so_that_a_copy_of_the_table_is_not_enough(settings: object) -> None:
    ours = keys.code_digest("crc", "48291307")
    settings.SECRET_KEY = "another server's"  # type: ignore[attr-defined]

    assert keys.code_digest("crc", "48291307") != ours


def test_only_what_the_sender_may_attest_gets_a_link() -> None:
    anna = an_actor()
    to_users = an_offer(an_episode(anna), anna)
    offer = a_guests_offer()
    make = commands.make_link

    assert refused(make, by=anna, at=NOON, handoff_id=to_users.pk) == "attest.user"
    luis = an_actor("luis.ortega")
    assert refused(make, by=luis, at=NOON, handoff_id=offer.pk) == "holder.another"
    with pytest.raises(NotFound):
        make(by=an_actor("judith.park"), at=NOON, handoff_id=offer.pk)
    machine = system(program_id=anna.program_id, agency_id=anna.agency_id, code="timer")
    with pytest.raises(NotPermitted):
        make(by=machine, at=NOON, handoff_id=offer.pk)
    episodes.withdraw_offer(by=anna, at=later(1), handoff_id=offer.pk)
    assert refused(make, by=anna, at=later(2), handoff_id=offer.pk) == "offer.ended"
    with act_as(anna):
        assert not Link.objects.exists()


def test_a_second_link_of_an_offer_ends_the_first() -> None:
    offer = a_guests_offer()
    first = a_link(offer, opened=True)
    second = a_link(offer, later(60))

    old, new = queries.by_token(first.token), queries.by_token(second.token)
    assert old is not None
    assert new is not None
    assert (old.ended_at, new.ended_at) == (later(60), None)
    assert queries.by_code(first.place, first.code) is None
    rule = refused(
        commands.accept_by_link,
        by=guest_of(first),
        at=later(61),
        link_id=first.link_id,
        receiver=BELL,
    )
    assert rule == "link.ended"
    assert held(first).holder_program_id == an_actor().program_id
    member = f"member:{an_actor().member_id}"
    assert lines()[-3:] == [
        ("guests.link_opened", f"guest:{first.link_id}"),
        ("guests.link_ended", member),
        ("guests.link_made", member),
    ]


def test_a_guest_accepts_by_name_and_the_holder_moves_as_if_attested() -> None:
    made = a_link(opened=True)

    commands.accept_by_link(by=guest_of(made), at=later(90), link_id=made.link_id, receiver=BELL)

    episode, offer, link = held(made), offer_of(made), link_row(made.link_id)
    assert episode.holder_program_id == program_id("sheriff911/floor")
    assert (episode.holder_member_id, episode.held_since) == (None, later(90))
    assert (offer.guest, offer.accepted_by_id, offer.accepted_at) == (True, None, later(90))
    assert (offer.attested_name, offer.attested_operator) == ("R. Bell", "PCSD 114")
    assert offer.attested_incident == "26-110482"
    assert (link.answered_how, link.answered_at) == ("accepted", later(90))
    guest = f"guest:{made.link_id}"
    assert lines()[-3:] == [
        ("guests.link_opened", guest),
        ("episodes.guest_accepted", guest),
        ("guests.link_answered", guest),
    ]
    with act_as(an_actor()):
        assert not Deadline.objects.filter(fired_at=None, cancelled_at=None).exists()


def test_the_journal_says_no_name_and_no_code() -> None:
    made = a_link(opened=True)
    commands.accept_by_link(by=guest_of(made), at=later(90), link_id=made.link_id, receiver=BELL)

    with act_as(an_actor()):
        said = " ".join(Entry.objects.values_list("ids", flat=True))
    for word in ("Bell", "PCSD", "26-110482", "Quiet", made.token, f'"{made.code}"'):
        assert word not in said


def test_a_guest_declines_by_name_and_the_sender_still_holds() -> None:
    made = a_link(opened=True)

    commands.decline_by_link(
        by=guest_of(made),
        at=later(90),
        link_id=made.link_id,
        receiver=Attested("R. Bell", ""),
        reason="capacity",
    )

    offer = offer_of(made)
    assert held(made).holder_member_id == an_actor().member_id
    assert (offer.guest, offer.declined_by_id, offer.attested_name) == (True, None, "R. Bell")
    assert (offer.reason, offer.declined_at) == ("capacity", later(90))
    assert link_row(made.link_id).answered_how == "declined"
    with act_as(an_actor()):
        left = Party.objects.get(program_id=offer.to_program_id)
        assert left.until_at == later(90)
    assert lines()[-2][0] == "episodes.declined"


@pytest.mark.parametrize(
    ("receiver", "reason", "rule"),
    [
        (Attested("R. Bell", ""), "", "field.needed"),
        (Attested("\u200b ", "114"), "capacity", "field.needed"),
        (Attested("R. \u0412\u0435ll", "114"), "capacity", "name.scripts"),
        (Attested("R. Bell", ""), "ghost", "code.unknown"),
    ],
)
def test_a_no_without_name_or_reason_changes_nothing(
    receiver: Attested, reason: str, rule: str
) -> None:
    made = a_link(opened=True)
    asked = {"by": guest_of(made), "at": later(1), "link_id": made.link_id}

    told = refused(commands.decline_by_link, **asked, receiver=receiver, reason=reason)

    assert told == rule
    assert offer_of(made).ended == ""
    assert link_row(made.link_id).answered_at is None


def test_without_a_number_nobody_accepts() -> None:
    made = a_link(opened=True)
    asked = {"by": guest_of(made), "at": later(1), "link_id": made.link_id}

    rule = refused(commands.accept_by_link, **asked, receiver=Attested("R. Bell", " "))

    assert rule == "field.needed"
    assert offer_of(made).ended == ""


def test_an_answer_is_given_once() -> None:
    made = a_link(opened=True)
    asked = {"by": guest_of(made), "link_id": made.link_id}
    commands.accept_by_link(**asked, at=later(1), receiver=BELL)

    again = refused(commands.accept_by_link, **asked, at=later(2), receiver=BELL)
    other = refused(
        commands.decline_by_link, **asked, at=later(2), receiver=BELL, reason="capacity"
    )
    reopened = refused(commands.open_link, **asked, at=later(2))

    assert (again, other, reopened) == ("offer.accepted", "offer.accepted", "link.answered")
    assert offer_of(made).accepted_at == later(1)
    assert queries.by_code(made.place, made.code) is None


@pytest.mark.parametrize(
    ("seconds", "rule"), [(HALF_A_DAY_S - 1, ""), (HALF_A_DAY_S, "link.expired")]
)
def test_after_twelve_hours_nothing_is_answered(seconds: int, rule: str) -> None:
    made = a_link(opened=True)
    accept = {
        "by": guest_of(made),
        "at": later(seconds),
        "link_id": made.link_id,
        "receiver": BELL,
    }

    if not rule:
        commands.accept_by_link(**accept)
        assert offer_of(made).ended == "accepted"
        return
    assert refused(commands.accept_by_link, **accept) == rule
    assert offer_of(made).ended == ""
    assert held(made).holder_member_id == an_actor().member_id
    opening = {"by": guest_of(made), "at": later(seconds), "link_id": made.link_id}
    assert refused(commands.open_link, **opening) == rule


def test_what_nobody_has_opened_nobody_answers() -> None:
    made = a_link()

    rule = refused(
        commands.accept_by_link,
        by=guest_of(made),
        at=later(1),
        link_id=made.link_id,
        receiver=BELL,
    )

    assert rule == "link.unopened"
    assert offer_of(made).ended == ""


def test_one_links_guest_opens_no_other() -> None:
    """Both offers stand within one sender's wall; the link is what keeps them apart."""
    mine, other = a_link(opened=True), a_link(opened=True)

    rule = refused(
        commands.accept_by_link,
        by=guest_of(mine),
        at=later(1),
        link_id=other.link_id,
        receiver=BELL,
    )

    assert rule == "link.not_yours"
    assert offer_of(other).ended == ""


@pytest.mark.parametrize(
    ("how", "rule"),
    [("old", "link.expired"), ("ended", "link.ended"), ("unopened", "link.unopened")],
)
def test_what_a_link_refuses_to_a_yes_it_refuses_to_a_no(how: str, rule: str) -> None:
    made = a_link(opened=how != "unopened")
    if how == "ended":
        commands.end_link(by=an_actor(), at=later(1), link_id=made.link_id)
    at = later(HALF_A_DAY_S if how == "old" else 2)
    asked = {"by": guest_of(made), "at": at, "link_id": made.link_id}

    told = refused(commands.decline_by_link, **asked, receiver=BELL, reason="capacity")

    assert told == rule
    assert offer_of(made).ended == ""


def test_a_withdrawn_offer_is_not_accepted() -> None:
    made = a_link(opened=True)
    episodes.withdraw_offer(by=an_actor(), at=later(1), handoff_id=offer_of(made).pk)

    rule = refused(
        commands.accept_by_link,
        by=guest_of(made),
        at=later(2),
        link_id=made.link_id,
        receiver=BELL,
    )

    assert rule == "offer.ended"


def test_the_sender_ends_a_link_and_nobody_else_does() -> None:
    made = a_link(opened=True)
    end = {"at": later(1), "link_id": made.link_id}
    with pytest.raises(NotFound):
        commands.end_link(by=an_actor("maria.lopez"), **end)
    with pytest.raises(NotPermitted):
        commands.end_link(by=guest_of(made), **end)

    episode_id = commands.end_link(by=an_actor("luis.ortega"), **end)  # any colleague may

    assert episode_id == made.episode_id
    assert refused(commands.end_link, by=an_actor(), **end) == "link.ended"
    answered = a_link(opened=True)
    commands.accept_by_link(
        by=guest_of(answered), at=later(1), link_id=answered.link_id, receiver=BELL
    )
    late = {"by": an_actor(), "at": later(2), "link_id": answered.link_id}
    assert refused(commands.end_link, **late) == "link.answered"


def test_an_old_link_ends_by_itself_and_frees_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "new_code", lambda: "48291307")
    first = a_link()
    second = a_guests_offer()
    make = {"by": an_actor(), "at": later(HALF_A_DAY_S), "handoff_id": second.pk}
    assert refused(commands.make_link, **make) == "code.none_free"

    fire_due(at=later(HALF_A_DAY_S - 1), reactions=DEADLINES)
    assert link_row(first.link_id).ended_at is None
    fire_due(at=later(HALF_A_DAY_S), reactions=DEADLINES)

    assert link_row(first.link_id).ended_at == later(HALF_A_DAY_S)
    assert ("guests.link_ended", "timer") in lines()
    assert commands.make_link(**make).code == "48291307"


def test_an_answered_link_has_nothing_left_to_end() -> None:
    made = a_link(opened=True)
    commands.accept_by_link(by=guest_of(made), at=later(1), link_id=made.link_id, receiver=BELL)

    assert fire_due(at=later(HALF_A_DAY_S), reactions=DEADLINES) == 0
    timer = system(program_id=an_actor().program_id, agency_id=an_actor().agency_id, code="timer")
    commands.end_too_old(by=timer, at=later(HALF_A_DAY_S), subject_id=made.link_id)
    assert link_row(made.link_id).ended_at is None


def test_a_code_means_one_thing_at_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = chain(["48291307", "48291307", "11122233", "48291307"], repeat("33344455"))
    monkeypatch.setattr(keys, "new_code", lambda: next(drawn))
    dispatcher = an_actor("thomas.baker")
    offer = an_offer(
        an_episode(dispatcher), dispatcher, to="spanish-line/counselors", kind="line_transfer"
    )

    first, second = a_link(), a_link()
    elsewhere = commands.make_link(by=dispatcher, at=NOON, handoff_id=offer.pk)

    made = [(each.place, each.code) for each in (first, second, elsewhere)]
    assert made == [
        ("sheriff911", "48291307"),
        ("sheriff911", "11122233"),
        ("spanish-line", "48291307"),
    ]


def test_a_referral_accepted_by_a_guest_moves_the_holder_when_they_have_met() -> None:
    anna = an_actor()
    made = a_link()
    with act_as(anna):
        Handoff.objects.filter(episode_id=made.episode_id).update(moves="on_contact")
    commands.open_link(by=guest_of(made), at=later(1), link_id=made.link_id)

    commands.accept_by_link(by=guest_of(made), at=later(2), link_id=made.link_id, receiver=BELL)

    assert held(made).holder_member_id == anna.member_id
    episodes.confirm_contact(by=anna, at=later(3), handoff_id=offer_of(made).pk)
    assert held(made).holder_program_id == program_id("sheriff911/floor")
