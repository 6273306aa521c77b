"""From the lines of a file of teams' visits to contacts with their visit, and rejects. Touches no database."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nowrongdoor.calls.facts import Channel, ContactFacts
from nowrongdoor.dispatch.facts import Stage, Visit
from nowrongdoor.dispatch.rules.backentry import may_record
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import rules, scope
from nowrongdoor.exchange.facts import VISIT_AFTER, Line
from nowrongdoor.exchange.files import Record, records
from nowrongdoor.exchange.once import each_once
from nowrongdoor.exchange.stages import Chain, Refusal, filled, first, no_beginning
from nowrongdoor.exchange.team_profiles import TeamProfile
from nowrongdoor.kernel.text import folded

STAGES = {f"{stage.value}_at": stage for stage in Stage}


def lines(file: Path, profile: TeamProfile, *, at: datetime) -> Iterator[Line]:
    """As `reading.lines`, for a file with one line for each visit."""

    def read() -> Iterator[Line]:
        for record in records(file, profile, profile.columns.all()):
            yield _line(record, profile, at=at)

    return each_once(read, profile.columns.asked_at[0])


def _line(record: Record, profile: TeamProfile, *, at: datetime) -> Line:
    if record.wrong is not None:
        return Line(record.number, profile.code, reject=record.wrong)
    row, columns = record.cells, profile.columns
    chain = Chain(profile, columns.times, after=VISIT_AFTER, at=at)
    line = Line(record.number, profile.code, written=chain.written)
    outcome = rules.outcome_of(
        profile.outcome_rules, first(row, columns.end_point), first(row, columns.disposition)
    )
    try:
        updated_at = chain.instant(row, columns.updated_at) if columns.updated_at else None
        chain.read(row)
        contact, visit = _both(row, profile, chain, outcome or "unknown", at=at)
    except Refusal as refusal:
        return replace(line, reject=refusal.reject)
    return replace(
        line,
        contact=contact,
        visit=visit,
        known=chain.times,
        missing=tuple(chain.missing),
        repeated=chain.repeated,
        also=scope.also(row, profile, contact.at),
        updated_at=updated_at,
        unmatched=() if outcome else _words(row, profile),
    )


def _both(
    row: Mapping[str, str], profile: TeamProfile, chain: Chain, outcome: str, *, at: datetime
) -> tuple[ContactFacts, Visit]:
    columns, times = profile.columns, chain.times
    if "asked_at" not in times:
        raise no_beginning(row, columns.asked_at)
    reason = folded(first(row, columns.reason))
    if reason not in profile.class_of:
        raise Refusal(columns.reason[0], "no class of the profile fits")
    visit = Visit(
        kind=profile.kind,
        asked_at=times["asked_at"],
        outcome=outcome,
        source=Source.IMPORT,
        reached={STAGES[name]: each for name, each in times.items() if name in STAGES},
    )
    possible = may_record(visit, open=True, works=True, sends=True, known=True, at=at)
    if not possible.allowed:
        raise Refusal(columns.asked_at[0], possible.because)
    contact = ContactFacts(
        at=times["asked_at"],
        class_code=profile.class_of[reason],
        behavioral=True,
        channel=Channel.OTHER,
        source=Source.IMPORT,
        external_ref=scope.reference(row, profile, times["asked_at"]),
        at_either="asked_at" in chain.either,
    )
    return contact, visit


def _words(row: Mapping[str, str], profile: TeamProfile) -> tuple[tuple[str, str], ...]:
    """How a visit ended, in the file's words, where no line of `outcomes` names both together."""
    columns = profile.columns
    said = [
        (filled(row, each), first(row, each)) for each in (columns.end_point, columns.disposition)
    ]
    if not any(word for _, word in said):
        return ()
    return (
        (" + ".join(column for column, _ in said), " + ".join(word or "-" for _, word in said)),
    )
