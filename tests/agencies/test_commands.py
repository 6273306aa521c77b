"""Presence, shifts, access and tokens on real PostgreSQL."""

from datetime import timedelta

import psycopg
import pytest
from django.urls import reverse

from nowrongdoor.agencies import commands, queries
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.agencies.models import Member, Position, Presence, Token
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused
from nowrongdoor.web.clock import now
from tests.clients import Desk, Visitor
from tests.makers import NOON, an_actor, an_episode, later, member_id, program_id

Admin = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.usefixtures("db")


def written() -> list[str]:
    with act_as_task("sequencer"):
        return list(Entry.objects.order_by("recorded_at").values_list("kind", flat=True))


def test_sitting_down_leaves_the_earlier_desk() -> None:
    anna = an_actor()
    commands.occupy_desk(by=anna, at=NOON)
    commands.occupy_desk(by=anna, at=later(60))

    rows = list(Presence.objects.order_by("signed_in_at").values_list("ended_at", flat=True))
    assert rows == [later(60), None]
    assert written() == ["agencies.signed_in", "agencies.signed_in"]


def test_a_desk_that_falls_silent_is_noticed_once_and_found_again() -> None:
    anna = an_actor()
    commands.occupy_desk(by=anna, at=NOON)
    assert anna.member_id is not None

    assert commands.mark_lost_desks(at=later(5), lost_after_s=5) == 0
    assert commands.mark_lost_desks(at=later(6), lost_after_s=5) == 1
    assert commands.mark_lost_desks(at=later(7), lost_after_s=5) == 0
    commands.heartbeat(frozenset({anna.member_id}), at=later(8))
    commands.heartbeat(frozenset({anna.member_id}), at=later(9))

    assert written() == ["agencies.signed_in", "agencies.presence_lost", "agencies.presence_found"]
    assert queries.member_reachable(anna.member_id, 5, at=later(9))
    assert not queries.member_reachable(anna.member_id, 5, at=later(15))


def test_hearing_nobody_asks_nothing() -> None:
    commands.heartbeat(frozenset(), at=NOON)


def test_nobody_signs_out_while_holding() -> None:
    anna = an_actor()
    commands.occupy_desk(by=anna, at=NOON)

    with pytest.raises(Refused) as refusal:
        commands.vacate_desk(by=anna, at=later(1), holding=1)
    commands.vacate_desk(by=anna, at=later(2), holding=0)

    assert refusal.value.verdict.rule == "sign_out.holding"
    assert Presence.objects.get().ended_at == later(2)


def test_the_page_counts_who_is_held_by_itself() -> None:
    desk = Desk("anna.miller")
    an_episode(an_actor(), at=now())

    told = desk.post(reverse("account_logout"))

    assert told.status_code == 409
    assert "You still own 1" in told.content.decode()
    assert desk.get(reverse("calls:board")).status_code == 200


def test_an_idle_screen_locks_but_not_over_somebody() -> None:
    desk = Desk("anna.miller")
    assert desk.post(reverse("agencies:lock")).status_code == 302
    assert desk.get(reverse("calls:board"))["Location"].partition("?")[0] == reverse(
        "agencies:unlock"
    )
    assert (
        desk.get(reverse("calls:board"), headers={"Accept": "application/json"}).status_code == 403
    )
    assert desk.post(reverse("agencies:unlock")).status_code == 302
    an_episode(an_actor(), at=now())

    assert desk.post(reverse("agencies:lock")).status_code == 409
    assert desk.get(reverse("calls:board")).status_code == 200


def test_a_locked_screen_reads_nothing_by_the_api_either() -> None:
    desk = Desk("anna.miller")
    assert desk.get("/api/v1/episodes").status_code == 200
    desk.post(reverse("agencies:lock"))

    assert desk.get("/api/v1/episodes").status_code == 401


def test_ending_access_ends_everything_at_once() -> None:
    oscar = an_actor("oscar.nunez")  # the line's administrator
    desk = Desk("maria.lopez")
    other = Desk("thomas.baker")
    commands.end_access(by=oscar, at=now(), member_id=member_id("maria.lopez"))

    assert desk.get(reverse("calls:board")).status_code == 302
    assert other.get(reverse("calls:board")).status_code == 200
    assert not Member.objects.get(username="maria.lopez").is_active
    assert "agencies.access_ended" in written()


def test_whom_they_held_shows_as_unreachable() -> None:
    maria = an_actor("maria.lopez")
    commands.occupy_desk(by=maria, at=NOON)
    episode = an_episode(maria)
    commands.end_access(by=an_actor("oscar.nunez"), at=later(1), member_id=member_id("maria.lopez"))

    from nowrongdoor.episodes import queries as episodes

    [row] = episodes.board(an_actor("denise.wright"), at=later(1))
    assert row.id == episode.pk
    assert row.unreachable


def test_access_is_ended_by_ones_own_agency_only() -> None:
    with pytest.raises(NotFound):
        commands.end_access(by=an_actor("victor.reed"), at=NOON, member_id=member_id("maria.lopez"))
    with pytest.raises(NotPermitted):
        commands.end_access(
            by=an_actor("denise.wright"), at=NOON, member_id=member_id("maria.lopez")
        )


def wish(expires_at: object, *scopes: str) -> TokenWish:
    return TokenWish("CAD bridge", frozenset(scopes or ("see_board",)), expires_at)  # type: ignore[arg-type]


def bearer(key: str, path: str = "/api/v1/episodes") -> object:
    return Visitor(headers={"Authorization": f"Bearer {key}"}).get(path)


def a_token(*scopes: str) -> tuple[Token, str]:
    return commands.issue_token(
        by=an_actor("victor.reed"),
        at=now(),
        program_id=program_id("911/floor"),
        wish=wish(now() + timedelta(days=1), *scopes),
    )


def test_a_key_is_kept_as_a_hash_and_acts_for_its_program() -> None:
    token, key = a_token()
    an_episode(an_actor(), at=now())

    told = bearer(key)

    assert len(told.json()) == 1  # type: ignore[attr-defined]
    assert key not in str(Token.objects.filter(pk=token.pk).values())
    assert Token.objects.get().digest == commands.digest(key)


def test_a_token_may_at_most_what_it_was_given() -> None:
    _, key = a_token("see_board")
    machine = Visitor(headers={"Authorization": f"Bearer {key}"})

    told = machine.post(
        "/api/v1/calls", {"incident_class": "psych_distress"}, content_type="application/json"
    )

    assert told.status_code == 403
    assert told.json()["rule"] == "token.scope"


def test_a_token_that_ended_opens_nothing() -> None:
    token, key = a_token()
    commands.revoke_token(by=an_actor("victor.reed"), at=now(), token_id=token.pk)

    assert bearer(key).status_code == 401  # type: ignore[attr-defined]
    assert bearer("").status_code == 401  # type: ignore[attr-defined]
    assert bearer("x" * 43).status_code == 401  # type: ignore[attr-defined]


def test_an_expired_token_opens_nothing(admin: Admin) -> None:
    token, key = a_token()
    expired = "UPDATE agencies_token SET expires_at = %s WHERE id = %s"  # as the app may not
    admin.execute(expired, [now() - timedelta(seconds=1), token.pk])

    assert bearer(key).status_code == 401  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("by", "asked", "error"),
    [
        ("victor.reed", wish(later(1), "fly"), BadInput),
        ("victor.reed", wish(NOON), BadInput),
        ("victor.reed", wish(later(1), "accept"), BadInput),
        ("victor.reed", wish(later(1), "assume", "see_board"), BadInput),
        ("oscar.nunez", wish(later(1)), NotFound),
        ("ruth.palmer", wish(later(1)), NotPermitted),
    ],
)
def test_a_token_is_not_made_for_everything(
    by: str, asked: TokenWish, error: type[Refused]
) -> None:
    floor = program_id("911/floor")

    with pytest.raises(error):
        commands.issue_token(by=an_actor(by), at=NOON, program_id=floor, wish=asked)


def test_a_shift_says_who_answers_for_the_queue() -> None:
    ruth = an_actor("ruth.palmer")
    assert queries.supervisor_of(ruth.program_id, at=NOON) == ""
    commands.start_shift(
        by=ruth, at=NOON, member_id=member_id("ruth.palmer"), until_at=later(3600), supervises=True
    )

    assert queries.supervisor_of(ruth.program_id, at=later(1)) == "Ruth Palmer"
    assert queries.supervisor_of(ruth.program_id, at=later(3601)) == ""
    commands.end_shift(by=ruth, at=later(2), member_id=member_id("ruth.palmer"))
    assert queries.supervisor_of(ruth.program_id, at=later(3)) == ""
    with pytest.raises(NotFound):
        commands.end_shift(by=ruth, at=later(4), member_id=member_id("ruth.palmer"))


def test_only_those_who_run_shifts_run_them() -> None:
    with pytest.raises(NotPermitted):
        commands.start_shift(
            by=an_actor(),
            at=NOON,
            member_id=member_id("anna.miller"),
            until_at=None,
            supervises=True,
        )
    with pytest.raises(BadInput):
        commands.start_shift(
            by=an_actor("ruth.palmer"),
            at=NOON,
            member_id=member_id("maria.lopez"),
            until_at=None,
            supervises=False,
        )


def test_a_member_of_two_programs_chooses_one() -> None:
    desk = Desk("peter.lang", "911/in-center")
    page = desk.get(reverse("agencies:positions")).content.decode()
    assert "In-center crisis professionals" in page
    other = Position.objects.get(member__username="peter.lang", role="counselor")

    desk.post(reverse("agencies:positions"), {"position": str(other.pk)})
    foreign = desk.post(
        reverse("agencies:positions"),
        {"position": str(Position.objects.get(member__username="anna.miller").pk)},
    )

    assert "Counselors" in desk.get(reverse("calls:board")).content.decode()
    assert foreign.status_code == 422
