"""Screens show the community's time; what is stored is UTC."""

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from nowrongdoor.community import queries as community


@lru_cache(maxsize=1)
def zone() -> ZoneInfo:
    """The community's time zone. Read once in a process: a community does not move."""
    return ZoneInfo(community.community().time_zone)


class InTimezone:
    """Middleware: draws every page in the community's time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            here: ZoneInfo | None = zone()
        except community.NotLoaded:
            here = None  # nothing is loaded: the pages say so, in UTC
        with timezone.override(here):
            return self.get_response(request)
