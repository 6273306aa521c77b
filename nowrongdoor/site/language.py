"""A page is drawn in its reader's language, and what the thread does next is not."""

from collections.abc import Awaitable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class InLanguage(LocaleMiddleware):
    """Django's, which leaves the language of its last reader active in the thread."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        with translation.override(translation.get_language()):
            return super().__call__(request)
