"""What every operation of the desks' API is made of: the shapes it reads and answers, and acting once."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, ParamSpec, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic.config import JsonValue

from nowrongdoor.agencies.acting import acting, acting_piped
from nowrongdoor.calls.facts import CallerFacts
from nowrongdoor.community import queries as community
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.idempotency import View, once

P = ParamSpec("P")
Line = Annotated[
    str, StringConstraints(max_length=200, strip_whitespace=True, pattern=r"^[^\x00]*$")
]
Note = Annotated[
    str, StringConstraints(max_length=2000, strip_whitespace=True, pattern=r"^[^\x00]*$")
]
Callback = Annotated[
    str, StringConstraints(max_length=40, strip_whitespace=True, pattern=r"^[^\x00]*$")
]


def _written(value: object) -> object:
    """A bare number would be read as seconds since 1970, and a mistake become a time long ago."""
    if not isinstance(value, str) or re.match(r"\d{4}-\d\d-\d\d[Tt ]", value) is None:
        raise ValueError("not a date and a time")
    return value


When = Annotated[datetime, BeforeValidator(_written)]
Flag = Annotated[bool, Strict()]
Version = Annotated[int, Strict(), Field(ge=0, le=2**31 - 1)]

acts_once = once(acting)
acts_once_piped = once(acting_piped)


def example(**body: JsonValue) -> ConfigDict:
    """The example of a body, for the API's description."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class Body(Schema):
    """What is sent. A word that it does not know is refused: misspelled, it would be lost unseen."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Why not: the rule that said no, in a stable word and in a sentence."""

    rule: str
    because: str
    field: str = ""


class Done(Schema):
    """What was done, by its id, to which episode."""

    id: UUID
    episode_id: UUID | None


class CallerIn(Body):
    """Who is on the line, who may not be the person in crisis.

    `language` is a code of the community's list. `unverified`: it is not sure that they are who they say.
    """

    model_config = example(name="a neighbor", callback="520-555-0123", language="es")

    name: Line = ""
    callback: Callback = ""
    language: Line = ""
    relay: Flag = False
    unverified: Flag = False

    def facts(self) -> CallerFacts:
        """Errors: BadInput for a language that is not on the list."""
        if self.language and not community.known_code("languages", self.language):
            raise BadInput("language", "code.unknown", "Choose one of the list.")
        return CallerFacts(
            name=self.name,
            callback=self.callback,
            language=self.language,
            relay=self.relay,
            unverified=self.unverified,
        )


REFUSALS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)
WRITES: dict[int, Any] = {200: Done, **REFUSALS}


def writes(operation: Callable[P, Schema]) -> Callable[P, HttpResponse]:
    """An operation that changes something: once for each idempotency key."""
    return _once_by(acts_once, operation)


def writes_piped(operation: Callable[P, Schema]) -> Callable[P, HttpResponse]:
    """The same for an operation that asks the database nothing about what it writes."""
    return _once_by(acts_once_piped, operation)


def _once_by(
    acts: Callable[[View], View], operation: Callable[P, Schema]
) -> Callable[P, HttpResponse]:
    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        def view(_request: HttpRequest) -> HttpResponse:
            return JsonResponse(operation(*args, **kwargs).model_dump(mode="json"))

        return acts(view)(cast("HttpRequest", args[0]))

    return run


def actor_of(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by api_actor
    return by
