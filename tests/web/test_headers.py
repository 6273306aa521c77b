"""What every answer says besides itself, whoever gives it: pages, API, files, refusals, faults."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nowrongdoor.calls import commands
from tests.clients import HOST, Desk
from tests.conftest import ROOT
from tests.desks.machines import a_machine
from tests.makers import an_episode

pytestmark = pytest.mark.usefixtures("db")
ELSEWHERE = "https://elsewhere.example"
TYPES = (
    "text/html; charset=utf-8",
    "text/plain; charset=utf-8",
    "text/event-stream; charset=utf-8",
    'text/css; charset="utf-8"',
    "application/json",
    "application/json; charset=utf-8",
)


def every_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpResponse]:
    """An answer of each kind, all asked for by a page of another site."""
    asked = {"headers": {"origin": ELSEWHERE, "referer": f"{ELSEWHERE}/page"}}
    desk = Desk("anna.miller")
    stranger = Client(enforce_csrf_checks=True, headers={"host": HOST})
    yield desk.get(reverse("calls:board"), **asked)
    yield desk.get(reverse("calls:episode", args=[an_episode().pk]), **asked)
    yield desk.get(reverse("live"), **asked)
    yield desk.get("/nowhere/", **asked)
    yield Desk("judith.park").get(reverse("calls:new_call"), **asked)
    yield stranger.get(reverse("calls:board"), **asked)
    yield stranger.get(reverse("account_login"), **asked)
    yield stranger.post(reverse("account_login"), **asked)
    yield stranger.get(reverse("health"), **asked)
    yield stranger.get("/api/v1/openapi.json", **asked)
    yield stranger.get("/api/v1/episodes", **asked)
    yield stranger.options("/api/v1/episodes", **asked)
    yield a_machine().get("/api/v1/episodes", **asked)
    yield stranger.get(staticfiles_storage.url("web/css/tokens.css"), **asked)
    yield Client(headers={"host": "somewhere.example"}).get("/", **asked)
    yield a_fault(monkeypatch)


def a_fault(monkeypatch: pytest.MonkeyPatch) -> HttpResponse:
    """What a bug answers, one whose own words must not be repeated."""

    def broken(**_: object) -> None:
        raise RuntimeError("Quentin Zebra, 12 Quiet Street")

    monkeypatch.setattr(commands, "take_contact", broken)
    desk = Desk("anna.miller", raise_request_exception=False)
    return desk.post(reverse("calls:new_call"), {"incident_class": "psych_distress"})


def test_every_answer_says_what_it_is_and_how_it_may_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statuses = set()
    for answer in every_kind(monkeypatch):
        what = (answer.status_code, answer.request["PATH_INFO"])
        statuses.add(answer.status_code)
        policy = answer["Content-Security-Policy"].split("; ")
        for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'"):
            assert directive in policy, what
        assert "frame-ancestors 'none'" in policy, what
        assert "script-src 'self'" in policy, what
        assert answer["X-Content-Type-Options"] == "nosniff", what
        assert answer["Server"] == "web", what
        assert answer["Referrer-Policy"] == "same-origin", what
        assert "Access-Control-Allow-Origin" not in answer, what
        if answer.streaming or answer.content:
            assert answer["Content-Type"] in TYPES, what
        if not answer.request["PATH_INFO"].startswith("/static/"):
            assert "no-store" in answer["Cache-Control"], what
        answer.close()
    assert statuses == {200, 302, 400, 401, 403, 404, 405, 500}


def test_a_fault_tells_nothing_of_the_inside(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fault = a_fault(monkeypatch)

    page = fault.content.decode()
    assert (fault.status_code, "Something went wrong" in page) == (500, True)
    for word in ("RuntimeError", "Quentin", "Traceback", "take_contact"):
        assert word not in page
    [error] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert error.exc_info is not None
    assert error.exc_info[0] is RuntimeError  # it is in the log, as test_logs.py shows it


ASK = """
import json, sys, django
django.setup()
from django.test import Client
client = Client(headers={"host": "desk.example"})
answers = {}
for path in ("/", "/account/sign-in/", "/api/v1/episodes", "/api/v1/openapi.json", "/health"):
    for secure in (True, False):
        answer = client.get(path, secure=secure)
        answers[f"{path} {secure}"] = [answer.status_code, dict(answer.headers), answer.content.decode()]
    answer = client.get(path, headers={"x-forwarded-proto": "http, https"})
    answers[f"{path} made up"] = [answer.status_code, dict(answer.headers), answer.content.decode()]
print(json.dumps(answers))
"""


def test_behind_tls_browsers_are_sent_on_and_machines_are_refused() -> None:
    environment = os.environ | {"NWD_TLS": "1", "NWD_HOSTS": "desk.example", "NWD_SYNTHETIC": ""}
    words = [sys.executable, "-c", ASK]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, check=True)
    answers = json.loads(done.stdout)

    for path in ("/", "/account/sign-in/", "/api/v1/episodes", "/api/v1/openapi.json"):
        _, headers, _ = answers[f"{path} True"]
        assert headers["Strict-Transport-Security"].startswith(
            "max-age=31536000; includeSubDomains"
        )
        for how in ("False", "made up"):
            status, headers, text = answers[f"{path} {how}"]
            if path.startswith("/api/"):
                assert (status, json.loads(text)["rule"]) == (403, "door.plain_http"), path
            else:
                assert (status, headers["Location"]) == (301, f"https://desk.example{path}")
    assert answers["/health False"][0] != 301  # asked beside the server; says nothing of anybody
