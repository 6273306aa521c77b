"""Django's own look at a deployment finds nothing, with the settings that production has."""

import os
import subprocess
import sys

from django.conf import settings

from tests.conftest import ROOT

PRODUCTION = {
    "NWD_TLS": "1",
    "NWD_SYNTHETIC": "",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",  # only for tests in a browser
    "NWD_HOSTS": "desk.example.org",
    "NWD_SECRET_KEY": "gk3vT9wqLx0ZrB7nYc2mHfD8sPjA5uEoW1iXQtN6KbVhUyRzMlJ4",
}
CHECK = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]


def looked_at(**changed: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | PRODUCTION | changed
    return subprocess.run(CHECK, env=environment, cwd=ROOT, capture_output=True, text=True)


def test_nothing_is_found() -> None:
    done = looked_at()

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_nothing_is_silenced() -> None:
    """A check that is silenced one day gets its reason here."""
    assert settings.SILENCED_SYSTEM_CHECKS == []


def test_what_is_wrong_would_be_found() -> None:
    """The control: the same look at a deployment that is not as production should be."""
    done = looked_at(NWD_TLS="", NWD_SECRET_KEY="short")

    assert done.returncode == 1
    assert "security.W012" in done.stderr, "a session's cookie goes over plain HTTP"
    assert "security.W009" in done.stderr, "a secret that can be guessed"
