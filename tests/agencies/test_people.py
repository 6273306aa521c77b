"""What an administrator and a supervisor do on their pages."""

import os
import re
from math import log2

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.agencies.models import Member, Shift, Token
from nowrongdoor.journal.models import Entry
from tests.agencies.test_sign_in import browser, sign_in
from tests.clients import Desk
from tests.commandline import nowrongdoor
from tests.makers import member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
PEOPLE = "agencies:people"
HERE = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def secret_in(page: str) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def kinds() -> list[str]:
    with act_as_task("feed"):
        return list(Entry.objects.order_by("recorded_at").values_list("kind", flat=True))


def test_an_administrator_sees_the_own_people_and_no_others() -> None:
    page = Desk("oscar.nunez").get(reverse(PEOPLE)).content.decode()

    assert "Maria Lopez" in page
    assert "Anna Miller" not in page  # the 911 centre's


def test_a_first_password_signs_in_and_is_shown_once() -> None:
    desk = Desk("oscar.nunez")
    url = reverse("agencies:give_password", args=[member_id("maria.lopez")])
    shown = desk.post(url).content.decode()
    client = browser()

    sign_in(client, secret_in(shown))
    assert len(secret_in(shown)) * log2(64) > 128

    assert client.session["_auth_user_id"] == str(member_id("maria.lopez"))
    assert "secret" not in desk.get(reverse(PEOPLE)).content.decode()
    assert "agencies.password_set" in kinds()
    assert secret_in(shown) not in str(Member.objects.get(username="maria.lopez").password)


def test_another_employers_people_are_not_there() -> None:
    desk = Desk("oscar.nunez")
    for name in ("give_password", "end_access"):
        url = reverse(f"agencies:{name}", args=[member_id("anna.miller")])
        assert desk.post(url).status_code == 404


def test_ended_access_ends_what_they_were_signed_in_to() -> None:
    maria = Desk("maria.lopez")
    Desk("oscar.nunez").post(reverse("agencies:end_access", args=[member_id("maria.lopez")]))

    assert maria.get(reverse("calls:board")).status_code == 302
    page = Desk("oscar.nunez").get(reverse(PEOPLE)).content.decode()
    assert "ended" in page


def test_a_key_for_a_machine_works_and_stops_when_it_is_revoked() -> None:
    desk = Desk("victor.reed")
    page = desk.get(reverse(PEOPLE)).content.decode()
    [floor] = re.findall(rf'value="({program_id("911/floor")})"', page)
    wish = {"label": "CAD", "program": floor, "scopes": ["see_board"], "days": "30"}
    key = secret_in(desk.post(reverse("agencies:issue_token"), wish).content.decode())
    machine = browser()

    def ask() -> int:
        return machine.get(
            "/api/v1/episodes", headers={"Authorization": f"Bearer {key}"}
        ).status_code

    assert ask() == 200
    desk.post(reverse("agencies:revoke_token", args=[Token.objects.get().pk]))
    assert ask() == 401


@pytest.mark.parametrize("days", ["", "0", "367", "x", "-1", "9" * 5000])
def test_a_key_needs_an_end(days: str) -> None:
    wish = {"label": "CAD", "program": "x", "scopes": ["see_board"], "days": days}
    answer = Desk("victor.reed").htmx(reverse("agencies:issue_token"), wish)

    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_a_label_too_long_is_refused_never_cut() -> None:
    wish = {"label": "x" * 81, "program": "x", "scopes": ["see_board"], "days": "9"}
    answer = Desk("victor.reed").htmx(reverse("agencies:issue_token"), wish)

    assert (answer.status_code, "At most 80 characters" in answer.content.decode()) == (422, True)


def test_a_supervisor_says_who_is_on_duty() -> None:
    desk = Desk("ruth.palmer")
    assert "No one is on the duty roster" in desk.get(reverse("agencies:shift")).content.decode()

    anna = str(member_id("anna.miller"))
    desk.post(reverse("agencies:start_shift"), {"member": anna, "supervises": "yes"})
    assert "Queue supervisor" in desk.get(reverse("agencies:shift")).content.decode()

    desk.post(reverse("agencies:end_shift", args=[anna]))
    assert Shift.objects.get().until_at is not None
    assert kinds()[-2:] == ["agencies.shift_started", "agencies.shift_ended"]


def test_the_first_administrator_gets_a_password_at_the_machine() -> None:
    done = nowrongdoor(HERE, "password", "victor.reed")
    client = browser()
    sign_in(client, done.stdout.strip(), "victor.reed")

    assert client.session["_auth_user_id"] == str(member_id("victor.reed"))
    with act_as_task("feed"):
        assert Entry.objects.filter(kind="agencies.password_set", by="operator").count() == 1


def test_nobody_of_that_name_is_said_in_one_sentence() -> None:
    done = nowrongdoor(HERE, "password", "no.body")

    assert (done.returncode, done.stderr.strip()) == (1, "Error: No user named no.body here.")
