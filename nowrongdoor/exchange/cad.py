"""Bringing a 911 centre's CAD file in, through the same commands as a live call.

Each episode is a transaction, and each batch of counted contacts. What is entered already is known
by its number: a later line brings what is new, a second run changes nothing and a killed one goes on
where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from nowrongdoor.calls import commands, queries
from nowrongdoor.calls.facts import Completion, ContactFacts, Entered
from nowrongdoor.calls.later import completion
from nowrongdoor.exchange import importing, profiles, reading, scope
from nowrongdoor.exchange.facts import Line
from nowrongdoor.exchange.importing import Different
from nowrongdoor.exchange.profiles import Profile
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

    Writes what could not be entered to `rejects`: line, column, because.
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
    entering = _Entering(known_as, Report(zone=known_as.zone), by, at)
    lines = reading.lines(file, known_as, at=at)
    importing.run(lines, rejects=rejects, enter=entering.batch, progress=progress)
    return entering.report


def importer(program: str | None, *, at: datetime) -> Actor:
    """The import acting for `agency/program`, or the community's own 911 floor."""
    return importing.importer(program, setting="cad_program", at=at)


@dataclass(frozen=True, slots=True)
class _Entering:
    profile: Profile
    report: Report
    by: Actor
    at: datetime

    def batch(self, lines: list[Line]) -> list[Different]:
        entered = queries.entered(self.by, scope.numbers(lines))
        met: set[UUID] = set()  # two lines of a batch are two calls, whatever they have in common
        counted: dict[int, tuple[Line, ContactFacts]] = {}
        later: dict[UUID, tuple[Line, ContactFacts]] = {}
        different: list[Different] = []
        for line in lines:
            self.report.add(line)
            if line.contact is None:
                continue
            known = scope.known(line, entered)
            if known is not None and known.id not in met:
                met.add(known.id)
                different += self._bring(line, known, line.contact, later)
            elif line.contact.behavioral:
                commands.take_contact(by=self.by, at=self.at, contact=line.contact)
                self.report.enter(line, opened=True)
            else:
                counted[line.number] = (line, line.contact)
        self._count(counted, later)
        return different

    def _bring(
        self,
        line: Line,
        known: Entered,
        said: ContactFacts,
        later: dict[UUID, tuple[Line, ContactFacts]],
    ) -> list[Different]:
        """Bring what is new of a known call, or leave it for one transaction with others of its sort."""
        new = completion(known, said)
        self.report.meet(line, brings=new.brings, different=bool(new.different))
        if known.episode_id is None and not new.opens:
            if new.brings or new.external_ref:
                later[known.id] = (line, said)
        elif new.brings or new.external_ref:
            self._complete(line, known, said, new)
        return importing.different(line, new.different, self.profile.columns)

    def _complete(self, line: Line, known: Entered, said: ContactFacts, new: Completion) -> None:
        commands.complete_contact(by=self.by, at=self.at, contact_id=known.id, said=said)
        if new.brings:
            self.report.keep(line, opened=new.opens)

    def _count(
        self,
        counted: dict[int, tuple[Line, ContactFacts]],
        later: dict[UUID, tuple[Line, ContactFacts]],
    ) -> None:
        contacts = [contact for _, contact in counted.values()]
        commands.count_contacts(by=self.by, at=self.at, contacts=contacts)
        for line, _ in counted.values():
            self.report.enter(line)
        said = {id: contact for id, (_, contact) in later.items()}
        commands.complete_counted(by=self.by, at=self.at, said=said)
        for line, _ in later.values():
            self.report.keep(line)
