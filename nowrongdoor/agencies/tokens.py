"""Keys for machines: `Authorization: Bearer …` becomes an Actor with at most the token's scopes."""

from datetime import datetime

from django.http import HttpRequest

from nowrongdoor.agencies.actors import actor_by_token
from nowrongdoor.agencies.commands import digest
from nowrongdoor.kernel.actor import Actor

_SCHEME = "Bearer "


def offered(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").startswith(_SCHEME)


def actor_of(request: HttpRequest, *, at: datetime) -> Actor | None:
    """Who the request's token acts as, if it is in force. One query."""
    key = request.headers.get("Authorization", "").removeprefix(_SCHEME).strip()
    return actor_by_token(digest(key), at=at)
