"""A file's rows, and each of its numbers once."""

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nowrongdoor.exchange.facts import Line, Reject
from nowrongdoor.kernel.verdict import BadInput


def rows(file: Path, columns: Collection[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with the number of its line.

    Errors: BadInput where the file is no CSV in UTF-8, or lacks one of these columns.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, restval="", strict=True)
            lacking = set(columns) - set(reader.fieldnames or ())
            if lacking:
                names = ", ".join(sorted(lacking))
                raise BadInput(
                    "file", "file.columns", "The file has no column {names}.", names=names
                )
            for row in reader:
                row.pop(None, None)  # what stands after the last column
                yield reader.line_num, row
    except UnicodeDecodeError:
        raise BadInput("file", "file.encoding", "The file is not text in UTF-8.") from None
    except csv.Error as error:
        raise BadInput("file", "file.csv", "It is not CSV: {why}.", why=str(error)) from None


def each_once(lines: Iterable[Line], number_column: str) -> Iterator[Line]:
    """The lines; one whose number stood in an earlier line is a reject."""
    first_seen: dict[str, int] = {}
    for line in lines:
        if line.contact is None:
            yield line
            continue
        earlier = first_seen.setdefault(line.contact.external_ref, line.number)
        again = Reject(number_column, f"this number stands in line {earlier} too")
        twice = replace(line, contact=None, visit=None, known={}, reject=again)
        yield line if earlier == line.number else twice
