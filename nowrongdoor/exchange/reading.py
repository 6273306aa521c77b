"""From the lines of a CAD file to contacts and rejects, by a profile. Touches no database."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nowrongdoor.calls.facts import Channel, ContactFacts, Stages
from nowrongdoor.calls.rules import may_enter
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import rules
from nowrongdoor.exchange.facts import CHAINED, TIMES, Line, Reject
from nowrongdoor.exchange.profiles import Profile
from nowrongdoor.kernel.verdict import BadInput

Row = Mapping[str, str]


class _Refusal(Exception):  # noqa: N818 - it becomes a reject
    def __init__(self, column: str, because: str) -> None:
        super().__init__(because)
        self.reject = Reject(column, because)


def lines(file: Path, profile: Profile, *, at: datetime) -> Iterator[Line]:
    """Every line of the file, in its order. `at` is now: nothing was received later.

    Errors: BadInput where the file is no CSV in UTF-8, or lacks a column that the profile names.
    """
    first_seen: dict[str, int] = {}
    for number, row in _rows(file, profile):
        line = _line(number, row, profile, at=at)
        if line.contact is not None:
            earlier = first_seen.setdefault(line.contact.external_ref, number)
            if earlier != number:
                again = Reject(
                    profile.columns.number[0], f"this number stands in line {earlier} too"
                )
                line = replace(line, contact=None, reject=again)
        yield line


def _rows(file: Path, profile: Profile) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, restval="", strict=True)
            lacking = profile.columns.all() - set(reader.fieldnames or ())
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


def _line(number: int, row: dict[str, str], profile: Profile, *, at: datetime) -> Line:
    problem, agency, reception = (
        _first(row, getattr(profile.columns, name)) for name in ("problem", "agency", "reception")
    )
    rule = rules.classify(profile.rules, problem=problem, agency=agency, reception=reception)
    if rule is None:
        return Line(
            number, "", reject=Reject(profile.columns.agency[0], "no class of the profile fits")
        )
    chain = _Chain(profile)
    contact: ContactFacts | None = None
    reject: Reject | None = None
    try:
        chain.read(row)
        contact = _contact(row, profile, chain.times, class_code=rule.class_code, channel=reception)
    except _Refusal as refusal:
        contact, reject = None, refusal.reject
    verdict = may_enter(contact, at=at) if contact is not None else None
    if verdict is not None and not verdict.allowed:
        contact, reject = None, Reject(profile.columns.received_at[0], verdict.because)
    return Line(number, rule.group, contact, reject, chain.written, chain.repeated)


class _Chain:
    """The times of one line: `times` as instants, `written` as they stand in the file."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.times: dict[str, datetime] = {}
        self.written: dict[str, datetime] = {}
        self.repeated = 0

    def read(self, row: Row) -> None:
        """Read what can be told; refuse a chain that runs backwards, after reading all of it."""
        wrong: _Refusal | None = None
        for name in TIMES:
            column = _filled(row, getattr(self._profile.columns, name))
            try:
                possible = rules.instants(row.get(column, "").strip(), self._profile.zone)
            except rules.Unreadable as error:
                raise _Refusal(column, str(error)) from None
            if possible and not self._add(name, possible):
                wrong = wrong or _Refusal(column, "this is earlier than the stage before it")
        if wrong is not None:
            raise wrong

    def _add(self, name: str, possible: tuple[datetime, ...]) -> bool:
        """Keep one time. False where it lies before what must come before it."""
        self.written[name] = possible[0].astimezone(self._profile.zone).replace(tzinfo=None)
        before = max(self.times.values(), default=None)
        if name not in CHAINED:
            before = self.times.get("received_at")
        found = possible[0] if before is None else rules.in_order(before, possible)
        if found is None:
            self.repeated += 1
        else:
            self.times[name] = found
        return found is None or before is None or found >= before


def _contact(
    row: dict[str, str],
    profile: Profile,
    times: Mapping[str, datetime],
    *,
    class_code: str,
    channel: str,
) -> ContactFacts:
    if "received_at" not in times:
        raise _Refusal(profile.columns.received_at[0], "it does not say when it was received")
    disposition = _first(row, profile.columns.disposition)
    stages = {name: times.get(name) for name in TIMES[1:]}
    return ContactFacts(
        at=times["received_at"],
        class_code=class_code or "other",
        behavioral=bool(class_code),
        channel=profile.channels.get(channel, Channel.OTHER),
        source=Source.IMPORT,
        external_ref=rules.reference(_first(row, profile.columns.number), row),
        stages=Stages(**stages),
        outcome=profile.outcomes.get(disposition, "unknown") if "closed_at" in times else "",
    )


def _filled(row: Row, columns: tuple[str, ...]) -> str:
    """The first of these columns that is filled, or the first."""
    return next((name for name in columns if row.get(name, "").strip()), columns[0])


def _first(row: Row, columns: tuple[str, ...]) -> str:
    return row.get(_filled(row, columns), "").strip()
