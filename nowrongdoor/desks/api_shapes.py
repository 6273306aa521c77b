"""What every operation of the desks' API is made of: the shapes it reads and answers, and acting once."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from pydantic import ConfigDict, Strict, StringConstraints
from pydantic.config import JsonValue

from nowrongdoor.agencies.acting import act_as, act_as_piped
from nowrongdoor.calls.facts import CallerFacts
from nowrongdoor.community import queries as community
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.shapes import Body
from nowrongdoor.web.idempotency import View, once

P = ParamSpec("P")
Line = Annotated[
    str, StringConstraints(max_length=200, strip_whitespace=True, pattern=r"^[^\x00]*$")
]
Note = Annotated[
    str, StringConstraints(max_length=2000, strip_whitespace=True, pattern=r"^[^\x00]*$")
]

Flag = Annotated[bool, Strict()]

acts_once = once(act_as)
acts_once_piped = once(act_as_piped)


def example(**body: JsonValue) -> ConfigDict:
    """The example of a body, for the API's description."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class CallerIn(Body):
    """Who is on the line, who may not be the person in crisis.

    `language` is a code of the community's list. `unverified`: it is not sure that they are who they say.
    """

    model_config = example(name="a neighbor", callback="520-555-0123", language="es")

    name: Line = ""
    callback: Line = ""
    language: Line = ""
    relay: Flag = False
    unverified: Flag = False

    def facts(self) -> CallerFacts:
        """Errors: BadInput for a language that is not on the list."""
        if self.language and not community.known_code("languages", self.language):
            raise BadInput("language", "code.unknown", "Choose from the list.")
        return CallerFacts(
            name=self.name,
            callback=self.callback,
            language=self.language,
            relay=self.relay,
            unverified=self.unverified,
        )


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
