"""What somebody chose for the city: how fast, and whether its phones ring. A file beside the clock's."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from nowrongdoor.web import files

PACES = (1, 2, 5, 10, 30, 60)
FIRST_PACE = 10


class Traffic(StrEnum):
    """Off: nobody new calls, and what has begun goes on. Paused: nobody of the city does anything."""

    ON = "on"
    OFF = "off"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Control:
    pace: int = FIRST_PACE
    traffic: Traffic = Traffic.ON


def read() -> Control:
    """What was chosen last; the first pace where nobody chose."""
    try:
        said = json.loads(_path().read_text())
    except FileNotFoundError:
        return Control()
    return Control(int(said["pace"]), Traffic(said["traffic"]))


def write(control: Control) -> None:
    """Errors: ValueError for a pace that is not on the list."""
    if control.pace not in PACES:
        raise ValueError("this pace is not on the list")
    files.put(_path(), {"pace": control.pace, "traffic": control.traffic.value})


def wish() -> None:
    """Somebody wants to see a call from its beginning: the city has one ring soon."""
    _wish().parent.mkdir(parents=True, exist_ok=True)
    _wish().touch()


def wished() -> bool:
    """Whether somebody does. Asked once for each wish."""
    try:
        _wish().unlink()
    except FileNotFoundError:
        return False
    return True


def _wish() -> Path:
    return Path(settings.VAR) / "city.wish"


def _path() -> Path:
    return Path(settings.VAR) / "city.json"
