"""Desks, as acts know them: whoever acts on a desk is answered with that desk as it now stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from nowrongdoor.kernel.verdict import BadInput


@dataclass(frozen=True, slots=True)
class Desk:
    """A role's screen made of several modules' parts.

    `page`: its address by name, which takes its subject's id. `draw`: the part of it that is drawn
    again after an act. `alone`: whoever looks has one of it, so that neither takes an id.
    """

    name: str
    page: str
    draw: Callable[..., HttpResponse]
    alone: bool = False


_desks: dict[str, Desk] = {}


def open_desks(desks: Sequence[Desk]) -> None:
    """Say once, at start, which desks there are."""
    _desks.update({desk.name: desk for desk in desks})


def drawn_on(
    request: HttpRequest, otherwise: str = "", row: UUID | None = None
) -> HttpResponse | None:
    """The desk on which this act was done, as it now stands; None where it was done on no desk.

    `otherwise`: the desk that shows `row` wherever no other was named.

    Errors: BadInput where the page names a desk and no subject of it.
    """
    named = _desks.get(request.POST.get("on", ""))
    desk = named or _desks.get(otherwise)
    if desk is None:
        return None
    subject = () if desk.alone else (_subject(request) if named or row is None else row,)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(reverse(desk.page, args=subject))
    return desk.draw(request, *subject)


def _subject(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("on_id", ""))
    except ValueError:
        raise BadInput("on_id", "id.unreadable", "The page is damaged. Look again.") from None


def led(request: HttpRequest, url: str) -> HttpResponse:
    """Lead there, whether htmx or the browser asked."""
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
