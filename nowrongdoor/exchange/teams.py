"""Bringing a file of mobile teams' visits in, through the commands of back-entry.

Each line is one transaction: the contact with its episode, the visit, the close. What is entered
already is known by its number, so a second run changes nothing and a killed one goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls import queries
from nowrongdoor.calls.facts import ContactFacts, Entered
from nowrongdoor.calls.later import completion
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch import queries as units
from nowrongdoor.dispatch.facts import Visit
from nowrongdoor.dispatch.rules import backentry
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.exchange import importing, scope, team_profiles, team_rows
from nowrongdoor.exchange.facts import VISIT_GAPS, VISIT_MOST_S, Line
from nowrongdoor.exchange.importing import Different
from nowrongdoor.exchange.report import Report
from nowrongdoor.exchange.team_profiles import TeamProfile
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput

_NAMES = {"received_at": "asked_at", "problem": "reason"}
"""What calls call otherwise than a profile of visits does."""


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
    report = Report(spans=VISIT_GAPS, most_s=VISIT_MOST_S, zone=known_as.zone)
    entering = _Entering(known_as, report, desk, at)
    lines = team_rows.lines(file, known_as, at=at)
    importing.run(lines, rejects=rejects, enter=entering.batch, progress=progress)
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


@dataclass(frozen=True, slots=True)
class _Entering:
    profile: TeamProfile
    report: Report
    desk: Desk
    at: datetime

    def batch(self, lines: list[Line]) -> list[Different]:
        entered = queries.entered(self.desk.by, scope.numbers(lines))
        ids = {each.episode_id for rows in entered.values() for each in rows if each.episode_id}
        visits = units.entered_visits(self.desk.by, ids)
        different: list[Different] = []
        for line in lines:
            self.report.add(line)
            if line.contact is None or line.visit is None:
                continue
            known = scope.known(line, entered)
            visit = visits.get(known.episode_id) if known and known.episode_id else None
            if known is None or visit is None:
                _enter_one(line.contact, line.visit, self.profile, self.desk, at=self.at)
                self.report.enter(line, opened=True)
            else:
                different += self._bring(line, known, visit, line.contact, line.visit)
        return different

    def _bring(
        self, line: Line, known: Entered, visit: Visit, contact: ContactFacts, said: Visit
    ) -> list[Different]:
        by, at = self.desk.by, self.at
        new, way = completion(known, contact), backentry.completed(visit, said)
        same = "received_at" not in new.different
        brings = same and (new.brings or way.brings)
        if same and (new.brings or new.external_ref):
            calls.complete_contact(by=by, at=at, contact_id=known.id, said=contact)
        if same and way.brings and known.episode_id is not None:
            dispatch.complete_visit(by=by, at=at, episode_id=known.episode_id, said=said)
        if brings:
            self.report.keep(line)
        names = [
            _NAMES.get(name, name) for name in (*new.different, *(way.different if same else ()))
        ]
        self.report.meet(line, brings=brings, different=bool(names))
        return importing.different(line, names, self.profile.columns)


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
            at=backentry.last_known(visit),
            episode_id=row.episode_id,
            closing=Closing(outcome=profile.closed_as if visit.reached else "unknown"),
        )
