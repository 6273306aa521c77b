"""One's own sessions, and a sign-in that somebody replaced (H14, ASVS 6.4.4)."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.urls import reverse

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.models import Member
from nowrongdoor.kernel.verdict import NotFound, NotPermitted
from nowrongdoor.web.clock import now
from tests.agencies.conftest import PASSWORD
from tests.agencies.test_people import kinds, secret_in
from tests.agencies.test_sign_in import browser, sign_in
from tests.clients import Desk
from tests.makers import an_actor, member_id

pytestmark = pytest.mark.usefixtures("db")
ACCOUNT, END = "agencies:account", "agencies:end_session"


def test_a_member_sees_their_sessions_and_ends_one_of_them(maria: Member) -> None:
    here, lost, other = browser(), browser(), browser()
    for each in (here, lost, other):
        sign_in(each)
        each.get(reverse("agencies:positions"))
    page = here.get(reverse(ACCOUNT)).content.decode()
    assert page.count('name="session"') == 2
    assert not [row.session_key for row in Session.objects.all() if row.session_key in page]

    from nowrongdoor.agencies import sessions

    [row] = [
        each for each in sessions.sessions_of(maria.pk) if each.key == lost.session.session_key
    ]
    here.post(reverse(END), {"session": row.id})

    assert lost.get(reverse("calls:board")).status_code == 302
    assert other.get(reverse("calls:board")).status_code == 200
    here.post(reverse(END))
    assert other.get(reverse("calls:board")).status_code == 302
    assert here.get(reverse("calls:board")).status_code == 200
    assert kinds()[-1] == "agencies.sessions_ended"


def test_nobody_ends_the_sessions_of_others(maria: Member) -> None:
    mine, theirs = Desk("anna.miller"), browser()
    sign_in(theirs)
    theirs.get(reverse("agencies:positions"))
    key = theirs.session.session_key

    mine.post(reverse(END), {"session": "x" * 16})
    mine.post(reverse(END))
    commands.end_own_sessions(by=an_actor(), at=now(), keys=frozenset({key}))

    assert theirs.get(reverse("calls:board")).status_code == 200


def test_a_lost_factor_is_replaced_by_the_administrator_and_the_member_is_told(
    maria: Member,
) -> None:
    totp.TOTP.activate(maria, totp.generate_totp_secret())
    old = Desk("maria.lopez")
    replace = reverse("agencies:replace_sign_in", args=[maria.pk])
    given = secret_in(Desk("oscar.nunez").post(replace).content.decode())
    thief, client = browser(), browser()

    sign_in(thief)  # with the password of before
    sign_in(client, given)
    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": given,
            "password1": f"another {PASSWORD}",
            "password2": f"another {PASSWORD}",
        },
    )
    commands.confirm_sign_in(by=an_actor("denise.wright"), at=now(), member_id=maria.pk)
    client.get(reverse("agencies:positions"))

    assert old.get(reverse("calls:board")).status_code == 302
    assert "_auth_user_id" not in thief.session
    assert not Authenticator.objects.exists()
    first = client.get(reverse("calls:board"))["Location"]
    assert first == f"{reverse(ACCOUNT)}?next=%2Fboard%2F"
    assert "Oscar Nunez" in client.get(reverse(ACCOUNT)).content.decode()
    client.post(reverse("agencies:see_replaced"))
    assert client.get(reverse("calls:board")).status_code == 200
    assert "agencies.sign_in_replaced" in kinds()


def test_nobody_replaces_their_own_sign_in_nor_that_of_others_people() -> None:
    oscar = an_actor("oscar.nunez")
    with pytest.raises(NotPermitted):
        commands.replace_sign_in(by=oscar, at=now(), member_id=member_id("oscar.nunez"))
    with pytest.raises(NotFound):
        commands.replace_sign_in(by=oscar, at=now(), member_id=member_id("anna.miller"))
    with pytest.raises(NotPermitted):
        commands.replace_sign_in(
            by=an_actor("denise.wright"), at=now(), member_id=member_id("maria.lopez")
        )
