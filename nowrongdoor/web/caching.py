"""No browser and no proxy keeps a copy of a page (ASVS 14.3.2): a shared desk shows nobody's work."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Unkept:
    """Middleware: every answer that does not say otherwise is kept nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
