"""A database in which no city is played."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.clients import HOST


@pytest.mark.usefixtures("db")
def test_where_no_city_is_played_that_is_said() -> None:
    stranger = Client(headers={"host": HOST})
    for method in (stranger.get, stranger.post):
        answer = method(reverse("sandbox:watch"))
        assert (answer.status_code, b"The demo city is not running here" in answer.content) == (
            404,
            True,
        )
