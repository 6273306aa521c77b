"""Django's own look at a deployment finds nothing, with the settings that production has."""

import os
import subprocess
import sys

import pytest
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


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({"NWD_TLS": ""}, "security.W012"),  # a session's cookie over plain HTTP
        ({"NWD_SECRET_KEY": "short"}, "security.W009"),
    ],
)
def test_what_is_wrong_would_be_found(changed: dict[str, str], warning: str) -> None:
    """The control: the same look at a deployment that is not as production should be."""
    done = looked_at(**changed)

    assert done.returncode == 1
    assert warning in done.stderr
