"""Whether this process lives, and whether the whole can do its work.

`/health` is for whoever would start it again: the database answers, a community is loaded, and there is
space; its second line is how long ago the journal was last looked after. `/ready` is for whoever sends people
here: also the database keeps what this version relies on, and the journal is being sealed.
"""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from nowrongdoor.community import queries as community
from nowrongdoor.journal import lag
from nowrongdoor.site import migrate
from nowrongdoor.web.clock import now

NO_COMMUNITY = "no community is loaded"
AWAY = "the database does not answer"
LEAST_FREE = 64 * 2**20
"""Bytes under NWD_VAR, where our own database lies too: four of its log's files."""
LOOKED_EVERY = timedelta(minutes=1)


class _Safeguards:
    """How many safeguards differ, as last looked at: `/ready` is asked again and again."""

    def __init__(self) -> None:
        self.looked_at: datetime | None = None
        self._found = 0

    def different(self, at: datetime) -> int:
        if self.looked_at is None or at - self.looked_at > LOOKED_EVERY:
            self._found, self.looked_at = len(migrate.differences()), at
        return self._found


SAFEGUARDS = _Safeguards()


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with what is wrong. Says nothing about anybody."""
    try:
        community.community()
        age_ms = lag.age_ms()
    except community.NotLoaded:
        return _not(NO_COMMUNITY)
    except Error:
        return _not(AWAY)
    if shutil.disk_usage(settings.VAR).free < LEAST_FREE:
        return _not("the disk is full")
    sealing = (
        "nobody seals the journal" if age_ms is None else f"journal looked after {age_ms} ms ago"
    )
    return HttpResponse(f"ok\n{sealing}\n", content_type="text/plain; charset=utf-8")


@require_GET
def ready(_request: HttpRequest) -> HttpResponse:
    """200 "ready", or 503 with what is missing. Says nothing about anybody."""
    try:
        missing = _missing()
    except community.NotLoaded:
        missing = NO_COMMUNITY
    except Error:
        missing = AWAY
    return (
        _not(missing)
        if missing
        else HttpResponse("ready\n", content_type="text/plain; charset=utf-8")
    )


def _missing() -> str:
    """What keeps this version from working here; empty where nothing does.

    Errors: NotLoaded where there is no community; Django's where there is no database.
    """
    if missing := migrate.behind():
        return f"{missing} migrations are not applied"
    if different := SAFEGUARDS.different(now()):
        return (
            f"{different} safeguards are not as this version makes them: run `nowrongdoor verify`"
        )
    community.community()
    stale_ms = 1000 * community.setting("stale_s", now())
    age_ms = lag.age_ms()
    if age_ms is None:
        return "nobody seals the journal"
    return f"journal looked after {age_ms} ms ago" if age_ms > stale_ms else ""


def _not(what: str) -> HttpResponse:
    return HttpResponse(what, status=503, content_type="text/plain; charset=utf-8")
