"""Rows in the table of `guests`: a link that waits, and one that was answered."""

from nowrongdoor.guests import commands
from tests.guests.links import BELL, a_link, guest_of
from tests.makers import later


def full() -> None:
    a_link()
    made = a_link(opened=True)
    commands.accept_by_link(by=guest_of(made), at=later(1), link_id=made.link_id, receiver=BELL)
