"""Whether this process lives, and whether the whole can do its work.

`/health` is for whoever would start it again: the database answers, a community is loaded, and there is
space; its second line is how long ago the journal was last looked after. `/ready` is for whoever sends people
here: also the tables are of this version, and the journal is being sealed.
"""

import shutil
from functools import cache

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from nowrongdoor.community import queries as community
from nowrongdoor.journal import lag
from nowrongdoor.web.clock import now

NO_COMMUNITY = "no community is loaded"
AWAY = "the database does not answer"
LEAST_FREE = 64 * 2**20
"""Bytes under NWD_VAR, where our own database lies too: four of its log's files."""


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
    if behind := len(_ours() - MigrationRecorder(connection).applied_migrations().keys()):
        return f"{behind} migrations are not applied"
    community.community()
    stale_ms = 1000 * community.setting("stale_s", now())
    age_ms = lag.age_ms()
    if age_ms is None:
        return "nobody seals the journal"
    return f"journal looked after {age_ms} ms ago" if age_ms > stale_ms else ""


@cache
def _ours() -> frozenset[tuple[str, str]]:
    """Every migration of this version. A newer database has more: old servers go on beside new ones."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _not(what: str) -> HttpResponse:
    return HttpResponse(what, status=503, content_type="text/plain; charset=utf-8")
