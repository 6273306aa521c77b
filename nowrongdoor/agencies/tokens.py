"""Keys for machines: `Authorization: Bearer …` becomes an Actor with at most the token's scopes."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from nowrongdoor.agencies.commands import digest
from nowrongdoor.agencies.models import Token
from nowrongdoor.agencies.queries import actor_at
from nowrongdoor.kernel.actor import Actor

_SCHEME = "Bearer "


def offered(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").startswith(_SCHEME)


def actor_of(request: HttpRequest, *, at: datetime) -> Actor | None:
    """Who a token acts as, or None: unknown, revoked, expired, or its position ended. Two queries."""
    key = request.headers.get("Authorization", "").removeprefix(_SCHEME).strip()
    token = Token.objects.filter(digest=digest(key), revoked_at=None, expires_at__gt=at).first()
    by = actor_at(token.position_id, at=at) if token is not None else None
    if token is None or by is None:
        return None
    return replace(by, code=f"token:{token.pk}", scopes=frozenset(token.scopes))
