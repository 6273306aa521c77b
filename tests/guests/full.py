"""Rows in the table of `guests`: a link that waits, and one that was answered; how its act is tried."""

from collections.abc import Iterator
from typing import Any

from nowrongdoor.guests import commands
from nowrongdoor.web.clock import now
from tests.guests.links import BELL, a_link, guest_of
from tests.makers import later


def full() -> None:
    a_link()
    made = a_link(opened=True)
    commands.accept_by_link(by=guest_of(made), at=later(1), link_id=made.link_id, receiver=BELL)


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    made = a_link(at=now())
    desk = {"on": "call", "on_id": str(made.episode_id)}
    yield "anna.miller", "end_link", {"link_id": made.link_id}, desk
