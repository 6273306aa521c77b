"""Bringing a file of mobile teams' visits in, through the commands of back-entry.

Each line is one transaction: the contact with its episode, the visit, the close. What is entered
already is known by its number, so a second run changes nothing and a killed one goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls import queries
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch import queries as units
from nowrongdoor.dispatch.facts import Visit
from nowrongdoor.dispatch.rules.backentry import last_known
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.exchange import importing, team_profiles, team_rows
from nowrongdoor.exchange.facts import VISIT_GAPS, VISIT_MOST_S, Line
from nowrongdoor.exchange.report import Report
from nowrongdoor.exchange.team_profiles import TeamProfile
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput


@dataclass(frozen=True, slots=True)
class Desk:
    """For whom visits are entered: the desk that holds and sends, and the unit that went."""

    by: Actor
    unit_id: UUID


def import_file(
    file: Path,
    profile: Path,
    *,
    desk: Desk,
    at: datetime,
    rejects: Path,
    progress: Callable[[int], None],
) -> Report:
    """As `cad.import_file`, for a file with one line for each visit."""
    known_as = team_profiles.read(profile)
    importing.require_codes(
        {
            "incident_classes": set(known_as.classes.values()),
            "cmt_dispositions": {*(row.outcome for row in known_as.outcomes), "unknown"},
            "outcomes": {known_as.closed_as, "unknown"},
        }
    )
    report = Report(spans=VISIT_GAPS, most_s=VISIT_MOST_S)
    enter = partial(_enter, report=report, profile=known_as, desk=desk, at=at)
    lines = team_rows.lines(file, known_as, at=at)
    importing.run(lines, rejects=rejects, enter=enter, progress=progress)
    return report


def desk(program: str | None, unit: str | None, *, at: datetime) -> Desk:
    """For `agency/program` and a unit's code, or those that the community's settings name.

    Errors: BadInput where there is no such program, or unit.
    """
    by = importing.importer(program, setting="teams_program", at=at)
    code = unit or str(community.setting("teams_unit", at))
    unit_id = units.unit_id(code)
    if unit_id is None:
        raise BadInput("unit", "unit.unknown", "There is no unit {name} here.", name=code)
    return Desk(by, unit_id)


def _enter(
    batch: list[Line], *, report: Report, profile: TeamProfile, desk: Desk, at: datetime
) -> None:
    refs = frozenset(line.contact.external_ref for line in batch if line.contact is not None)
    known = queries.entered(desk.by, refs)
    for line in batch:
        report.add(line)
        if line.contact is None or line.visit is None:
            continue
        if line.contact.external_ref in known:
            report.known[line.group] += 1
            continue
        _enter_one(line.contact, line.visit, profile, desk, at=at)
        report.entered[line.group] += 1
        report.episodes += 1


def _enter_one(
    contact: ContactFacts, visit: Visit, profile: TeamProfile, desk: Desk, *, at: datetime
) -> None:
    """One visit, whole or not at all. It is closed as of the last time that the file knows of it."""
    by = desk.by
    with act_as(by):
        row = calls.take_contact(by=by, at=at, contact=contact)
        if row.episode_id is None:
            raise TypeError("a visit has an episode")
        dispatch.record_visit(
            by=by, at=at, episode_id=row.episode_id, unit_id=desk.unit_id, visit=visit
        )
        episodes.close_episode(
            by=by,
            at=last_known(visit),
            episode_id=row.episode_id,
            closing=Closing(outcome=profile.closed_as if visit.reached else "unknown"),
        )
