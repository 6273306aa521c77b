"""What every import does: batches, rejects, and for whom it is entered."""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.system import system
from nowrongdoor.community import queries as community
from nowrongdoor.exchange.facts import Line
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput

BATCH = 500


def run(
    lines: Iterator[Line],
    *,
    rejects: Path,
    enter: Callable[[list[Line]], None],
    progress: Callable[[int], None],
) -> None:
    """Hand every line on in batches, and write the rejects of each: line, column, because."""
    with rejects.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "column", "because"])
        while batch := list(islice(lines, BATCH)):
            for line in batch:
                if line.reject is not None:
                    writer.writerow([line.number, line.reject.column, line.reject.because])
            enter(batch)
            progress(len(batch))


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
