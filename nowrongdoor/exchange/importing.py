"""What every import does: batches, rejects, and for whom it is entered."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path

from django.db import IntegrityError

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.system import system
from nowrongdoor.community import queries as community
from nowrongdoor.exchange.facts import Line, Reject
from nowrongdoor.exchange.profiles import FileColumns
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused, no

BATCH = 500
Different = tuple[int, Reject]
"""A line of a known call, and a column in which it says otherwise."""


def run(
    lines: Iterator[Line],
    *,
    rejects: Path,
    enter: Callable[[list[Line]], list[Different]],
    progress: Callable[[int], None],
) -> None:
    """Hand every line on in batches, and write what was not brought in: line, column, because.

    `enter` answers the lines that are known, and different. Errors: BadInput where not one time of the
        file could be read; Refused where another import enters the same lines now.
    """
    unread: Line | None = None
    with rejects.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "column", "because"])
        readable = False
        while batch := list(islice(lines, BATCH)):
            refused = [(each.number, each.reject) for each in batch if each.reject is not None]
            writer.writerows(_told(refused + _entered(batch, enter)))
            unread = unread or next(
                (each for each in batch if each.reject and each.reject.no_time), None
            )
            readable = readable or any(each.written for each in batch)
            progress(len(batch))
    if unread is not None and unread.reject is not None and not readable:
        raise BadInput(
            "file",
            "file.times",
            "No line could be read as a time; the first was in line {line}, column {column}: {because}.",
            line=str(unread.number),
            column=unread.reject.column,
            because=unread.reject.because,
        )


def _entered(batch: list[Line], enter: Callable[[list[Line]], list[Different]]) -> list[Different]:
    try:
        return enter(batch)
    except IntegrityError as error:
        if "contact_once" not in str(error):
            raise
        raise Refused(
            no(
                "import.at_once",
                "Another import enters the same lines. What is entered stays: run this again later.",
            )
        ) from None


def _told(lines: list[Different]) -> list[tuple[int, str, str]]:
    return [
        (number, each.column, each.because) for number, each in sorted(lines, key=itemgetter(0))
    ]


def different(line: Line, names: Iterable[str], columns: FileColumns) -> list[Different]:
    """What a line of a known call says otherwise, by its columns. `names` are those of the profile."""
    because = "known, and different"
    return [(line.number, Reject(getattr(columns, name)[0], because)) for name in names]


def require_codes(wanted: Mapping[str, set[str]]) -> None:
    """Refuse before the first line what would stop the import in the middle."""
    for name, codes in wanted.items():
        for code in sorted(codes):
            if not community.known_code(name, code):
                raise BadInput(
                    "profile",
                    "profile.code",
                    "The profile says {code}, which is not in this community's list {name}.",
                    code=code,
                    name=name,
                )


def importer(program: str | None, *, setting: str, at: datetime) -> Actor:
    """The import acting for a program: `agency/program`, or the one that the community's setting names.

    Errors: BadInput where there is no such program.
    """
    wanted = program or str(community.setting(setting, at))
    for row in agencies.programs("en"):
        if f"{row.agency_code}/{row.code}" == wanted:
            return system(program_id=row.id, agency_id=row.agency_id, code="import")
    raise BadInput("program", "program.unknown", "There is no program {name} here.", name=wanted)
