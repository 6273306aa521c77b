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
from nowrongdoor.narrative.own import own_class
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.fields import Pick, Text, Tick

NO_CLINICAL = _("No clinical details. Everyone who works on this call can read it.")
OWN_RECORD = _("Others on this call do not see it. Releases and the disclosure table say who may.")
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
    ours: Annotated[bool, Tick(label=_("Keep it in our own record"), help=OWN_RECORD)] = False,
) -> Note:
    """Write on a call; `to_program_id` makes it a message for one of the programs that work on it.

    `ours`: in the program's own record, of the class that its author's employer and role give it; others read
    it through the gate alone. Anything else is class D1, for everyone who works on the call.

    Refused: as `narrative.rules.may_write` says.
    Journal: narrative.written, or narrative.message_sent.
    """
    episodes.lock_episode(episode_id)

    working = lookup.programs_on(episode_id)
    receiver_works = to_program_id is None or to_program_id in working
    works = by.program_id in working
    require(rules.may_write(works=works, receiver_works=receiver_works))
    require(rules.may_keep(ours=ours, message=to_program_id is not None))

    kept = {} if not ours else own_class(by)._asdict()
    row = _note(episode_id, text, by=by, at=at, to_program_id=to_program_id, **kept)
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
    row = _note(
        note.episode_id,
        text,
        by=by,
        at=at,
        to_program_id=to_program_id,
        corrects=note,
        data_class=note.data_class,
        employer_id=note.employer_id,
        apart=note.apart,
    )
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
