"""A form with a file: how long, how many, and by whom."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.clients import HOST, Desk

pytestmark = pytest.mark.usefixtures("db")
LONGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def a_file(length: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("draft.yaml", b"#" * length)


def test_a_file_of_the_longest_protocol_is_read_and_a_longer_one_is_not() -> None:
    desk = Desk("ruth.palmer")

    read, not_read = (
        desk.post(reverse("triage:draft"), {"text": "", "file": a_file(length)})
        for length in (LONGEST - 1000, LONGEST + 1)
    )

    assert (read.status_code, not_read.status_code) == (422, 413)


def test_a_stranger_makes_the_server_read_no_long_body() -> None:
    """The check for forgeries reads a form before any door asks who sends it."""
    stranger = Client(enforce_csrf_checks=True, headers={"host": HOST})
    stranger.get(reverse("account_login"))  # without its cookie a form is refused unread

    statuses = [
        stranger.post(reverse("account_login"), sent).status_code
        for sent in (
            {"file": a_file(LONGEST + 1)},
            {"one": a_file(1), "two": a_file(1)},
            {"login": "x" * (LONGEST + 1)},
        )
    ]

    assert statuses == [413, 400, 413]
