"""Bringing a 911 centre's CAD file in, through the same commands as a live call.

Each episode is a transaction, and each batch of counted contacts. What is entered already is known
by its number, so a second run changes nothing and a killed one goes on where it stopped.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from nowrongdoor.calls import commands, queries
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import importing, profiles, reading
from nowrongdoor.exchange.facts import Line
from nowrongdoor.exchange.report import Report
from nowrongdoor.kernel.actor import Actor


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
    classes = {rule.class_code for rule in known_as.rules if rule.class_code}
    importing.require_codes(
        {
            "incident_classes": classes | {"other"},
            "outcomes": {*known_as.outcomes.values(), "unknown"},
        }
    )
    report = Report()
    enter = partial(_enter, report=report, by=by, at=at)
    lines = reading.lines(file, known_as, at=at)
    importing.run(lines, rejects=rejects, enter=enter, progress=progress)
    return report


def importer(program: str | None, *, at: datetime) -> Actor:
    """The import acting for `agency/program`, or the community's own 911 floor."""
    return importing.importer(program, setting="cad_program", at=at)


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
