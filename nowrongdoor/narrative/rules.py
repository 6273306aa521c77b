"""Who may write on a call, correct what was written, and acknowledge a message."""

from dataclasses import dataclass
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes
from nowrongdoor.sharing.holders import held_by


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A note as it stands. `to_program_id` None: for nobody in particular."""

    member_id: UUID
    to_program_id: UUID | None = None
    acknowledged: bool = False
    corrected: bool = False


def may_write(*, works: bool, receiver_works: bool = True) -> Verdict:
    """Say whether a program may write on a call, and address a program that may not read it.

    A closed call takes notes too: what was not written while hands were full is written afterwards.
    Source: our choice; a note reaches nobody whom the call has not reached.
    """
    if not works:
        return no("note.not_working", "Your program does not work on this call.")
    if not receiver_works:
        return no("note.receiver", "That program does not work on this call. Request it first.")
    return yes("note.may_write")


def may_correct(by: Actor, note: NoteFacts) -> Verdict:
    """Say whether somebody may correct a note: its author, once; then the correction.

    Source: our choice, as for health records: an entry is amended by who made it, and stays.
    """
    if by.member_id != note.member_id:
        return no(
            "note.not_yours", "Only the person who wrote this can correct it. Write your own note."
        )
    if note.corrected:
        return no("note.corrected", "This has already been corrected. Correct the newer note.")
    return yes("note.may_correct")


def may_acknowledge(by: Actor, note: NoteFacts) -> Verdict:
    """Say whether somebody may acknowledge a message: whoever works in the program it is for."""
    if note.to_program_id != by.program_id:
        return no("message.not_yours", "This message is not for your program.")
    if note.acknowledged:
        return no("message.acknowledged", "Someone has already acknowledged this.")
    return yes("message.may_acknowledge")


STRICTEST = "D7"
"""Of what nobody can place: it is told to no one."""
CARES = frozenset({"co_responder", "team_clinician", "center_clinician", "in_center_clinician"})
"""Roles whose notes are a health record where a provider employs them, whoever runs the program they sit in."""
PROVIDERS = frozenset({"cmt_provider", "crc", "hospital", "clinic", "crisis_line"})


def class_of_author(program: str, employer: str, role: str) -> tuple[str, bool]:
    """The class of a note in a program's own record, and whether its author keeps it apart from that program.

    Shape: `program` is the kind of the program, `employer` that of the agency which employs the author.
    Source: sources, "Classes and bases": labeled by origin; "at the same desk sees the act, not the content".
    """
    own = held_by(program)
    if role not in CARES or employer not in PROVIDERS:
        return own, False
    theirs = held_by(employer)
    return theirs, theirs != own


def may_keep(*, ours: bool, message: bool) -> Verdict:
    """A message to another program cannot be in one's own record: nobody there could read it."""
    if ours and message:
        return no(
            "note.own_message", "A message to another program is not kept in your own record."
        )
    return yes("note.may_keep")
