"""Every door, knocked on as everybody: a stranger, and each role of each kind of agency."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nowrongdoor.agencies.doors import BEFORE_ACTING, OPEN_TO_ALL
from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.agencies.models import Position
from nowrongdoor.agencies.rules import GRANTS

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
    "agencies:set_language": "reading the sign-in page; POST",
    "health": "whether the process serves; says nothing about anybody",
    "ready": "whether it can do its work; says nothing about anybody",
    "metrics": "numbers about the machinery; needs its own bearer token, 404 where none is set",
    "guests:follow": "a guest link's address: GET is one button, POST needs 256 bits of chance",
    "guests:code": "a guest link's spoken code; wrong ones are counted",
    "guests:card": "what a guest link shows, to the browser that opened it; else goes to the code",
    "guests:accept": "the guest's answer; without an open link goes back to it",
    "guests:decline": "likewise",
    "guests:leave": "forgets the link in this browser; POST",
}
REVIEWED_BEFORE = {
    "agencies:positions", "agencies:unlock", "account_reauthenticate", "account_change_password", "account_set_password",
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
    client = Client(enforce_csrf_checks=False)
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
    """One position for each role in each kind of agency that has it."""
    found: dict[tuple[str, str], Position] = {}
    for row in Position.objects.select_related("member", "program__agency").order_by("id"):
        found.setdefault((row.role, row.program.agency.kind), row)
    return list(found.values())


def sign_in(position: Position) -> Client:
    client = Client()
    answer = client.post(reverse("agencies:demo"), {"position": str(position.pk)}, **HOST)
    assert answer.status_code == 302, answer.content
    return client


def test_every_role_of_every_kind_of_agency_gets_through_exactly_its_doors() -> None:
    tried = 0
    for position in positions():
        client = sign_in(position)
        granted = GRANTS[Role(position.role)]
        for name, url, view in all_routes():
            if (
                name in OPEN_TO_ALL
                or name in BEFORE_ACTING
                or name == "live"
                or name.startswith("api-")
            ):
                continue
            needed: Action | None = getattr(view, "needs", None)
            get, post, location = knock(client, url)
            tried += 1
            shut = needed is not None and needed not in granted
            assert (403 in (get, post)) == shut, (position.role, name, get, post)
            assert not location.startswith("/account/"), (position.role, name)
            if name == "agencies:lock":
                client.post(reverse("agencies:unlock"), **HOST)
    assert tried > 500


def test_every_role_reaches_exactly_its_part_of_the_api() -> None:
    from nowrongdoor.calls.api import api

    needs = {
        (method, re.sub(r"{\w+:", "{", path)): operation.auth_callbacks[0].needs
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    for position in positions():
        client = sign_in(position)
        granted = GRANTS[Role(position.role)]
        for (method, path), needed in needs.items():
            url = "/api/v1" + re.sub(r"{\w+}", str(uuid4()), path)
            answer = client.generic(method, url, "{}", content_type="application/json", **HOST)
            if method == "POST":
                assert answer.status_code == 401, (path, "a session never writes here")
            else:
                assert (answer.status_code == 403) == (needed not in granted), (position.role, path)


def test_the_live_board_is_for_those_who_have_one() -> None:
    for position in positions():
        client = sign_in(position)
        answer = client.get(reverse("live"), **HOST)
        answer.close()
        allowed = Action.SEE_BOARD in GRANTS[Role(position.role)]
        assert answer.status_code == (200 if allowed else 403), position.role


def test_a_door_that_says_nothing_is_shut() -> None:
    from nowrongdoor.agencies.doors import _require
    from nowrongdoor.kernel.verdict import NotPermitted
    from tests.makers import an_actor

    def forgotten(request: object) -> None:
        raise AssertionError("reached")

    with pytest.raises(NotPermitted) as refusal:
        _require(an_actor("ruth.palmer"), forgotten)
    assert refusal.value.verdict.rule == "door.shut"


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.9"])
def test_the_picker_opens_to_this_machine_only(address: str) -> None:
    answer = Client(REMOTE_ADDR=address).get(reverse("agencies:demo"), **HOST)

    assert answer.status_code == 404


def test_the_picker_is_gone_where_people_are_real(settings: object) -> None:
    settings.SYNTHETIC = False  # type: ignore[attr-defined]

    assert Client().get(reverse("agencies:demo"), **HOST).status_code == 404
