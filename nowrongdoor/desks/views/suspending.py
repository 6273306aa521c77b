"""What a privacy officer writes on a person's page: that law enforcement asked to suspend the accounting."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks.views.persons import require_own_agency
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import led
from nowrongdoor.sharing import commands
from nowrongdoor.sharing.suspending import Way
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once

MOST_DAYS = 3650


@require_POST
@requires(Action.GOVERN_SHARING)
@once(act_as)
def suspend_accounting(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Write the request down. The accounting leaves these lines out from now on."""
    by, posted, at = actor_of(request), request.POST, now()
    require_own_agency(by, person_id)
    commands.suspend_accounting(
        by=by,
        at=at,
        person_id=person_id,
        until_at=at + _days(posted.get("days", "")),
        official=posted.get("official", ""),
        way=_way(posted.get("way", "")),
        to_agency_id=_agency(posted.get("to_agency_id", "")),
        to_name=posted.get("to_name", ""),
    )
    return led(request, reverse("calls:person", args=[person_id]))


@require_POST
@requires(Action.GOVERN_SHARING)
@once(act_as)
def lift_suspension(request: HttpRequest, suspension_id: UUID) -> HttpResponse:
    """Say it all again before its time is over."""
    row = commands.lift_suspension(by=actor_of(request), at=now(), suspension_id=suspension_id)
    return led(request, reverse("calls:person", args=[row.person_id]))


def _days(text: str) -> timedelta:
    if not text.isdecimal() or len(text) > len(str(MOST_DAYS)) or not 0 < int(text) <= MOST_DAYS:
        raise BadInput("days", "number.wrong", "Enter for how many days, from 1 to 3650.")
    return timedelta(days=int(text))


def _way(text: str) -> Way:
    try:
        return Way(text)
    except ValueError:
        raise BadInput("way", "code.unknown", "Choose how they asked.") from None


def _agency(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadInput("to_agency_id", "code.unknown", "Choose from the list.") from None
