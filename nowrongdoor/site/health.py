"""Whether this process can serve: the database answers and a community is loaded."""

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from nowrongdoor.community import queries as community


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with what is wrong. Says nothing about anybody."""
    try:
        community.community()
    except community.NotLoaded:
        return HttpResponse("no community is loaded", status=503, content_type="text/plain")
    except Error:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
