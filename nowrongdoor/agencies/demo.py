"""Signing in as somebody made up, with one click. Only on this machine, only in a synthetic city."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest

from nowrongdoor.agencies import actors, commands
from nowrongdoor.agencies.access import LOCKED, POSITION
from nowrongdoor.agencies.models import Member
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now

LOOPBACK = frozenset({"127.0.0.1", "::1"})
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def only_here(request: HttpRequest) -> None:
    """Errors: Http404 anywhere but on this machine, in a synthetic city."""
    if not settings.SYNTHETIC or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404


def sign_in(request: HttpRequest, member_id: UUID, position_id: UUID) -> Actor:
    """Begin a session as this member, in this position, at their desk. Errors: Http404, BadInput."""
    only_here(request)
    login(request, Member.objects.get(pk=member_id, synthetic=True), backend=BACKEND)
    request.session.pop(LOCKED, None)
    return act(request, position_id)


def act(request: HttpRequest, position_id: UUID) -> Actor:
    """Begin to act in a position: remember it, and take a seat. Errors: BadInput where it has ended."""
    by = actors.actor_at(position_id, at=now())
    if by is None:
        raise BadInput("position", "position.ended", "That position has ended.")
    request.session[POSITION] = str(position_id)
    commands.occupy_desk(by=by, at=now())
    return by
