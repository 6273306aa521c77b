"""What sounds is also said: each alert's sentence lies on every page of whoever is signed in."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from nowrongdoor.site.alerts import ALERTS
from tests.clients import Desk

pytestmark = pytest.mark.usefixtures("db")


def sentences(page: str) -> dict[str, str]:
    """What the page can say, by the kind of entry that the stream names."""
    [tones] = re.findall(r'<div id="tones"[^>]*>', page)
    return dict(re.findall(r'data-([a-z_.]+)="([^"]*)"', tones))


def test_every_alert_is_said_in_the_readers_language() -> None:
    desk = Desk("luis.ortega")

    english = sentences(desk.get(reverse("calls:board")).content.decode())
    desk.post(reverse("agencies:set_language"), {"language": "es", "next": "/"})
    spanish = sentences(desk.get(reverse("calls:board")).content.decode())

    assert english == {name: escape(kind.words) for name, kind in ALERTS.items()}
    assert spanish.keys() == english.keys()
    with translation.override("es"):
        declined = translation.gettext("A request was declined.")
    assert spanish["dispatch.declined"] == declined != english["dispatch.declined"]
    assert [name for name in english if spanish[name] == english[name]] == []
