"""Bringing a 911 centre's CAD file in, through the same commands as a live call.

Each episode is a transaction, and each batch of counted contacts. What is entered already is known
by its number, so a second run changes nothing and a killed one goes on where it stopped.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from nowrongdoor.calls import commands, queries
from nowrongdoor.calls.facts import ContactFacts, Entered
from nowrongdoor.calls.later import completion
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
    entered = queries.entered(by, {contact.external_ref for _, contact in read})
    for line in batch:
        report.add(line)
    counted: list[tuple[Line, ContactFacts]] = []
    later: list[tuple[Line, UUID, ContactFacts]] = []
    for line, contact in read:
        if known := entered.get(contact.external_ref):
            _bring(line, known[0], contact, later, report, by=by, at=at)
        elif contact.behavioral:
            commands.take_contact(by=by, at=at, contact=contact)
            report.entered[line.group] += 1
            report.episodes += 1
        else:
            counted.append((line, contact))
    commands.count_contacts(by=by, at=at, contacts=[contact for _, contact in counted])
    commands.complete_counted(by=by, at=at, said={id: said for _, id, said in later})
    report.entered.update(line.group for line, _ in counted)
    report.completed.update(line.group for line, _, _ in later)


def _bring(  # noqa: PLR0913 - what a line brings, and where it is counted
    line: Line,
    entered: Entered,
    contact: ContactFacts,
    later: list[tuple[Line, UUID, ContactFacts]],
    report: Report,
    *,
    by: Actor,
    at: datetime,
) -> None:
    new = completion(entered, contact)
    report.known[line.group] += 1
    if not new.brings:
        return
    if entered.episode_id is None and not new.opens:
        later.append((line, entered.id, contact))
        return
    commands.complete_contact(by=by, at=at, contact_id=entered.id, said=contact)
    report.completed[line.group] += 1
    report.episodes += new.opens
