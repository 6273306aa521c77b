"""Writing the community's kinds of case, as the owner, from `cases.yaml`. Safe to run again."""

from collections.abc import Iterator

from nowrongdoor.cases import reading
from nowrongdoor.cases.book import CASES
from nowrongdoor.cases.facts import Book, Named
from nowrongdoor.clocks.book import OVERDUE_AGAIN
from nowrongdoor.clocks.counting import reading as clocks
from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.loading import put_document
from nowrongdoor.community.schema import Community


def write(files: Community) -> None:
    """The kinds of case of the files; none where a community has none.

    Errors: BadCommunity where the file cannot be read, or names a program, a clock or no language that the rest has.
    """
    if not files.cases:
        put_document(files, CASES, "", unit="a file of cases", source="none")
        return
    book = reading.read_text(files.cases)
    if problems := list(_lacking(files, book)):
        raise BadCommunity(problems)
    source = f"{reading.FILE}: {book.id} {book.version}"
    put_document(files, CASES, files.cases, unit="a file of cases", source=source)


def _lacking(files: Community, book: Book) -> Iterator[Problem]:
    programs = {f"{each.code}/{one.code}" for each in files.agencies for one in each.programs}
    known = clocks.read_text(files.clocks).clocks
    for kind in book.kinds.values():
        named = {*kind.owners, *(one for each in kind.opened_by for one in each.senders)}
        for program in sorted(named - programs):
            yield _problem(kind.code, f"there is no program {program}")
        tasks = [each for plan in kind.plans.values() for each in plan.tasks]
        asked = {OVERDUE_AGAIN, kind.untaken, *(each.due for each in tasks), *(each.opens for each in tasks if each.opens)}  # fmt: skip
        for clock in sorted(asked - known.keys()):
            yield _problem(kind.code, f"there is no clock {clock}")
        rows: tuple[Named, ...] = (
            kind,
            *kind.states.values(),
            *kind.results.values(),
            *kind.outcomes.values(),
        )
        for each in (*rows, *kind.plans.values(), *tasks):
            if missing := sorted(set(files.about.languages) - set(each.name)):
                yield _problem(each.code, f"no name in {', '.join(missing)}")


def _problem(key: str, because: str) -> Problem:
    return Problem(reading.FILE, 1, key, because)
