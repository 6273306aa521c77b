"""Rows in the table of `narrative`, a message that waits and one that was acknowledged, and how each of its acts is tried."""

from collections.abc import Iterator
from typing import Any

from nowrongdoor.episodes.models import Episode
from nowrongdoor.narrative import commands
from nowrongdoor.narrative.models import Note
from tests.makers import NOON, accepted, an_actor, an_episode, program_id

REFUSED = {
    "narrative_text_stands": "UPDATE narrative_note SET text = 'nothing' WHERE acknowledged_at IS NULL"
}
"""What breaks a rule that asks what is changed."""


def full() -> None:
    _message(_call())
    note = _message(_call())
    commands.acknowledge_message(by=an_actor("maria.lopez"), at=NOON, note_id=note.pk)


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    call = _call()
    on = {"on": "call", "on_id": str(call.pk)}
    yield "anna.miller", "write_note", {"episode_id": call.pk}, {"text": "Door is open."} | on
    note = {"note_id": _message(call).pk}
    yield "anna.miller", "correct_note", note, {"text": "Door is shut."} | on
    yield "maria.lopez", "acknowledge_message", note, {}


def _call() -> Episode:
    """Anna's call at 911, which Maria of the line has accepted."""
    call = an_episode()
    accepted(call)
    return call


def _message(call: Episode) -> Note:
    return commands.write_note(
        by=an_actor(),
        at=NOON,
        episode_id=call.pk,
        text="Call me before you go in.",
        to_program_id=program_id("line/counselors"),
    )
