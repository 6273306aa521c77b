"""Other systems, as tests need them: a key of a program, and what it posts.

And people, who act on pages: `a_person` takes what the page's form would send as plain words, so that
a test about rules does not read HTML. The forms themselves: `tests/kit`.
"""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import resolve
from pydantic import ValidationError

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.agencies.facts import MACHINE_SCOPES
from nowrongdoor.agencies.models import Program
from nowrongdoor.calls import commands as calls
from nowrongdoor.desks import api
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.kit import acts as kit
from nowrongdoor.kit.shapes import body_of, given
from nowrongdoor.site.modules import MODULES
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import STATUS
from nowrongdoor.web.refusals import body as told_of
from tests.clients import Desk, Visitor
from tests.makers import an_actor, program_id

Ids = dict[str, str]
CALL = {"incident_class": "suicide_threat"}
EVERY_SCOPE = frozenset(action.value for action in MACHINE_SCOPES)
FLOOR, LINE, TEAMS = "911/floor", "line/counselors", "line/team-dispatch"


def a_machine(program: str = FLOOR, **more: Any) -> Client:
    """Another system with a key for one program."""
    return Visitor(headers={"Authorization": a_key(program, **more)})


def a_key(
    program: str = FLOOR, *, scopes: frozenset[str] = EVERY_SCOPE, agreed: bool = False
) -> str:
    """What it sends as `Authorization`. `agreed`: by somebody else than whoever made it."""
    row = Program.objects.get(pk=program_id(program))
    wish = TokenWish("CAD", scopes, now() + timedelta(days=1))
    by = officer("administrator", row, "victor.reed")
    token, key = agencies.issue_token(by=by, at=now(), program_id=row.pk, wish=wish)
    if agreed:
        privacy = officer("privacy_officer", row, "grace.webb")
        agencies.agree_to_key(by=privacy, at=now(), token_id=token.pk)
    return f"Bearer {key}"


def officer(role: str, program: Program, username: str) -> Actor:
    """Somebody in this role in the program's agency."""
    own = {"agency_id": program.agency_id, "program_id": program.pk}
    return replace(an_actor(username), role=role, **own)  # type: ignore[arg-type]


class Person(Desk):
    """Somebody at a desk. What they read, their session reads; what they do, their page's act does."""

    def __init__(self, username: str, program: str = "") -> None:
        super().__init__(username, program)
        self.by = an_actor(username, program)

    def does(self, path: str, body: dict[str, Any]) -> HttpResponse:
        try:
            return _told(self._done(path, body))
        except Refused as refusal:
            return _told(told_of(refusal), STATUS[type(refusal)])
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][-1])
            return _told({"rule": "input.unreadable", "because": "", "field": field}, 422)

    def _done(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        by, at = self.by, kit.now()
        if path == "/calls":
            contact = api._contact(api.CallIn.model_validate(body), by, at)
            row = calls.take_contact(by=by, at=at, contact=contact)
            return {"id": str(row.pk), "episode_id": str(row.episode_id)}
        if path.startswith("/watch/"):
            watch = {"/watch/offer": calls.offer_watch, "/watch/accept": calls.accept_watch}[path]
            asked = {name: UUID(id) for name, id in body.items()}
            return {"lines": watch(by=by, at=at, **asked)}
        if path.endswith("/answers"):
            episode_id = UUID(path.split("/")[2])
            together = body.get("asked_together", False)
            said = {"given": body["answers"], "asked_together": together}
            calls.answer(by=by, at=at, episode_id=episode_id, **said)
            return {"id": str(episode_id), "episode_id": str(episode_id)}
        return self._act(path, body)

    def _act(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        path, body = _on_the_page(path, body)
        found = resolve(f"{path}/")
        module, name = found.view_name.split(":")
        [act] = [
            m.acts.all[name]
            for m in MODULES
            if m.acts and name in m.acts.all and m.acts.module == module
        ]
        shape = body_of(name, name, act.inputs)
        values = given(shape.model_validate(body) if shape else None, act.inputs)  # type: ignore[attr-defined]
        done = act.run(values, by=self.by, at=kit.now(), **found.kwargs)
        id = getattr(done, "pk", getattr(done, "id", done))
        episode_id = getattr(done, "episode_id", found.kwargs.get("episode_id"))
        return {"id": str(id), "episode_id": None if episode_id is None else str(episode_id)}


def _told(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """An answer, as the client of a machine has it."""
    answer = JsonResponse(body, status=status)
    answer.json = lambda: body  # type: ignore[attr-defined]
    return answer


_PAGES = {"offers": "offer", "searches": "seek", "tries": "tried", "requests": "help"}
"""The last word of an address here, and of the page's act where that has another."""


def _on_the_page(path: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    head, _slash, last = path.rpartition("/")
    if head.endswith("/duties"):
        return head.removesuffix("duties") + "duty", body | {"duty": last}
    return f"{head}/{_PAGES.get(last, last)}", body


def a_person(username: str, program: str = "") -> Person:
    return Person(username, program)


def get(client: Client, path: str) -> HttpResponse:
    return client.get(f"/api/v1{path}")


def post(
    client: Client, path: str, body: dict[str, Any] | None = None, key: str = ""
) -> HttpResponse:
    if isinstance(client, Person):
        return client.does(path, body or {})
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1{path}", body or {}, content_type="application/json", headers=headers
    )


def done(answer: HttpResponse) -> dict[str, Any]:
    """What was done; fails with the rule that said no."""
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def rule(answer: HttpResponse) -> tuple[int, str]:
    """Why not: the status and the rule."""
    return answer.status_code, json.loads(answer.content)["rule"]


def taken(client: Client, **more: Any) -> Ids:
    """A call that somebody took, or a machine entered: its episode and its line."""
    episode_id = done(post(client, "/calls", CALL | more))["episode_id"]
    [leg] = lines(client, {"episode_id": episode_id})
    return {"episode_id": episode_id, "leg_id": leg["id"]}


def handed_on(floor: Client, line: Client) -> Ids:
    """A call whose offer the line has accepted."""
    ids = taken(floor)
    offer = {"kind": "warm_transfer", "to_program_id": str(program_id("line/counselors"))}
    offered = done(post(floor, f"/episodes/{ids['episode_id']}/offers", offer))
    done(post(line, f"/offers/{offered['id']}/accept"))
    return ids


def lines(client: Client, ids: Ids) -> list[dict[str, Any]]:
    found = get(client, f"/episodes/{ids['episode_id']}/lines")
    assert found.status_code == 200, found.content
    listed: list[dict[str, Any]] = found.json()
    return listed


def on(client: Client, ids: Ids) -> dict[str, str]:
    """Who is on the one line, and how."""
    [leg] = lines(client, ids)
    return {each["name"]: each["mode"] for each in leg["on"]}
