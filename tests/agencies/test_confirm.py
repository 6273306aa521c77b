"""An administrator acts as nobody by the sign-in they gave: somebody else confirms first who signs in (H4)."""

from collections.abc import Iterator
from datetime import timedelta
from time import time
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies import access, commands, sessions
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.agencies.models import Member, Position, Presence, Token
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.web.clock import now
from tests.agencies.confirming import OWN, comes_in, confirm, given, had_one, waits
from tests.agencies.test_people import HERE, kinds
from tests.clients import Desk
from tests.commandline import nowrongdoor
from tests.makers import an_actor, member_id, program_id

Admin = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.usefixtures("db")
UNCONFIRMED = "agencies:unconfirmed"
GIVING = ("give_password", "replace_sign_in")
SHUT = (
    "calls:board",
    "live",
    "agencies:home",
    "agencies:positions",
    "agencies:keys",
    "agencies:account",
    "calls:new_call",
)


def where(client: Client, name: str) -> str:
    return str(client.get(reverse(name)).headers.get("Location", "")).partition("?")[0]


def everything_is_shut(client: Client) -> None:
    for name in SHUT:
        assert where(client, name) == reverse(UNCONFIRMED), name
    assert client.get("/api/v1/episodes").status_code == 401
    assert client.post(reverse("agencies:see_replaced")).status_code == 302
    assert client.post(reverse("agencies:positions")).status_code == 302


@pytest.fixture
def real(settings: Any) -> Iterator[None]:
    """Where people are real: the first second factor is asked for, and set up by whoever comes first."""
    settings.SYNTHETIC = False
    yield
    settings.SYNTHETIC = True


def adds_a_factor(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": OWN})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302


def attacks() -> tuple[Client, Token]:
    """Oscar makes a key that shows names, takes over the privacy officer's sign-in, and agrees to it."""
    had_one("paula.stone")
    wish = TokenWish("x", frozenset({"see_board", "see_people"}), now() + timedelta(days=1))
    program = program_id("line/counselors")
    token, _key = commands.issue_token(
        by=an_actor("oscar.nunez"), at=now(), program_id=program, wish=wish
    )
    thief = comes_in("paula.stone", given("paula.stone"))
    adds_a_factor(thief)
    thief.get(reverse("agencies:positions"))
    thief.post(reverse("agencies:see_replaced"))
    thief.post(reverse("agencies:agree_to_key", args=[token.pk]))
    return thief, Token.objects.get(pk=token.pk)


@pytest.mark.usefixtures("real")
def test_an_administrator_does_not_become_the_privacy_officer_and_agrees_to_no_key_of_their_own() -> (
    None
):
    thief, token = attacks()

    assert token.agreed_at is None
    everything_is_shut(thief)
    assert not Presence.objects.exists()
    assert Authenticator.objects.filter(user__username="paula.stone").exists()
    assert "agencies.token_agreed" not in kinds()


@pytest.mark.usefixtures("real")
def test_the_control_asks_for_nobody_and_lets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it was: whoever has the given password is the member."""
    monkeypatch.setattr(access, "unconfirmed", lambda _request: False)
    monkeypatch.setattr(Member, "unconfirmed", False)

    _thief, token = attacks()

    assert token.agreed_by_id == member_id("paula.stone")


@pytest.mark.parametrize("how", GIVING)
def test_nothing_opens_before_somebody_else_confirms_and_everything_after(how: str) -> None:
    maria = waits("maria.lopez", how)
    everything_is_shut(maria)
    page = maria.get(reverse(UNCONFIRMED)).content.decode()
    assert "Oscar Nunez" in page
    assert "Denise Wright" in page

    assert confirm(an_actor("denise.wright"), "maria.lopez") == ""

    assert where(maria, UNCONFIRMED) == reverse("agencies:home")
    maria.get(reverse("agencies:positions"))
    assert where(maria, "calls:board") == reverse("agencies:account")
    told = maria.get(reverse("agencies:account")).content.decode()
    assert "Oscar Nunez" in told
    assert "Denise Wright confirmed" in told
    maria.post(reverse("agencies:see_replaced"))
    assert maria.get(reverse("calls:board")).status_code == 200
    row = Member.objects.get(username="maria.lopez")
    assert (row.replaced_at, row.confirmed_at, row.confirmed_by) == (None, None, None)
    assert kinds().count("agencies.sign_in_confirmed") == 1


def test_a_session_that_has_its_position_already_acts_neither_on_pages_nor_by_the_api() -> None:
    """As one would that was left open. After it is confirmed the same session reads."""
    maria = waits("maria.lopez")
    session = maria.session
    session[access.POSITION] = str(an_actor("maria.lopez").position_id)
    session.save()

    everything_is_shut(maria)

    assert confirm(an_actor("denise.wright"), "maria.lopez") == ""
    assert maria.get("/api/v1/episodes").status_code == 200


def test_what_they_sign_in_with_and_signing_out_stay_open() -> None:
    maria = waits("maria.lopez")
    maria.post(reverse("account_reauthenticate"), {"password": OWN})

    for name in ("mfa_index", "mfa_activate_totp", "account_change_password", UNCONFIRMED):
        assert maria.get(reverse(name)).status_code == 200, name
    maria.post(reverse("account_logout"))
    assert where(maria, UNCONFIRMED) == "/account/sign-in/"


def test_a_second_one_given_waits_again() -> None:
    """What was confirmed was the sign-in of before."""
    waits("maria.lopez")
    assert confirm(an_actor("denise.wright"), "maria.lopez") == ""

    again = comes_in("maria.lopez", given("maria.lopez", "give_password"))

    everything_is_shut(again)


def test_a_first_password_on_the_first_day_waits_for_nobody() -> None:
    first = comes_in("maria.lopez", given("maria.lopez", "give_password"))
    first.get(reverse("agencies:positions"))

    assert first.get(reverse("calls:board")).status_code == 200


def test_one_given_where_a_factor_or_a_providers_account_was_there_waits() -> None:
    """Who signs in by a passkey, or at their agency, has no password here."""
    totp.TOTP.activate(Member.objects.get(username="maria.lopez"), totp.generate_totp_secret())
    given("maria.lopez", "give_password")

    assert Member.objects.get(username="maria.lopez").unconfirmed


def test_the_demos_picker_signs_in_as_before() -> None:
    had_one("maria.lopez")
    given("maria.lopez")

    assert Desk("maria.lopez").get(reverse("calls:board")).status_code == 200


def test_what_was_not_confirmed_is_not_put_aside() -> None:
    """Nor by the demo's picker, which passes the waiting by."""
    waits("maria.lopez")

    with pytest.raises(Refused) as refusal:
        commands.see_replaced(by=an_actor("maria.lopez"), at=now())

    assert refusal.value.verdict.rule == "sign_in.unconfirmed"
    assert Member.objects.get(username="maria.lopez").unconfirmed


def test_it_is_confirmed_on_the_pages_of_those_who_may() -> None:
    url = reverse("agencies:confirm_sign_in", args=[member_id("maria.lopez")])
    for who, name in (("denise.wright", "agencies:shift"), ("paula.stone", "agencies:keys")):
        had_one("maria.lopez")
        password = given("maria.lopez")
        early = Desk(who).get(reverse(name)).content.decode()
        assert "Sign-ins to confirm" in early
        assert url not in early
        comes_in("maria.lopez", password)
        giver = Desk("oscar.nunez").get(reverse("agencies:people")).content.decode()
        assert "Someone else must confirm it" in giver
        assert url not in giver
        desk = Desk(who)
        assert url in desk.get(reverse(name)).content.decode()

        done = desk.htmx(url, {"on": name.partition(":")[2]})

        assert done.status_code == 200
        assert "Sign-ins to confirm" not in desk.get(reverse(name)).content.decode()
        assert Desk("oscar.nunez").post(url).status_code == 403
        assert Desk("ruth.palmer").post(url).status_code == 404


@pytest.fixture
def thomas(admin: Admin) -> Iterator[Actor]:
    """A second administrator of Maria's agency."""
    row = Position.objects.get(member__username="thomas.baker")
    post = Position.objects.get(member__username="oscar.nunez")
    words = "UPDATE agencies_position SET role = %s, program_id = %s WHERE id = %s"
    admin.execute(words, [post.role, post.program_id, row.pk])
    yield an_actor("thomas.baker")
    admin.execute(words, [row.role, row.program_id, row.pk])


def test_another_administrator_confirms(thomas: Actor) -> None:
    waits("paula.stone")

    assert [row.username for row in sessions.to_confirm(thomas, at=now())] == ["paula.stone"]
    assert sessions.confirmers(member_id("paula.stone"), at=now()) == ("Thomas Baker",)
    assert confirm(thomas, "paula.stone") == ""


def test_who_waits_confirms_nobody(thomas: Actor) -> None:
    """By two sign-ins that one administrator gave, neither confirms the other."""
    waits("paula.stone")
    other = waits("thomas.baker")

    url = reverse("agencies:confirm_sign_in", args=[member_id("paula.stone")])
    assert other.post(url).status_code == 302

    assert Member.objects.get(username="paula.stone").unconfirmed
    assert sessions.confirmers(member_id("paula.stone"), at=now()) == ()


def test_where_nobody_else_may_the_machines_own_command_line_confirms() -> None:
    waits("paula.stone")
    assert sessions.confirmers(member_id("paula.stone"), at=now()) == ()

    done = nowrongdoor(HERE, "confirm", "paula.stone")
    again = nowrongdoor(HERE, "confirm", "paula.stone")

    assert (done.returncode, done.stdout) == (0, "")
    assert not Member.objects.get(username="paula.stone").unconfirmed
    assert (again.returncode, "not waiting" in again.stderr) == (1, True)


def test_the_machines_operator_gives_a_password_that_waits_for_nobody() -> None:
    had_one("oscar.nunez")

    nowrongdoor(HERE, "password", "oscar.nunez")

    assert not Member.objects.get(username="oscar.nunez").unconfirmed
