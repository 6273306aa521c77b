"""Every read of notes, as rows for pages and for the API alike."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import in_language
from nowrongdoor.episodes import lookup
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import rules
from nowrongdoor.narrative.models import OPEN, SHARED, Note
from nowrongdoor.rows.locks import missing

MOST = 500
"""Notes of one call, and messages of one program, that are read at most: the latest."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note. `may` names what the reader may do with it; `corrected`: a later note says otherwise; `kept`: in the
    program's own record, which others on the call do not read."""

    id: UUID
    episode_id: UUID
    number: str
    written_at: datetime
    by_name: str
    by_program: str
    text: str
    to_program: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    corrects_id: UUID | None
    corrected: bool
    kept: bool
    may: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.id)

    @property
    def sort(self) -> str:
        return f"{self.written_at.isoformat()} {self.id}"


@dataclass(frozen=True, slots=True)
class Log:
    """A call's log, the latest note first, and to which programs a message may go."""

    id: UUID
    notes: tuple[NoteRow, ...]
    programs: tuple[tuple[str, str], ...]


def log(by: Actor, episode_id: UUID) -> Log | None:
    """What was written on a call and on those joined to it; None to whoever does not work on it.

    Five queries.
    """
    with act_as(by):
        if not lookup.works_on(by, episode_id):
            return None
        whole = lookup.joined_group(episode_id)
        rows = list(_read(Note.objects.filter(episode_id__in=whole), "-written_at", "-id"))
        working = lookup.programs_on(episode_id) - {by.program_id}
    programs = [each for each in agencies.programs(by.language) if each.id in working]
    return Log(
        id=episode_id,
        notes=_rows(rows, by),
        programs=tuple((str(each.id), f"{each.program}, {each.agency}") for each in programs),
    )


def notes(by: Actor, episode_id: UUID, *, at: datetime) -> tuple[NoteRow, ...]:  # noqa: ARG001 - as every read
    """What was written on a call, the latest first. Errors: NotFound where `by` does not work on it."""
    found = log(by, episode_id)
    if found is None:
        raise missing()
    return found.notes


def messages(
    seats: Sequence[Actor],
    *,
    at: datetime,  # noqa: ARG001 - as every board
    ids: Collection[UUID] | None = None,
) -> list[tuple[NoteRow, ...]]:
    """The messages for one program that nobody has acknowledged, the oldest first, for several roles.

    One query.
    """
    by = seats[0]
    with act_as(by):
        rows = Note.objects.filter(OPEN, to_program_id=by.program_id)
        rows = rows if ids is None else rows.filter(pk__in=ids)
        found = list(_read(rows, "written_at", "id"))
    return [_rows(found, each) for each in seats]


def _read(rows: QuerySet[Note], *order: str) -> QuerySet[Note]:
    joined = rows.select_related(
        "episode", "member", "program", "to_program", "acknowledged_by", "correction"
    )
    return joined.order_by(*order)[:MOST]


def _rows(notes: Iterable[Note], by: Actor) -> tuple[NoteRow, ...]:
    return tuple(_row(note, by) for note in notes)


def _row(note: Note, by: Actor) -> NoteRow:
    corrected = hasattr(note, "correction")
    facts = rules.NoteFacts(
        note.member_id, note.to_program_id, note.acknowledged_at is not None, corrected
    )
    possible = {
        "correct_note": rules.may_correct(by, facts),
        "acknowledge_message": rules.may_acknowledge(by, facts),
    }
    return NoteRow(
        id=note.pk,
        episode_id=note.episode_id,
        number=note.episode.label,
        written_at=note.written_at,
        by_name=note.member.name,
        by_program=in_language(note.program.names, by.language),
        text=note.text,
        to_program=""
        if note.to_program is None
        else in_language(note.to_program.names, by.language),
        acknowledged_at=note.acknowledged_at,
        acknowledged_by="" if note.acknowledged_by is None else note.acknowledged_by.name,
        corrects_id=note.corrects_id,
        corrected=corrected,
        kept=note.data_class != SHARED,
        may=tuple(name for name, verdict in possible.items() if verdict.allowed),
    )
