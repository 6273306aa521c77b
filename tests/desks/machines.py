"""Other systems, as tests need them: a token for a position, and what it posts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.models import Position
from nowrongdoor.web.clock import now
from tests.clients import Visitor
from tests.makers import an_actor, program_id

Ids = dict[str, str]
CALL = {"incident_class": "suicide_threat"}
EVERY_SCOPE = frozenset(action.value for action in Action)


def a_machine(username: str, admin: str, *, scopes: frozenset[str] = EVERY_SCOPE) -> Client:
    """Another system with a token for one position."""
    key = a_key(username, admin, scopes=scopes)
    return Visitor(headers={"Authorization": key})


def a_key(username: str, admin: str, *, scopes: frozenset[str] = EVERY_SCOPE) -> str:
    """What it sends as `Authorization`; issued by `admin`, made administrator where they are none."""
    position = Position.objects.filter(member__username=username).order_by("id")[0]
    wish = TokenWish("test", scopes, now() + timedelta(days=1))
    by = replace(an_actor(admin), role="administrator")
    _, key = agencies.issue_token(by=by, at=now(), position_id=position.pk, wish=wish)
    return f"Bearer {key}"


def get(client: Client, path: str) -> HttpResponse:
    return client.get(f"/api/v1{path}")


def post(
    client: Client, path: str, body: dict[str, Any] | None = None, key: str = ""
) -> HttpResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1{path}", body or {}, content_type="application/json", headers=headers
    )


def patch(client: Client, path: str, body: dict[str, Any], key: str = "") -> HttpResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return client.patch(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def done(answer: HttpResponse) -> dict[str, Any]:
    """What was done; fails with the rule that said no."""
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def rule(answer: HttpResponse) -> tuple[int, str]:
    """Why not: the status and the rule."""
    return answer.status_code, answer.json()["rule"]


def taken(machine: Client, **more: Any) -> Ids:
    """A call that a machine entered: its episode and its line."""
    episode_id = done(post(machine, "/calls", CALL | more))["episode_id"]
    [leg] = lines(machine, {"episode_id": episode_id})
    return {"episode_id": episode_id, "leg_id": leg["id"]}


def handed_on(floor: Client, line: Client) -> Ids:
    """A call whose offer the line has accepted."""
    ids = taken(floor)
    offer = {"kind": "warm_transfer", "to_program_id": str(program_id("line/counselors"))}
    offered = done(post(floor, f"/episodes/{ids['episode_id']}/offers", offer))
    done(post(line, f"/offers/{offered['id']}/accept"))
    return ids


def lines(machine: Client, ids: Ids) -> list[dict[str, Any]]:
    found = get(machine, f"/episodes/{ids['episode_id']}/lines")
    assert found.status_code == 200, found.content
    listed: list[dict[str, Any]] = found.json()
    return listed


def on(machine: Client, ids: Ids) -> dict[str, str]:
    """Who is on the one line, and how."""
    [leg] = lines(machine, ids)
    return {each["name"]: each["mode"] for each in leg["on"]}
