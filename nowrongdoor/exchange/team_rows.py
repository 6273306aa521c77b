"""From the lines of a file of teams' visits to contacts with their visit, and rejects. Touches no database."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from nowrongdoor.calls.facts import Channel, ContactFacts
from nowrongdoor.dispatch.facts import Stage, Visit
from nowrongdoor.dispatch.rules.backentry import may_record
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import rules
from nowrongdoor.exchange.cad_rows import each_once, rows
from nowrongdoor.exchange.facts import VISIT_TIMES, Line
from nowrongdoor.exchange.stages import Chain, Refusal, first
from nowrongdoor.exchange.team_profiles import TeamProfile

STAGES = {f"{stage.value}_at": stage for stage in Stage}


def lines(file: Path, profile: TeamProfile, *, at: datetime) -> Iterator[Line]:
    """Every line of the file, in its order. `at` is now: nothing happened later.

    Errors: BadInput where the file is no CSV in UTF-8, or lacks a column that the profile names.
    """
    read = (_line(number, row, profile, at=at) for number, row in rows(file, profile.columns.all()))
    return each_once(read, profile.columns.number[0])


def _line(number: int, row: dict[str, str], profile: TeamProfile, *, at: datetime) -> Line:
    chain = Chain(profile.columns.times, profile.zone, chained=VISIT_TIMES, no_time=profile.no_time)
    try:
        chain.read(row)
        contact, visit = _both(row, profile, chain.times, at=at)
    except Refusal as refusal:
        return Line(number, profile.code, reject=refusal.reject, written=chain.written)
    return Line(
        number,
        profile.code,
        contact,
        visit=visit,
        written=chain.written,
        known=chain.times,
        missing=tuple(chain.missing),
        repeated=chain.repeated,
    )


def _both(
    row: dict[str, str], profile: TeamProfile, times: Mapping[str, datetime], *, at: datetime
) -> tuple[ContactFacts, Visit]:
    columns = profile.columns
    if "asked_at" not in times:
        raise Refusal(columns.asked_at[0], "it does not say when it was received")
    reason = rules.folded(first(row, columns.reason))
    if reason not in profile.class_of:
        raise Refusal(columns.reason[0], "no class of the profile fits")
    visit = Visit(
        kind=profile.kind,
        asked_at=times["asked_at"],
        outcome=rules.outcome_of(
            profile.outcome_rules, first(row, columns.end_point), first(row, columns.disposition)
        ),
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
        external_ref=f"{profile.code}:{rules.reference(first(row, columns.number), row)}",
    )
    return contact, visit
