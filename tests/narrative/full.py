"""A row in the table of `narrative`: a message that waits."""

from nowrongdoor.narrative import commands
from tests.makers import NOON, accepted, an_actor, an_episode, program_id


def full() -> None:
    call = an_episode()
    accepted(call)
    line = program_id("line/counselors")
    send = {"episode_id": call.pk, "text": "Call me before you go in.", "to_program_id": line}
    note = commands.write_note(by=an_actor(), at=NOON, **send)  # type: ignore[arg-type]
    commands.acknowledge_message(by=an_actor("maria.lopez"), at=NOON, note_id=note.pk)
