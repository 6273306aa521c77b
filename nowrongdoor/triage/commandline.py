"""What the command line prints. No database, no settings, and the solver only where it is asked for.

One line of answers in, one line of finding out: `{"level", "rule", "duties", "response"}`, with the
duties by the alphabet and the response `{"police", "ems", "clinical"}`, null at X; or
`{"error": {"rule", "because", "field"}}` for a line that cannot be answered.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.kernel.verdict import BadInput, Refused
from nowrongdoor.triage import reading
from nowrongdoor.triage.facts import Fate, Mutation, Proof, Protocol
from nowrongdoor.triage.rules import decide, read_answers

COMMUNITIES = Path("communities")
ERROR = '{"error": '
SHOWN = 4


def protocol_of(community: str) -> Protocol:
    """The protocol of a community: its folder, or its name under communities/. As `reading.read`."""
    folder = Path(community)
    if not folder.is_dir() and (COMMUNITIES / community).is_dir():
        folder = COMMUNITIES / community
    if not folder.is_dir():
        raise BadCommunity([Problem(community, 0, reading.FILE, "there is no such folder")])
    return reading.read(folder / reading.FILE)


def triage_lines(protocol: Protocol, lines: Iterable[str | bytes]) -> Iterator[str]:
    """Answer each line of JSON, whole answers or some; lines of blanks are passed over."""
    for line in lines:
        if line.strip():
            yield _answer(protocol, line)


def triage(protocol: Protocol, lines: Iterable[str | bytes], write: Callable[[str], Any]) -> int:
    """Write what `triage_lines` says. The exit code: 1 where any line could not be answered."""
    code = 0
    for line in triage_lines(protocol, lines):
        write(line)
        if line.startswith(ERROR):
            code = 1
    return code


def _answer(protocol: Protocol, line: str | bytes) -> str:
    try:
        finding = decide(protocol, read_answers(protocol, _json(line)))
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, BadInput) else ""
        no = refusal.verdict
        return json.dumps({"error": {"rule": no.rule, "because": no.because, "field": field}})
    goes = finding.response
    axes = {"police": goes.police, "ems": goes.ems, "clinical": goes.clinical}
    return json.dumps(
        {
            "level": finding.level.value,
            "rule": finding.rule,
            "duties": sorted(finding.duties),
            "response": None if goes.standard else axes,
        }
    )


def _json(line: str | bytes) -> object:
    try:
        return json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadInput("line", "line.unreadable", "This line is not JSON in UTF-8.") from None


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        name = next(name for name, count in Counter(k for k, _ in pairs).items() if count > 1)[:40]
        raise BadInput(name, "answer.twice", "{question} is answered twice.", question=name)
    return read


def proof_lines(proof: Proof) -> Iterator[str]:
    """What the proof looked at, and every failure with the call that shows it."""
    kinds = Counter(claim.kind for claim in proof.claims)
    looked = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    yield f"{proof.protocol}: looked at {looked}."
    for claim in proof.failures:
        yield f"fails: {claim.kind} {claim.id} ({claim.text})"
        yield f"  {claim.because}"
    if proof.holds:
        yield "Proved for every possible call, whole or partly asked."


def mutation_lines(rows: Sequence[Mutation]) -> Iterator[str]:
    """The table: each rule dropped or changed, and who notices."""
    width = min(max((len(row.name) for row in rows), default=0), 60)
    for row in rows:
        yield f"{row.name:<{width}}  {row.fate.value:<15}  {_who(row)}".rstrip()
    fates = Counter(row.fate for row in rows)
    yield f"{len(rows)} mutations: " + ", ".join(f"{fates[each]} {each.value}" for each in Fate)


def _who(row: Mutation) -> str:
    more = f" and {len(row.by) - SHOWN} more" if len(row.by) > SHOWN else ""
    return ", ".join(row.by[:SHOWN]) + more if row.by else row.because
