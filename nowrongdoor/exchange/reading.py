"""From the lines of a CAD file to contacts and rejects, by a profile. Touches no database."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from nowrongdoor.calls.facts import Channel, ContactFacts, Stages
from nowrongdoor.calls.rules import may_enter
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import rules
from nowrongdoor.exchange.cad_rows import each_once, rows
from nowrongdoor.exchange.facts import CHAINED, TIMES, Line, Reject
from nowrongdoor.exchange.profiles import Profile
from nowrongdoor.exchange.stages import Chain, Refusal, first


def lines(file: Path, profile: Profile, *, at: datetime) -> Iterator[Line]:
    """Every line of the file, in its order. `at` is now: nothing was received later.

    Errors: BadInput where the file is no CSV in UTF-8, or lacks a column that the profile names.
    """
    read = (_line(number, row, profile, at=at) for number, row in rows(file, profile.columns.all()))
    return each_once(read, profile.columns.number[0])


def _line(number: int, row: dict[str, str], profile: Profile, *, at: datetime) -> Line:
    problem, agency, reception = (
        first(row, getattr(profile.columns, name)) for name in ("problem", "agency", "reception")
    )
    rule = rules.classify(profile.rules, problem=problem, agency=agency, reception=reception)
    if rule is None:
        return Line(
            number, "", reject=Reject(profile.columns.agency[0], "no class of the profile fits")
        )
    chain = Chain(profile.columns.times, profile.zone, chained=CHAINED)
    contact: ContactFacts | None = None
    reject: Reject | None = None
    try:
        chain.read(row)
        contact = _contact(row, profile, chain.times, class_code=rule.class_code, channel=reception)
    except Refusal as refusal:
        contact, reject = None, refusal.reject
    verdict = may_enter(contact, at=at) if contact is not None else None
    if verdict is not None and not verdict.allowed:
        contact, reject = None, Reject(profile.columns.received_at[0], verdict.because)
    return Line(
        number,
        rule.group,
        contact,
        reject=reject,
        written=chain.written,
        repeated=chain.repeated,
    )


def _contact(
    row: dict[str, str],
    profile: Profile,
    times: Mapping[str, datetime],
    *,
    class_code: str,
    channel: str,
) -> ContactFacts:
    if "received_at" not in times:
        raise Refusal(profile.columns.received_at[0], "it does not say when it was received")
    disposition = first(row, profile.columns.disposition)
    stages = {name: times.get(name) for name in TIMES[1:]}
    return ContactFacts(
        at=times["received_at"],
        class_code=class_code or "other",
        behavioral=bool(class_code),
        channel=profile.channels.get(channel, Channel.OTHER),
        source=Source.IMPORT,
        external_ref=rules.reference(first(row, profile.columns.number), row),
        stages=Stages(**stages),
        outcome=profile.outcomes.get(disposition, "unknown") if "closed_at" in times else "",
    )
