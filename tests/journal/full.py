"""One row in every table of `journal`: a line, and its seal."""

from tests.journal.test_sequencer import seal_all, write


def full() -> None:
    write()
    seal_all()
