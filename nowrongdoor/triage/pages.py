"""What each page of the protocol is given to show."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused, Verdict, no
from nowrongdoor.triage import permissions, proving, queries, replay, words
from nowrongdoor.triage.facts import Claim, Level, Protocol
from nowrongdoor.triage.forms import DraftForm
from nowrongdoor.triage.queries import ProtocolRow
from nowrongdoor.triage.replay import Change, Outcome, Replay
from nowrongdoor.web.refusals import reason

Context = dict[str, Any]
REPLAYED = 500
"""A dry run looks at this many of the latest screenings."""
CSV_COLUMNS = (
    "number",
    "from_level",
    "from_rule",
    "to_level",
    "to_rule",
    "duties_added",
    "duties_dropped",
)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version and where it stands in its life. `going`: callers are screened by it now."""

    row: ProtocolRow
    state: str
    going: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class ApproverLine:
    """One of the four. `name`: who has approved as this one, '' while nobody has."""

    code: str
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class Steps:
    """What the one who looks may do now; where they may not, the rule's sentence."""

    approve_as: str
    no_approve: str
    no_activate: str
    no_retire: str


def protocol(by: Actor, *, at: datetime, form: DraftForm | None = None) -> Context:
    rows = queries.versions(by)
    going = queries.going(rows, at)
    return {
        "versions": [_line(row, going, at) for row in rows],
        "going": going,
        "governs": may(by, Action.GOVERN_PROTOCOL).allowed,
        "form": form,
    }


def draft_text(by: Actor, wanted: str) -> str:
    """The text of the version that a new draft starts from; '' for an empty box."""
    try:
        return queries.version(by, UUID(wanted)).text if wanted else ""
    except ValueError:
        return ""


def text_going(by: Actor, *, at: datetime) -> str:
    """The text of the version that goes then, which a new one is held against; '' for none."""
    with act_as(by):
        return queries.text_going(at)


def prove_ahead(
    *, by: Actor, at: datetime, protocol_id: UUID, from_at: datetime | None = None
) -> None:
    """The proof that putting a version in force asks for, before its transaction begins."""
    row = queries.version(by, protocol_id)
    proving.check(row.text, text_going(by, at=from_at or at))


def active_version(by: Actor, protocol_id: UUID, *, at: datetime) -> Context:
    """Where one version stands and what may be done with it: what an act changes of its page."""
    return _version(by, protocol_id, at=at)[2]


def version(by: Actor, protocol_id: UUID, *, at: datetime) -> Context:
    """One version in words, where it stands, and what may be done with it. Four queries."""
    row, found, common = _version(by, protocol_id, at=at)
    return common | {
        "questions": words.questions(found, by.language),
        "levels": words.levels(found, by.language),
        "duties": words.duties(found, by.language),
        "responses": words.responses(found, by.language),
        "if_lost": words.condition(found, found.if_lost, by.language),
        "invariants": _invariants(row, found, (), by.language),
    }


def proved(by: Actor, protocol_id: UUID, *, at: datetime) -> Context:
    """The proof, made now: every claim, and the call that breaks one."""
    row = queries.version(by, protocol_id)
    found = queries.parsed(row)
    going = queries.going_now(by, at=at) if row.active_from is None else None
    made = proving.check(row.text, "" if going is None else going.text).proof
    return {
        "row": row,
        "proof": made,
        "invariants": _invariants(row, found, made.claims, by.language),
        "claims": words.claim_groups(made.claims),
        "at": at,
        "governs": may(by, Action.GOVERN_PROTOCOL).allowed,
    }


def mutated(by: Actor, protocol_id: UUID) -> Context:
    """Every rule dropped or weakened in turn, and who notices. Some seconds of work."""
    row = queries.version(by, protocol_id)
    rows = proving.mutations(row.text)
    return {
        "row": row,
        "mutations": words.mutation_lines(rows),
        "missed": sum(not each.passes for each in rows),
    }


def dry_run(by: Actor, protocol_id: UUID, *, at: datetime) -> Context:
    """Seven queries."""
    row, going, found = _replay(by, protocol_id, at=at)
    names = words.duty_names(queries.parsed(row), by.language)
    names = words.duty_names(queries.parsed(going), by.language) | names
    return {
        "row": row,
        "going": going,
        "found": found,
        "most": REPLAYED,
        "changes": [_change(each, names) for each in found.changes],
        "matrix": [
            (_level(was), [(found.counts.get((was, to), 0), was == to) for to in found.levels])
            for was in found.levels
        ],
        "columns": [_level(level) for level in found.levels],
    }


def dry_run_csv(by: Actor, protocol_id: UUID, *, at: datetime) -> tuple[str, str]:
    """The version's number, and the changes as a file: numbers, levels, rules and duties only."""
    row, _going, found = _replay(by, protocol_id, at=at)
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(CSV_COLUMNS)
    for each in found.changes:
        sides = (*_side(each.was), *_side(each.now))
        table.writerow((each.number, *sides, " ".join(each.added), " ".join(each.dropped)))
    return row.version, out.getvalue()


def _replay(
    by: Actor, protocol_id: UUID, *, at: datetime
) -> tuple[ProtocolRow, ProtocolRow, Replay]:
    row = queries.version(by, protocol_id)
    going = queries.going_now(by, at=at)
    if going is None:
        raise Refused(no("dry_run.nothing", "No active protocol to compare with."))
    calls = queries.replayed(by, at=at, most=REPLAYED)
    return row, going, replay.replay(queries.parsed(going), queries.parsed(row), calls)


def _side(side: Outcome) -> tuple[str, str]:
    return ("" if side.level is None else side.level.value, side.rule)


def _level(level: Level | None) -> str:
    return gettext("none") if level is None else level.value


def _change(change: Change, names: Mapping[str, str]) -> Context:
    turns = {
        replay.LOWER: gettext("Lower level"),
        replay.HIGHER: gettext("Higher level"),
        replay.ACROSS: gettext("Different highest level"),
        replay.SAME: gettext("Other duties"),
    }
    return {
        "change": change,
        "turn": turns[change.turn],
        "lower": change.turn == replay.LOWER,
        "added": [names[duty] for duty in change.added],
        "dropped": [names[duty] for duty in change.dropped],
    }


def _version(
    by: Actor, protocol_id: UUID, *, at: datetime
) -> tuple[ProtocolRow, Protocol, Context]:
    row = queries.version(by, protocol_id)
    rows = queries.versions(by)
    going = queries.going(rows, at)
    found = queries.parsed(row)
    governs = may(by, Action.GOVERN_PROTOCOL).allowed
    approvers = _approvers(row, found, by.language)
    return (
        row,
        found,
        {
            "desk": ("protocol", row.id),
            "row": row,
            "line": _line(row, going, at),
            "source": found.source,
            "approvers": approvers,
            "steps": _steps(by, row, rows, approvers, at=at) if governs else None,
            "governs": governs,
        },
    )


def _line(row: ProtocolRow, going: ProtocolRow | None, at: datetime) -> VersionLine:
    here = going is not None and going.id == row.id
    return VersionLine(row, _state(row, at, going=here), here, row.retired_at is not None)


def _state(row: ProtocolRow, at: datetime, *, going: bool) -> str:
    state = row.state(at)
    if row.retired_at is not None:
        return gettext("Retired")
    if state == "proved" and row.approvals:
        return gettext("Approved by %(n)s of 4") % {"n": len(row.approvals)}
    return {
        "draft": gettext("Draft; its proof fails"),
        "proved": gettext("Draft, proved"),
        "waiting": gettext("Approved; not active yet"),
        "active": gettext("Active") if going else gettext("In reserve"),
    }[state]


def _approvers(row: ProtocolRow, found: Protocol, language: str) -> tuple[ApproverLine, ...]:
    titles = {each.role: words.localized(each.name, language) for each in found.approvers}
    titles |= {code: code for code in sorted(permissions.APPROVERS - set(titles))}
    return tuple(
        ApproverLine(code, title, row.approvals.get(code, "")) for code, title in titles.items()
    )


def _steps(
    by: Actor,
    row: ProtocolRow,
    rows: Iterable[ProtocolRow],
    approvers: Iterable[ApproverLine],
    *,
    at: datetime,
) -> Steps:
    """The same rules that the commands ask, asked beforehand. The missing ones by their titles."""
    mine = permissions.APPROVES.get(by.role, "")
    approve = permissions.may_approve(
        by.role,
        mine,
        proved=row.proved_at is not None,
        retired=row.retired_at is not None,
        given=frozenset(row.approvals),
        mine=by.member_id in row.approved_by,
    )
    activate = permissions.may_activate(
        missing=frozenset(each.title for each in approvers if not each.name),
        ended=row.active_from is not None or row.retired_at is not None,
        past=False,
    )
    active = {each.id for each in rows if each.state(at) == "active"}
    retire = permissions.may_retire(retired=row.retired_at is not None, another=active != {row.id})
    return Steps(
        approve_as=mine if approve.allowed else "",
        no_approve=_no(approve),
        no_activate=_no(activate),
        no_retire=_no(retire),
    )


def _no(verdict: Verdict) -> str:
    return "" if verdict.allowed else reason(verdict)


def _invariants(
    row: ProtocolRow, found: Protocol, claims: Iterable[Claim], language: str
) -> tuple[words.InvariantLine, ...]:
    proved = row.proved_at is not None
    return words.invariants(found, claims, proved=proved, language=language)
