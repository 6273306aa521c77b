"""What the log says, and that it names nobody."""

import json
import logging
import os
import re
import subprocess
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from nowrongdoor.web.logs import JsonLine, Line
from tests.clients import Desk
from tests.conftest import ROOT
from tests.makers import an_episode

pytestmark = pytest.mark.usefixtures("db")
PLACE, NAME = "Under the blue bridge", "Quentin Zebra"
HOST = {"Host": "localhost"}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything down to INFO, Django's warnings of refusals too, as our two formatters write it."""
    with caplog.at_level(logging.INFO), caplog.at_level(logging.INFO, "django.request"):
        yield caplog


class Kept(logging.Handler):
    """Formats while the request is under way, as a real handler does."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.json: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(Line().format(record))
        self.json.append(json.loads(JsonLine().format(record)))

    @property
    def text(self) -> str:
        return "\n".join([*self.lines, json.dumps(self.json)])


@pytest.fixture
def kept(log: pytest.LogCaptureFixture) -> Iterator[Kept]:
    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_one_line_for_each_request(kept: Kept) -> None:
    episode = an_episode()
    desk = Desk("anna.miller")
    kept.json.clear()

    answer = desk.get(reverse("calls:episode", args=[episode.pk]), {"q": NAME})

    assert answer.status_code == 200
    [line] = kept.json
    assert line.pop("ms") is not None
    assert str(line.pop("at")).endswith("+00:00")
    assert line.pop("message") is not None
    assert line == {
        "level": "INFO",
        "logger": "nowrongdoor.web.logs",
        "request": answer.headers["X-Request-ID"],
        "route": "/episodes/<uuid:episode_id>/",
        "method": "GET",
        "status": 200,
    }


@pytest.mark.parametrize("id", ["a" * 32, "018f3c5e-7e7a-7000-8000-0123456789ab"])
def test_the_proxys_id_is_kept_where_it_looks_like_one(kept: Kept, id: str) -> None:
    answer = Client().get("/health", headers=HOST | {"X-Request-ID": id})

    assert answer.headers["X-Request-ID"] == id
    assert kept.json[-1]["request"] == id


@pytest.mark.parametrize("id", ["quentin-zebra", "a" * 31, "a" * 33, "A" * 32, "a" * 32 + "\n", ""])
def test_what_is_no_id_is_replaced(kept: Kept, id: str) -> None:
    answer = Client().get("/health", headers=HOST | {"X-Request-ID": id})

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] != id
    assert kept.json[-1]["request"] == answer.headers["X-Request-ID"]


def test_one_request_does_not_carry_anothers_id(kept: Kept) -> None:
    Client().get("/health", headers=HOST)
    logging.getLogger("nowrongdoor").info("between two requests")
    Client().get("/health", headers=HOST)

    first, between, second = (line["request"] for line in kept.json)
    assert between is None
    assert first != second


def test_nothing_that_names_anybody_is_ever_logged(kept: Kept) -> None:
    """Answered, refused, not found, forged and broken: each with words that must not be repeated."""
    episode = an_episode(place=PLACE)
    desk = Desk("anna.miller")
    kept.json.clear()
    kept.lines.clear()
    said = {"place": PLACE, "person_name": NAME, "class_code": "psych_distress"}

    desk.get(reverse("calls:episode", args=[episode.pk]), {"name": NAME})
    desk.post("/calls/new/", said)
    desk.post(reverse("calls:paper"), said)
    desk.post(f"/episodes/{episode.pk}/nowhere/{NAME}", said)
    desk.get("/nowhere/" + NAME)
    desk.generic("QUENTIN", "/calls/new/")
    forged = Client(enforce_csrf_checks=True)
    forged.post(reverse("account_login"), {"login": NAME, "password": PLACE}, headers=HOST)
    Client().post(reverse("account_login"), {"login": NAME, "password": PLACE}, headers=HOST)
    Client().get("/health", headers={"Host": "quentin.zebra.example"})
    Desk("judith.park").get(reverse("calls:episode", args=[episode.pk]))

    statuses = {line.get("status") for line in kept.json}
    assert {200, 302, 400, 403, 404} <= statuses, statuses
    for word in (
        PLACE,
        "bridge",
        "Quentin",
        "Zebra",
        "QUENTIN",
        str(episode.pk),
        episode.label,
        "anna",
    ):
        assert word.lower() not in kept.text.lower(), word


def broken(kept: Kept, what: Callable[[], object]) -> str:
    """Do it, log how it failed, and answer what the log says of the error."""
    try:
        what()
    except Exception as error:
        assert NAME in str(error) + repr(error), "nothing to leave out: this proves nothing"
        logging.getLogger("nowrongdoor.test").exception("it broke")
    return json.dumps(kept.json[-1]["error"])


def asked_of_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid", [NAME])


def several() -> None:
    raise ExceptionGroup("several", [ValueError(NAME)])


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (asked_of_postgresql, ["django.db.utils.DataError", "InvalidTextRepresentation 22P02"]),
        (several, ["builtins.ExceptionGroup", "builtins.ValueError"]),
    ],
)
def test_an_error_is_told_without_its_words(
    kept: Kept, what: Callable[[], object], told: list[str]
) -> None:
    """PostgreSQL and Python repeat the value that they do not take."""
    error = broken(kept, what)

    for word in (*told, "test_logs.py", what.__name__):
        assert word in error
    assert NAME not in kept.text


def configured(**more: str) -> "subprocess.CompletedProcess[str]":
    words = "import django, logging; django.setup(); logging.getLogger('nowrongdoor').error('here')"
    return subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", words],
        env=os.environ | more,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_the_environment_chooses_the_form() -> None:
    assert json.loads(configured(NWD_LOG_FORMAT="json").stderr)["message"] == "here"
    assert configured().stderr.endswith("ERROR nowrongdoor - here\n")
    wrong = configured(NWD_LOG_FORMAT="xml")
    assert wrong.returncode != 0
    assert "NWD_LOG_FORMAT is `line` or `json`" in wrong.stderr
