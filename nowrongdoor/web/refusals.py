"""Where rules meet HTTP: every refusal becomes an answer here, in one shape, in one place.

Pages get a sentence in place (htmx) or a page; the API gets {"rule", "because"} and, for bad
input, "field". Anything that is not a Refused is a bug and becomes a 500.
"""

import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext
from psycopg.errors import DiskFull, InsufficientPrivilege

from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused, Verdict, no
from nowrongdoor.web.logs import write_attempt
from nowrongdoor.web.rates import TooOften

AWAY = Refused(
    no(
        "database.away",
        "The database did not answer. We couldn't confirm that. Check the call "
        "before trying again.",
    )
)
FULL = Refused(
    no(
        "database.full",
        "Storage is full, so this was not done. Tell the system's administrator.",
    )
)
BROKEN = Refused(
    no(
        "server.broken",
        "Something went wrong, and it was logged. Check the call before trying again.",
    )
)
LARGE = Refused(no("body.large", "Too much at once. Nothing was changed. Send less."))
UNKEPT = no("text.unkept", "This contains a character that cannot be saved. Remove it.")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""What is asked of any address here; TRACE above all is not."""
STATUS: dict[type[Refused], int] = {
    Refused: 409,
    NotPermitted: 403,
    NotFound: 404,
    BadInput: 422,
    TooOften: 429,
}
WALLS = "walls.refused"
"""The database would not let our own code read or write this: a mistake of ours, or somebody's way around."""


class Refusals:
    """Middleware: answers a refusal, lets every other error be the bug it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if _large(request):
            refused = answer(request, LARGE)
            refused.status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return refused
        return _led(request, self.get_response(request))

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Nothing that was typed on a page reaches its view with a NUL in it: PostgreSQL keeps none.

        The API's bodies are typed and refused there.
        """
        if request.path.startswith("/api/"):
            return None
        for field, values in (*request.GET.lists(), *request.POST.lists()):
            if any("\0" in text for text in (field, *values)):
                return answer(
                    request, BadInput(field.replace("\0", ""), UNKEPT.rule, UNKEPT.sentence)
                )
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error) if isinstance(error, Refused) else None


def _large(request: HttpRequest) -> bool:
    """Whether more is sent than is read, as far as the request says so itself."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return said.isdecimal() and int(said) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _led(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Where a form of a whole page leads, as the script that sent it is told: else it never sees the address."""
    if request.headers.get("HX-Boosted") == "true" and response.has_header("Location"):
        response["HX-Redirect"] = response["Location"]
        del response["Location"]
        response.status_code = HTTPStatus.NO_CONTENT
    return response


def by_script(request: HttpRequest) -> bool:
    """Whether a page's script sent it and goes on showing that page: a part of it, or a form of all of it."""
    return "true" in (request.headers.get("HX-Request"), request.headers.get("HX-Boosted"))


def answer(
    request: HttpRequest, refusal: Refused, way: tuple[str, str] | None = None
) -> HttpResponse:
    """The refusal as this client can read it. `way`: an address that leads on, and its words."""
    status = STATUS[type(refusal)]
    if isinstance(refusal, NotPermitted | TooOften):
        write_attempt(request, refusal.verdict.rule)
    response = _shown(request, refusal, status, way)
    if isinstance(refusal, TooOften):
        response["Retry-After"] = str(refusal.wait_s)
    return response


def _shown(
    request: HttpRequest, refusal: Refused, status: int, way: tuple[str, str] | None
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(body(refusal), status=status)
    sentence = reason(refusal.verdict)
    if by_script(request):
        return _notice(sentence, status, way)
    context = {"sentence": sentence, "rule": refusal.verdict.rule, "status": status}
    return render(request, "web/refused.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    """No such address: answered as any other refusal, in the shape this client reads."""
    return answer(request, NotFound(no("address.unknown", "Page not found.")))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's
    """A form that this browser was not given by us, or long ago."""
    stale = no("form.stale", "This form has expired. Reload the page. What you typed was not sent.")
    return answer(request, NotPermitted(stale))


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug, or a database that went away in the middle. Says so without any detail; the log has it.

    Draws no template: those ask the database too.
    """
    error = sys.exc_info()[1]
    if isinstance(getattr(error, "__cause__", None), InsufficientPrivilege):
        write_attempt(request, WALLS)
    lost = isinstance(error, OperationalError | InterfaceError)
    refusal, status = (AWAY, 503) if lost else (BROKEN, 500)
    if isinstance(error, OperationalError) and isinstance(error.__cause__, DiskFull):
        refusal = FULL
    if wants_json(request):
        response: HttpResponse = JsonResponse(body(refusal), status=status)
    elif by_script(request):
        response = _notice(reason(refusal.verdict), status)
    else:
        page = "<!doctype html><html lang=en><title>{0}</title><p role=alert>{0}</p><p><a href='/'>{1}</a></p></html>"
        said = reason(refusal.verdict), gettext("Back to home")
        response = HttpResponse(format_html(page, *said), status=status)
    if lost:
        response["Retry-After"] = "1"
    return response


def _notice(sentence: str, status: int, way: tuple[str, str] | None = None) -> HttpResponse:
    """A sentence in the page's own place for it, whatever the click would have replaced."""
    link = format_html(' <a href="{}">{}</a>', *way) if way else ""
    notice = format_html('<p id="notice" role="alert" tabindex="-1">{}{}</p>', sentence, link)
    response = HttpResponse(notice, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#notice", "outerHTML"
    return response


def body(refusal: Refused) -> dict[str, Any]:
    """{"rule", "because"} and "field" for bad input: the one shape everywhere."""
    found = {"rule": refusal.verdict.rule, "because": reason(refusal.verdict)}
    if isinstance(refusal, BadInput):
        found["field"] = refusal.field
    return found


def reason(verdict: Verdict) -> str:
    """The sentence in the reader's language; names and numbers are filled in after translating."""
    sentence = gettext(verdict.sentence) if verdict.sentence else verdict.rule
    return sentence.format_map(verdict.values)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"
