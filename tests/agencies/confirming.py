"""Somebody who signs in with what somebody else gave them, and who confirms it."""

from datetime import datetime

from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.models import Member
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.web.clock import now
from tests.agencies.conftest import PASSWORD
from tests.agencies.test_sign_in import browser, sign_in
from tests.makers import an_actor, member_id

OWN = f"another {PASSWORD}"


def had_one(username: str) -> Member:
    """Somebody who has signed in before."""
    member = Member.objects.get(username=username)
    member.set_password(PASSWORD)
    member.save()
    return member


def given(username: str, how: str = "replace_sign_in", by: str = "oscar.nunez") -> str:
    password: str = getattr(commands, how)(by=an_actor(by), at=now(), member_id=member_id(username))
    return password


def comes_in(username: str, password: str) -> Client:
    """A browser where somebody signed in with what they were given, and chose a password of their own."""
    client = browser()
    sign_in(client, password, username)
    typed = {"oldpassword": password, "password1": OWN, "password2": OWN}
    assert client.post(reverse("account_change_password"), typed).status_code == 302
    return client


def waits(username: str, how: str = "replace_sign_in") -> Client:
    had_one(username)
    return comes_in(username, given(username, how))


def confirm(by: Actor, username: str, at: datetime | None = None) -> str:
    """'' where it was done, else the rule that refused it."""
    try:
        commands.confirm_sign_in(by=by, at=at or now(), member_id=member_id(username))
    except Refused as refusal:
        return refusal.verdict.rule
    return ""
