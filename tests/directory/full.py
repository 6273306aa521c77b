"""A row in the table of `directory` that has row access, and how its act is tried."""

from collections.abc import Iterator
from typing import Any

from tests.directory.places import NURSE, a_word, place_id, say


def full() -> None:
    say(word=a_word())


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    typed = {"state": "open", "free": "", "reason": "", "review_min": "60"}
    yield NURSE, "report_capacity", {"facility_id": place_id("crc-adult")}, typed
