"""Desks, as acts know them: whoever acts on a desk is answered with that desk as it now stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse

from nowrongdoor.agencies.acting import Needs, granted
from nowrongdoor.kernel.verdict import BadInput


@dataclass(frozen=True, slots=True)
class Desk:
    """A role's screen made of several modules' parts.

    `page`: its address by name, which takes its subject's id. `draw`: the part of it that is drawn
    again after an act, for whoever may open its page and nobody else. `alone`: whoever looks has one
    of it, so that neither takes an id.
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

    `otherwise`: the desk that shows `row` wherever no other was named. What whoever acts may not open
    is not drawn for them, whatever their page says: it is as if no desk were named.

    Errors: BadInput where the page names a desk and no subject of it.
    """
    named = _opened(request, request.POST.get("on", ""))
    desk = named or _opened(request, otherwise)
    if desk is None:
        return None
    subject = () if desk.alone else (_subject(request) if named or row is None else row,)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(reverse(desk.page, args=subject))
    return desk.draw(request, *subject)


def _opened(request: HttpRequest, name: str) -> Desk | None:
    """The desk of this name, where its door opens to whoever acts."""
    desk = _desks.get(name)
    if desk is None or not granted(request.actor, _needs(desk.page, alone=desk.alone)):  # type: ignore[attr-defined]  # set by Doors
        return None
    return desk


@cache
def _needs(page: str, *, alone: bool) -> Needs:
    """What the page itself asks of whoever opens it: said once, at its view."""
    found = resolve(reverse(page, args=() if alone else (UUID(int=0),)))
    needs: Needs = found.func.needs  # type: ignore[attr-defined]  # set by `requires`
    return needs


def _subject(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("on_id", ""))
    except ValueError:
        raise BadInput("on_id", "id.unreadable", "The page is damaged. Reload it.") from None


def led(request: HttpRequest, url: str) -> HttpResponse:
    """Lead there, whether htmx or the browser asked."""
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
