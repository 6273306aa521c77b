"""Whether this process can serve: the database answers, a community is loaded, and there is space.

The second line is for whoever watches the system: how long ago the journal was last looked after.
"""

import shutil

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from nowrongdoor.community import queries as community
from nowrongdoor.journal import pulse

LEAST_FREE = 64 * 2**20
"""Bytes under NWD_VAR, where our own database lies too: four of its log's files."""


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with what is wrong. Says nothing about anybody."""
    try:
        community.community()
        age_ms = pulse.age_ms()
    except community.NotLoaded:
        return HttpResponse("no community is loaded", status=503, content_type="text/plain")
    except Error:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    if shutil.disk_usage(settings.VAR).free < LEAST_FREE:
        return HttpResponse("the disk is full", status=503, content_type="text/plain")
    sealing = (
        "nobody seals the journal" if age_ms is None else f"journal looked after {age_ms} ms ago"
    )
    return HttpResponse(f"ok\n{sealing}\n", content_type="text/plain")
