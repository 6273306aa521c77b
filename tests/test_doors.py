"""Every door, knocked on as everybody: a stranger, and somebody of each role.

What is expected stands in `tests/doors.py`, by hand: the program's own table is not asked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from itertools import product
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nowrongdoor.agencies.access import BEFORE_ACTING, OPEN_TO_ALL, _require
from nowrongdoor.agencies.acting import granted
from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.models import Position, Program
from nowrongdoor.desks.api import api
from nowrongdoor.kernel.verdict import NotPermitted
from tests.clients import Visitor
from tests.desks.machines import a_machine
from tests.doors import EVERYBODY_SIGNED_IN, HOLDERS, OPERATIONS, PAGES, opens
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")

# Reviewed by name. A door that is opened to everybody is opened here too, or this test fails.
REVIEWED_OPEN = {
    "account_login": "signing in",
    "account_inactive": "says to somebody their agency signs in that their access here has ended",
    "account_logout": "signing out, also of a sign-in that was only begun; POST",
    "mfa_authenticate": "the second step of signing in; without a first step it goes back to it",
    "mfa_login_webauthn": "signing in with a passkey",
    "openid_connect_login": "signing in at one's own agency",
    "openid_connect_callback": "coming back from there",
    "socialaccount_login_error": "what went wrong there",
    "socialaccount_login_cancelled": "what was broken off there",
    "agencies:demo": "the picker of synthetic members: loopback only, 404 unless synthetic",
    "sandbox:city": "the synthetic city's first page: loopback only, 404 unless synthetic",
    "sandbox:components": "likewise: what pages are made of, for whoever writes them",
    "sandbox:pace": "likewise; POST",
    "sandbox:take_call": "likewise: signs in as somebody made up; POST",
    "sandbox:send_team": "likewise; POST",
    "sandbox:watch": "likewise: a transfer between two made-up desks",
    "sandbox:practice": "likewise: practice with scripted callers",
    "sandbox:practice_call": "likewise",
    "sandbox:caller": "likewise",
    "sandbox:debrief": "likewise",
    "sandbox:sit": "likewise: signs in as somebody made up; POST",
    "agencies:set_language": "reading the sign-in page; POST",
    "health": "whether the process serves; says nothing about anybody",
    "ready": "whether it can do its work; says nothing about anybody",
    "metrics": "numbers about the machinery; needs its own bearer token, 404 where none is set",
    "guests:follow": "a guest link's address: GET is one button, POST needs 256 bits of chance",
    "guests:code": "a guest link's spoken code; wrong ones are counted",
    "guests:card": "what a guest link shows, to the browser that opened it; else goes to the code",
    "guests:arrived": "the guest says who received the person; without an open link goes back to it",
    "guests:accept": "the guest's answer; without an open link goes back to it",
    "guests:decline": "likewise",
    "guests:leave": "forgets the link in this browser; POST",
}
REVIEWED_BEFORE = {
    "agencies:positions", "agencies:unlock", "agencies:unconfirmed", "account_reauthenticate", "account_change_password", "account_set_password",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_index", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_edit_webauthn",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}  # fmt: skip
NOT_HERE = {
    "account_signup",
    "account_email",
    "account_reset_password",
    "socialaccount_signup",
    "socialaccount_connections",
    "mfa_signup_webauthn",
}
HOST = {"headers": {"host": "localhost"}}
# a refusal without its page
BRIEFLY = {"headers": HOST["headers"] | {"accept": "application/json"}}


def patterns(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address by its name, as it stands in the list of addresses."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{before}{entry.namespace}:" if entry.namespace else before)
        else:
            yield f"{before}{entry.name}", entry


def routes(
    resolver: URLResolver | None = None, before: str = "", outer: dict[str, object] | None = None
) -> Iterator[tuple[str, str, object]]:
    """Every address: its name, an address that fits it, its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        filled = (outer or {}) | {
            key: 1 if key == "pk" else "nobody" if key == "provider_id" else uuid4()
            for key in (*entry.pattern.converters, *entry.pattern.regex.groupindex)
        }
        if isinstance(entry, URLResolver):
            space = f"{before}{entry.namespace}:" if entry.namespace else before
            yield from routes(entry, space, filled)
        elif isinstance(entry, URLPattern):
            name = f"{before}{entry.name}"
            yield name, reverse(name, kwargs=filled), entry.callback


def all_routes() -> list[tuple[str, str, object]]:
    return sorted(routes(), key=lambda each: each[0])


def knock(client: Client, url: str) -> tuple[int, int, str]:
    """GET and POST; the first Location. 405 is a door with the other handle."""
    get = client.get(url, **HOST)
    post = client.post(url, **HOST)
    get.close()
    return get.status_code, post.status_code, str(get.headers.get("Location", ""))


def test_the_open_doors_are_the_reviewed_ones() -> None:
    assert set(OPEN_TO_ALL) == set(REVIEWED_OPEN)
    assert set(BEFORE_ACTING) == REVIEWED_BEFORE
    names = {name for name, _url, _view in all_routes()}
    assert set(OPEN_TO_ALL) <= names
    assert set(BEFORE_ACTING) <= names
    assert names & NOT_HERE == set()


def test_every_other_door_says_whom_it_is_for() -> None:
    for name, _url, view in all_routes():
        if name not in OPEN_TO_ALL | BEFORE_ACTING and not name.startswith("api-"):
            assert hasattr(view, "needs"), name


def test_a_stranger_gets_through_no_door() -> None:
    client = Visitor()
    for name, url, _view in all_routes():
        get, post, location = knock(client, url)
        if name in OPEN_TO_ALL:
            continue
        if name == "api-v1:openapi-json":
            assert get == 200  # the API's description is public
            continue
        if name.startswith("api-"):
            assert {get, post} <= ({404} if name == "api-v1:api-root" else {401, 405}), (
                name,
                get,
                post,
            )
            continue
        assert get in (302, 405), (name, get)
        assert post in (302, 405), (name, post)
        assert get == 405 or location.startswith("/account/sign-in/"), (name, location)


def positions() -> list[Position]:
    """Of each role the first. A door asks the role alone: of every program and kind that is asked below."""
    rows = Position.objects.select_related("member", "program__agency").order_by("-id")
    return list({row.role: row for row in rows}.values())


def sign_in(position: Position) -> Client:
    client = Visitor()
    answer = client.post(reverse("agencies:demo"), {"position": str(position.pk)}, **HOST)
    assert answer.status_code == 302, answer.content
    return client


def guarded() -> list[tuple[str, str, object]]:
    """The addresses of pages, and the live stream, that are not open to somebody who acts for nobody."""
    return [
        each
        for each in all_routes()
        if each[0] not in OPEN_TO_ALL | BEFORE_ACTING and not each[0].startswith("api-")
    ]


def let_through(view: Callable[..., object]) -> Callable[..., HttpResponse]:
    """The same door with nothing behind it: what answers is the door alone."""

    @wraps(view)
    def stub(request: HttpRequest, **_ids: object) -> HttpResponse:
        return HttpResponse("through")

    return stub


@pytest.fixture
def nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {name for name, _url, _view in guarded()}
    for name, pattern in patterns():
        if name in names:
            monkeypatch.setattr(pattern, "callback", let_through(pattern.callback))


def test_every_address_and_operation_has_its_row_in_the_table() -> None:
    assert {name for name, _url, _view in guarded()} == set(PAGES) | EVERYBODY_SIGNED_IN
    assert set(operations()) == set(OPERATIONS)
    assert {role for roles in HOLDERS.values() for role in roles} <= {role.value for role in Role}


@pytest.mark.usefixtures("nothing_behind")
def test_everybody_gets_through_exactly_the_doors_of_the_table() -> None:
    everywhere = guarded()
    tried = 0
    for position in positions():
        client = sign_in(position)
        for name, url, _view in everywhere:
            answer = client.get(url, **BRIEFLY)
            opened = name in EVERYBODY_SIGNED_IN or opens(position.role, PAGES[name])
            found = (answer.status_code, answer.content == b"through" or answer.json()["rule"])
            shut = (403, "role.not_granted")
            assert found == ((200, True) if opened else shut), (position.role, name)
            tried += 1
    assert tried > 1500


def test_a_role_opens_the_same_doors_in_every_program_of_every_kind() -> None:
    """Also where nobody has that role today: the door asks the role alone, and unknown ones are refused."""
    asked = [(name, view, PAGES[name]) for name, _url, view in guarded() if name in PAGES]
    asked += [(name, auth, OPERATIONS[name]) for name, auth in operations().items()]
    somebody = an_actor("ruth.palmer")
    programs = Program.objects.select_related("agency")
    for program, role in product(programs, [*(role.value for role in Role), "made_up"]):
        by = replace(
            somebody,
            role=role,
            program_id=program.pk,
            agency_id=program.agency_id,
            agency_kind=program.agency.kind,
        )
        for name, door, action in asked:
            through = granted(by, door.needs)  # type: ignore[attr-defined]
            assert through == opens(role, action), (str(program.pk), role, name)


def operations() -> dict[str, object]:
    """Every operation of the API, as `POST /calls`, and what asks who sends it."""
    return {
        f"{method} {re.sub(r'{[a-z]+:', '{', path)}": operation.auth_callbacks[0]
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def test_everybody_reads_exactly_their_part_of_the_api_and_writes_nothing() -> None:
    reading = {name: action for name, action in OPERATIONS.items() if name.startswith("GET ")}
    for position in positions():
        browser = sign_in(position)
        for name, action in reading.items():
            url = "/api/v1" + re.sub(r"{\w+}", str(uuid4()), name.partition(" ")[2])
            answer = browser.get(url, **HOST)
            refused = answer.json() if answer.status_code == 403 else {}
            shut = not opens(position.role, action)
            assert (refused.get("rule") == "role.not_granted") == shut, (position.role, name)


def test_a_machine_reaches_every_operation_whatever_its_program() -> None:
    """The API publishes what is open to machines, and nothing else. What a key may is in its scopes."""
    for program in ("911/floor", "line/counselors", "crc/adult", "tpd/mhst", "clinic-a/intake"):
        machine = a_machine(program, agreed=True)
        for name in OPERATIONS:
            method, _space, path = name.partition(" ")
            url = "/api/v1" + re.sub(r"{\w+}", str(uuid4()), path)
            answer = machine.generic(
                method, url, data="{}", content_type="application/json", **HOST
            )
            assert opens("machine", OPERATIONS[name])
            assert answer.status_code in (200, 404, 422), (name, answer.content)


def test_a_session_never_writes_at_the_api() -> None:
    """Nobody's session at one operation, and one's at all of them."""
    writing = [name for name in OPERATIONS if not name.startswith("GET ")]
    one, *others = (sign_in(position) for position in positions())
    for browser, names in ((one, writing), *((each, writing[:1]) for each in others)):
        for name in names:
            path = name.partition(" ")[2]
            url = "/api/v1" + re.sub(r"{\w+}", str(uuid4()), path)
            answer = browser.post(url, "{}", content_type="application/json", **HOST)
            assert answer.status_code == 401, path
    assert len(writing) > 5


def test_the_live_board_is_for_those_who_have_one() -> None:
    """With the real stream behind the door."""
    for position in positions():
        answer = sign_in(position).get(reverse("live"), **HOST)
        answer.close()
        opened = opens(position.role, "see_board")
        assert answer.status_code == (200 if opened else 403), position.role


def test_a_door_that_says_nothing_is_shut() -> None:
    def forgotten(request: object) -> None:
        raise AssertionError("reached")

    with pytest.raises(NotPermitted) as refusal:
        _require(an_actor("ruth.palmer"), forgotten)
    assert refusal.value.verdict.rule == "door.shut"


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.9"])
def test_the_picker_opens_to_this_machine_only(address: str) -> None:
    answer = Visitor(REMOTE_ADDR=address).get(reverse("agencies:demo"), **HOST)

    assert answer.status_code == 404


def test_the_picker_is_gone_where_people_are_real(settings: object) -> None:
    settings.SYNTHETIC = False  # type: ignore[attr-defined]

    assert Visitor().get(reverse("agencies:demo"), **HOST).status_code == 404
