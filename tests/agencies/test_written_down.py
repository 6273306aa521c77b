"""Signing in that failed, and what was refused to somebody, is in the log; names and passwords are not."""

import json
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.db import connection
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.agencies.models import Member, Position
from nowrongdoor.journal.models import Entry
from nowrongdoor.web.clock import now
from tests.agencies.test_passwords import at_her_board, change, code_of
from tests.agencies.test_sign_in import PASSWORD, browser, sign_in
from tests.clients import Desk
from tests.desks.machines import a_machine
from tests.makers import an_actor, member_id

pytestmark = pytest.mark.usefixtures("db")


def said(log: pytest.LogCaptureFixture) -> list[str]:
    found = [record.getMessage() for record in log.records if record.name.startswith("nowrongdoor")]
    log.clear()
    return found


def test_a_sign_in_that_failed_is_written_down(
    maria: Member, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser()
    sign_in(client)
    assert said(caplog) == []

    for _ in range(5):
        sign_in(browser(), "a wrong password")
    assert said(caplog) == ["sign-in failed: password"] * 5
    sign_in(browser())
    assert said(caplog) == ["sign-in failed: locked out"]


def test_a_wrong_second_factor_is_written_down(
    maria: Member, caplog: pytest.LogCaptureFixture
) -> None:
    totp.TOTP.activate(maria, totp.generate_totp_secret())
    client = browser()
    sign_in(client)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert said(caplog) == ["sign-in failed: second factor"]


def test_a_refusal_is_written_down_with_who_asked_by_id(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk("judith.park")
    caplog.clear()

    desk.get(reverse("calls:new_call"))
    browser().post(reverse("agencies:lock"), headers={"HX-Request": "true"})

    assert said(caplog) == [
        f"refused: role.not_granted /calls/new/ member:{member_id('judith.park')}",
        "refused: door.stranger /lock/ -",
    ]


def test_attempts_to_get_around_are_written_down_with_ids_and_nothing_that_was_typed(
    caplog: pytest.LogCaptureFixture, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, stranger, machine = Desk("anna.miller"), browser(), a_machine()
    settings.MEMBER_RATE = settings.KEY_RATE = 1
    caplog.clear()

    stranger.post(reverse("guests:code"), {"place": "sheriff911", "code": "12345678"})
    stranger.post(reverse("guests:follow", args=["made-up"]))
    browser().post("/api/v1/calls", headers={"Authorization": "Bearer made-up"})
    said_of_strangers = said(caplog)
    duty = reverse("triage:do_duty", args=[uuid4()])
    for _ in range(2):
        desk.post(duty)
        machine.post(f"/api/v1/units/{uuid4()}/said", {}, content_type="application/json")
    said_of_rates = said(caplog)

    def wall(*_: object, **__: object) -> None:
        with act_as(an_actor("anna.miller")), connection.cursor() as cursor:
            cursor.execute("DELETE FROM journal_entry")

    monkeypatch.setattr(settings, "MEMBER_RATE", 100)
    monkeypatch.setattr("nowrongdoor.desks.views.desk.commands.take_contact", wall)
    desk.raise_request_exception = False
    assert desk.post(reverse("calls:new_call"), {}).status_code == 500

    assert said_of_strangers == [
        "refused: code.nothing /guest/ -",
        "refused: link.opens_nothing /g/<str:token>/ -",
        "sign-in failed: key",
    ]
    anna = f"member:{member_id('anna.miller')}"
    by_member, by_key = said_of_rates
    assert by_member == f"refused: rate.exceeded /episodes/<uuid:episode_id>/duty/ {anna}"
    assert by_key.startswith("refused: rate.exceeded /api/v1/units/")
    assert f"refused: walls.refused /calls/new/ {anna}" in said(caplog)


def test_signing_out_clears_what_the_browser_kept() -> None:
    desk = Desk("anna.miller")

    assert desk.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache", "storage"'


def journal() -> list[tuple[str, str]]:
    """What happened to members, and to whom."""
    with act_as_task("feed"):
        rows = Entry.objects.filter(kind__startswith="agencies.").order_by("recorded_at", "id")
        return [(row.kind, json.loads(row.ids)["member_id"]) for row in rows]


def test_what_members_change_about_how_they_sign_in_is_in_the_journal(maria: Member) -> None:
    her = str(maria.pk)
    client = at_her_board()
    before = journal()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    code = code_of(client.session["mfa.totp.secret"])
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert change(client, "a horse of my own") == 302

    assert journal()[len(before) :] == [
        ("agencies.factor_added", her),
        ("agencies.recovery_codes_made", her),
        ("agencies.factor_removed", her),
        ("agencies.password_changed", her),
    ]


def test_a_password_that_is_refused_changes_nothing_and_is_not_in_the_journal(
    maria: Member,
) -> None:
    client = at_her_board()
    before = journal()

    assert change(client, "elevenchars") == 200

    assert journal() == before


def test_a_member_without_a_position_changes_it_too_and_the_log_says_so(
    maria: Member, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser()
    sign_in(client)
    Position.objects.filter(member=maria).update(until_at=now())
    caplog.clear()

    assert change(client, "a horse of my own") == 302

    assert "changed: password_changed" in said(caplog)
