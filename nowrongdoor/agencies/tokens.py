"""Keys for machines: `Authorization: Bearer …` becomes the machine that acts by it."""

import logging
from datetime import datetime

from django.http import HttpRequest

from nowrongdoor.agencies.actors import machine
from nowrongdoor.agencies.commands import digest
from nowrongdoor.kernel.actor import Actor

log = logging.getLogger(__name__)
_SCHEME = "Bearer "


def offered(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").startswith(_SCHEME)


def actor_of(request: HttpRequest, *, at: datetime) -> Actor | None:
    """The machine of the request's key, if it is in force. One query."""
    key = request.headers.get("Authorization", "").removeprefix(_SCHEME).strip()
    by = machine(digest(key), at=at)
    if by is None:
        log.warning("sign-in failed: key")
    return by
