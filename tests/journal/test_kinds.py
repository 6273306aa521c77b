"""An entry carries what its kind names: ids and whole numbers, never text."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.journal.kinds import Kind, Value, record
from nowrongdoor.journal.models import Entry
from tests.makers import NOON, an_actor

ID, OTHER = UUID(int=1), UUID(int=2)
KIND = Kind("tests.offered", ("participant_id", "to_program_id", "alerts"))


class Participant(SimpleNamespace):
    """Stands for a row of a table: its own id is `participant_id`."""


def written(row: object, **more: Value) -> Entry:
    with act_as(an_actor()):
        record(KIND, row, by=an_actor(), at=NOON, **more)
    with act_as_task("feed"):
        return Entry.objects.get(kind=KIND.name)


@pytest.mark.usefixtures("db")
def test_an_entry_takes_its_ids_from_the_row_and_from_what_is_given() -> None:
    entry = written(Participant(pk=ID, to_program_id=OTHER, episode_id=OTHER), alerts=2)

    assert entry.episode_id == OTHER
    assert entry.ids == f'{{"alerts":2,"participant_id":"{ID}","to_program_id":"{OTHER}"}}'


@pytest.mark.usefixtures("db")
def test_what_is_none_is_left_out() -> None:
    entry = written(Participant(pk=ID, to_program_id=None), alerts=None)

    assert (entry.episode_id, entry.ids) == (None, f'{{"participant_id":"{ID}"}}')


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (Participant(pk=ID, to_program_id=OTHER), {}),  # alerts is nowhere
        (Participant(pk=ID, to_program_id=OTHER), {"alerts": 1, "note_id": ID}),  # not of this kind
        (Participant(pk=ID, to_program_id=OTHER), {"alerts": "hears voices"}),
        (Participant(pk=ID, to_program_id="Maria"), {"alerts": 1}),
        (Participant(pk=ID, to_program_id=OTHER, episode_id="T26-000001"), {"alerts": 1}),
        (Participant(pk=ID, to_program_id=OTHER), {"alerts": True}),
    ],
)
def test_text_and_unnamed_ids_are_refused(row: object, more: dict[str, Value]) -> None:
    with pytest.raises(TypeError):
        record(KIND, row, by=an_actor(), at=NOON, **more)
