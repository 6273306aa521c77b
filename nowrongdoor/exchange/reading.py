"""From the lines of a CAD file to contacts and rejects, by a profile. Touches no database."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nowrongdoor.calls.facts import Channel, ContactFacts, Stages
from nowrongdoor.calls.rules import may_enter
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import rules, scope
from nowrongdoor.exchange.facts import AFTER, TIMES, ClassRule, Line, Reject
from nowrongdoor.exchange.files import Record, records
from nowrongdoor.exchange.once import each_once
from nowrongdoor.exchange.profiles import Profile
from nowrongdoor.exchange.stages import Chain, Refusal, filled, first, no_beginning
from nowrongdoor.kernel.text import folded


def lines(file: Path, profile: Profile, *, at: datetime) -> Iterator[Line]:
    """Every line of the file, in its order. `at` is now: nothing happened later.

    Errors: as `files.records`.
    """

    def read() -> Iterator[Line]:
        for record in records(file, profile, profile.columns.all()):
            yield _line(record, profile, at=at)

    return each_once(read, profile.columns.received_at[0])


def _line(record: Record, profile: Profile, *, at: datetime) -> Line:
    if record.wrong is not None:
        return Line(record.number, "", reject=record.wrong)
    row, columns = record.cells, profile.columns
    problem, agency, reception = (
        first(row, getattr(columns, name)) for name in ("problem", "agency", "reception")
    )
    rule = rules.classify(profile.rules, problem=problem, agency=agency, reception=reception)
    if rule is None:
        reject = Reject(columns.agency[0], "no class of the profile fits")
        return Line(record.number, "", reject=reject)
    chain = Chain(profile, columns.times, after=AFTER, at=at)
    line = Line(record.number, rule.group, written=chain.written)
    try:
        updated_at = chain.instant(row, columns.updated_at) if columns.updated_at else None
        chain.read(row)
        contact = _contact(row, profile, rule, chain)
    except Refusal as refusal:
        return replace(line, reject=refusal.reject)
    verdict = may_enter(contact, at=at)
    if not verdict.allowed:
        return replace(line, reject=Reject(columns.received_at[0], verdict.because))
    return replace(
        line,
        contact=contact,
        known=chain.times,
        missing=tuple(
            name for name in chain.missing if name in chain.either or _said(row, profile, name)
        ),
        repeated=chain.repeated,
        also=scope.also(row, profile, contact.at),
        updated_at=updated_at,
        unmatched=_unmatched(row, profile, rule, closed=bool(contact.outcome)),
    )


def _said(row: Mapping[str, str], profile: Profile, name: str) -> bool:
    """Whether something stands there, that is no time."""
    return bool(first(row, profile.columns.times[name]))


def _contact(
    row: Mapping[str, str], profile: Profile, rule: ClassRule, chain: Chain
) -> ContactFacts:
    columns, times = profile.columns, chain.times
    if "received_at" not in times:
        raise no_beginning(row, columns.received_at)
    closed = {"closed_at"} & {*times, *chain.either}
    disposition = folded(first(row, columns.disposition))
    channel = profile.channel_of.get(folded(first(row, columns.reception)), Channel.OTHER)
    return ContactFacts(
        at=times["received_at"],
        class_code=rule.class_code or "other",
        behavioral=bool(rule.class_code),
        channel=channel,
        source=Source.IMPORT,
        external_ref=scope.reference(row, profile, times["received_at"]),
        stages=Stages(**{name: times.get(name) for name in TIMES[1:]}),
        outcome=profile.outcome_of.get(disposition, "unknown") if closed else "",
        over_at=max(chain.either.get("closed_at", ()), default=None),
        at_either="received_at" in chain.either,
    )


def _unmatched(
    row: Mapping[str, str], profile: Profile, rule: ClassRule, *, closed: bool
) -> tuple[tuple[str, str], ...]:
    """The words of a line that the profile does not name, by their columns."""
    columns = profile.columns
    looked_at = (
        (columns.problem, not rule.problem),
        (columns.reception, folded(first(row, columns.reception)) not in profile.channel_of),
        (
            columns.disposition,
            closed
            and bool(rule.class_code)
            and folded(first(row, columns.disposition)) not in profile.outcome_of,
        ),
    )
    found = ((filled(row, each), first(row, each)) for each, unknown in looked_at if unknown)
    return tuple((column, word) for column, word in found if word)
