"""Bringing a 911 centre's CAD file in, through the same commands as a live call.

Each episode is a transaction, and each batch of counted contacts. What is entered already is known
by its number, so a second run changes nothing and a killed one goes on where it stopped.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands, queries
from nowrongdoor.community import queries as community
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import profiles, reading
from nowrongdoor.exchange.facts import Line, Reject
from nowrongdoor.exchange.profiles import Profile
from nowrongdoor.exchange.report import Report
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput

BATCH = 500


def import_file(
    file: Path,
    profile: Path,
    *,
    by: Actor,
    at: datetime,
    rejects: Path,
    progress: Callable[[int], None],
) -> Report:
    """Enter every line of a file. `progress` is told after each batch how many lines were read.

    Writes the lines that could not be entered to `rejects`: line, column, because.
    Errors: BadCommunity for a bad profile; BadInput for a bad file or a code that is not known here; what was entered stays.
    """
    known_as = profiles.read(profile)
    _require_codes(known_as)
    report = Report()
    with rejects.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "column", "because"])
        for batch in _batches(reading.lines(file, known_as, at=at)):
            for line, reject in _rejected(batch):
                writer.writerow([line.number, reject.column, reject.because])
            _enter(batch, report, by=by, at=at)
            progress(len(batch))
    return report


def _require_codes(profile: Profile) -> None:
    """Refuse before the first line what would stop the import in the middle."""
    wanted = {
        "incident_classes": {rule.class_code for rule in profile.rules if rule.class_code}
        | {"other"},
        "outcomes": {*profile.outcomes.values(), "unknown"},
    }
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


def importer(program: str | None, *, at: datetime) -> Actor:
    """The import acting for a program: `agency/program`, or the community's own 911 floor.

    Errors: BadInput where there is no such program.
    """
    wanted = program or str(community.setting("cad_program", at))
    for row in agencies.programs("en"):
        if f"{row.agency_code}/{row.code}" == wanted:
            return system(program_id=row.id, agency_id=row.agency_id, code="import")
    raise BadInput("program", "program.unknown", "There is no program {name} here.", name=wanted)


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _rejected(batch: list[Line]) -> Iterator[tuple[Line, Reject]]:
    for line in batch:
        if line.reject is not None:
            yield line, line.reject


def _enter(batch: list[Line], report: Report, *, by: Actor, at: datetime) -> None:
    read = [(line, line.contact) for line in batch if line.contact is not None]
    refs = frozenset(contact.external_ref for _, contact in read)
    known = queries.known_refs(by, Source.IMPORT, refs)
    for line in batch:
        report.add(line)
    new = [pair for pair in read if pair[1].external_ref not in known]
    report.known.update(line.group for line, contact in read if contact.external_ref in known)
    for line, contact in new:
        if contact.behavioral:
            commands.take_contact(by=by, at=at, contact=contact)
            report.entered[line.group] += 1
            report.episodes += 1
    counted = [(line, contact) for line, contact in new if not contact.behavioral]
    commands.count_contacts(by=by, at=at, contacts=[contact for _, contact in counted])
    report.entered.update(line.group for line, _ in counted)
