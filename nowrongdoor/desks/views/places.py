"""Where a typed address is, before anybody has saved it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks import places
from nowrongdoor.kernel.text import line
from nowrongdoor.kit.acts import actor_of

MOST = 500
"""Characters of a text that is looked at: an address is shorter."""


@require_POST
@requires(Action.OFFER)
def place(request: HttpRequest) -> HttpResponse:
    """The places that a text may mean. Posted, since no address of a person stands in an address of ours."""
    text = line(request.POST.get("place", "")[:MOST])
    return render(request, "desks/place.html", places.meant(actor_of(request), text))
