"""Every change to notes. Whoever writes on a call locks its episode, and with it every note of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.narrative import kinds, rules
from nowrongdoor.narrative.models import Note
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.fields import Pick, Text

NO_CLINICAL = _("No clinical details. Everyone who works on this call can read it.")
EMPTY = _("Enter something first.")
NoteText = Text(
    label=_("Note"),
    help=NO_CLINICAL,
    most=2000,
    rows=2,
    wrong=EMPTY,
    example="Calls again at 14:30.",
)


@command(needs=Action.WRITE_NOTE)
def write_note(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    text: Annotated[str, NoteText],
    to_program_id: Annotated[UUID | None, Pick(label=_("Message to"), of_row="programs")] = None,
) -> Note:
    """Write on a call; `to_program_id` makes it a message for one of the programs that work on it.

    Refused: as `narrative.rules.may_write` says.
    Journal: narrative.written, or narrative.message_sent.
    """
    episodes.lock_episode(episode_id)

    working = lookup.programs_on(episode_id)
    receiver_works = to_program_id is None or to_program_id in working
    works = by.program_id in working
    require(rules.may_write(works=works, receiver_works=receiver_works))

    row = _note(episode_id, text, by=by, at=at, to_program_id=to_program_id)
    if to_program_id is None:
        record(kinds.WRITTEN, row, by=by, at=at)
    else:
        record(kinds.MESSAGE_SENT, row, by=by, at=at, from_program_id=by.program_id)
    return row


@command(needs=Action.WRITE_NOTE)
def correct_note(*, by: Actor, at: datetime, note_id: UUID, text: Annotated[str, NoteText]) -> Note:
    """Correct a note of one's own by a further one, which goes to whom the first went.

    Refused: as `narrative.rules.may_write` and `may_correct` say.
    Journal: narrative.corrected, and narrative.message_sent where it was a message.
    """
    note = _locked_note(note_id)

    require(rules.may_write(works=lookup.works_on(by, note.episode_id)))
    require(rules.may_correct(by, note.facts()))

    to_program_id = note.to_program_id
    row = _note(note.episode_id, text, by=by, at=at, to_program_id=to_program_id, corrects=note)
    record(kinds.CORRECTED, row, by=by, at=at)
    if to_program_id is not None:
        record(kinds.MESSAGE_SENT, row, by=by, at=at, from_program_id=by.program_id)
    return row


@command(needs=Action.WRITE_NOTE)
def acknowledge_message(*, by: Actor, at: datetime, note_id: UUID) -> Note:
    """Say by name that a message has been read in the program it is for.

    Refused: as `narrative.rules.may_acknowledge` says.
    Journal: narrative.acknowledged.
    """
    note = _locked_note(note_id)

    require(rules.may_acknowledge(by, note.facts()))

    note.acknowledged_at = max(at, note.written_at)
    note.acknowledged_by_id = named(by)
    note.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(kinds.ACKNOWLEDGED, note, by=by, at=at, from_program_id=note.program_id)
    return note


def _note(episode_id: UUID, text: str, *, by: Actor, at: datetime, **more: object) -> Note:
    return Note.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        program_id=by.program_id,
        member_id=named(by),
        written_at=at,
        text=text,
        **more,
    )


def _locked_note(note_id: UUID) -> Note:
    """A note, with its episode locked: nobody else writes on the call. NotFound where it cannot be seen."""
    rows = Note.objects.filter(pk=note_id)
    episode_id = rows.values_list("episode_id", flat=True).first()
    if episode_id is None:
        raise missing()
    episodes.lock_episode(episode_id)
    return rows.get()
