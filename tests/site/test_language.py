"""The language of one request is not that of the next thing that its thread does."""

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from nowrongdoor.site.language import InLanguage


def test_a_spanish_page_leaves_no_language_behind() -> None:
    asked = RequestFactory().get("/", headers={"accept-language": "es"})
    drawn = InLanguage(lambda _request: HttpResponse(translation.get_language()))

    page = drawn(asked)

    assert (page.content, page["Content-Language"]) == (b"es", "es")
    assert translation.get_language() == "en"


def test_what_was_active_before_is_active_again() -> None:
    asked = RequestFactory().get("/", headers={"accept-language": "en"})

    with translation.override("es"):
        page = InLanguage(lambda _request: HttpResponse(translation.get_language()))(asked)
        assert (page.content, translation.get_language()) == (b"en", "es")
