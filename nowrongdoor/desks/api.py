"""The API of other systems, typed; its description is at /api/v1/openapi.json.

It has the acts that are open to machines, and no others: what a person does is done on a page. A key
acts with at most its scopes; a browser's session may read, never write. A refusal is
{"rule", "because"}, with "field" where input cannot be read. `Idempotency-Key` makes a repeated
request act once.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from nowrongdoor.agencies.access import api_actor
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import CallerFacts, ContactFacts, Medium
from nowrongdoor.calls.forms import channel_of
from nowrongdoor.community import queries as community
from nowrongdoor.desks import line_api, team_api
from nowrongdoor.desks.api_shapes import CallerIn, Line, Note, example, writes_piped
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Refused, no
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.shapes import WRITES, Body, Done
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import answer, body

api = NinjaAPI(
    title="No Wrong Door",
    version="1",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="openapi.json",
)
api.add_router("", line_api.router)
api.add_router("", team_api.router)


class CallIn(Body):
    """A call with a behavioral need. Only what happened is needed."""

    model_config = example(
        incident_class="suicide_threat",
        medium="audio",
        place="12 Quiet Street",
        caller={"name": "a neighbor", "callback": "520-555-0123", "unverified": True},
    )

    incident_class: Line
    medium: Medium = Medium.AUDIO
    place: Line = ""
    zone: Line = ""
    callback: Line = ""
    name_given: Line = ""
    note: Note = ""
    caller: CallerIn | None = None


@api.post("/calls", auth=api_actor(Action.TAKE_CALL), response=WRITES)
@writes_piped
def take_call(request: HttpRequest, call: CallIn) -> Done:
    """Enter a call; the queue of the key's program holds the person from now on, and shows that nobody is on the line."""
    by, at = actor_of(request), now()
    row = commands.take_contact(by=by, at=at, contact=_contact(call, by, at))
    return Done(id=row.pk, episode_id=row.episode_id)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return answer(request, refusal)


@api.exception_handler(AuthenticationError)
def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    stranger = no("door.stranger", "Sign in, or send a valid API key.")
    return JsonResponse(body(NotPermitted(stranger)), status=401)


@api.exception_handler(HttpError)
def no_json(request: HttpRequest, _error: HttpError) -> HttpResponse:
    return answer(request, BadInput("body", "body.unreadable", "The body is not JSON in UTF-8."))


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first thing that cannot be read, by its name. What was sent is not repeated."""
    where = error.errors[0]["loc"] if error.errors else ()
    field = str(where[-1]) if where else "body"
    return answer(
        request,
        BadInput(field, "input.unreadable", "This cannot be read; see the API's description."),
    )


def _contact(call: CallIn, by: Actor, at: datetime) -> ContactFacts:
    """Errors: BadInput for a code that is on no list, by its name here."""
    zone_id = community.zone_id(call.zone) if call.zone else None
    if call.zone and zone_id is None:
        raise BadInput("zone", "code.unknown", "Choose a zone from the list.")
    if not community.known_code("incident_classes", call.incident_class):
        raise BadInput("incident_class", "code.unknown", "Choose the incident type from the list.")
    return ContactFacts(
        at=at,
        class_code=call.incident_class,
        behavioral=True,
        channel=channel_of(by, call.medium),
        card=CardFacts(call.place, call.callback, call.name_given, call.note),
        zone_id=zone_id,
        medium=call.medium,
        caller=call.caller.facts() if call.caller else CallerFacts(callback=call.callback),
    )
