"""Writing the community's clocks, as the owner, from `clocks.yaml`. Safe to run again.

The text itself is kept, as one setting: which version of a row was in force when, the file says by its own dates.
"""

from collections.abc import Iterator

from nowrongdoor.clocks.book import BOOK, CAPACITY, CAUTION, NEEDED
from nowrongdoor.clocks.counting import reading
from nowrongdoor.clocks.counting.facts import Book
from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.loading import put_document
from nowrongdoor.community.schema import Community


def write(files: Community) -> None:
    """The clocks of the files.

    Errors: BadCommunity where the file is missing or cannot be read, names another zone than the community, or lacks a
        clock that the program asks for.
    """
    if not files.clocks:
        raise BadCommunity([Problem(reading.FILE, 0, "clocks", "this file is missing")])
    book = reading.read_text(files.clocks)
    if problems := list(_lacking(files, book)):
        raise BadCommunity(problems)
    source = f"{reading.FILE}: {book.id} {book.version}"
    put_document(files, BOOK, files.clocks, unit="a file of clocks", source=source)


def _lacking(files: Community, book: Book) -> Iterator[Problem]:
    if book.zone != files.about.time_zone:
        yield Problem(reading.FILE, 1, "zone", f"the community's is {files.about.time_zone}")
    for name in NEEDED:
        if name not in book.clocks:
            yield Problem(reading.FILE, 1, name, "this clock is needed")
    if files.requests and CAUTION not in book.clocks:
        yield Problem(reading.FILE, 1, CAUTION, "requests.yaml needs this clock")
    if files.facilities and CAPACITY not in book.clocks:
        yield Problem(reading.FILE, 1, CAPACITY, "facilities.yaml needs this clock")
