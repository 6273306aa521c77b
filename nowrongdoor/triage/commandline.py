"""What the command line prints. No database, no settings, and the solver only where it is asked for.

One line of answers in, one line of finding out: `{"level", "rule", "duties", "response"}`, with the
duties by the alphabet and the response `{"police", "ems", "clinical"}`, null at X; or
`{"error": {"rule", "because", "field"}}` for a line that cannot be answered.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from nowrongdoor.community.written import file_of
from nowrongdoor.kernel import json_lines
from nowrongdoor.triage import reading
from nowrongdoor.triage.facts import Fate, Mutation, Proof, Protocol
from nowrongdoor.triage.rules import decide, read_answers

SHOWN = 4


def protocol_of(community: str) -> Protocol:
    """The protocol of a community: its folder, or its name under communities/. As `reading.read`."""
    return reading.read(file_of(community, reading.FILE))


def triage(protocol: Protocol, lines: Iterable[str | bytes], write: Callable[[str], Any]) -> int:
    """Write what each call comes to. The exit code: 1 where any line could not be answered."""
    return json_lines.write_answers(lines, partial(_finding, protocol), write)


def _finding(protocol: Protocol, answers: object) -> dict[str, object]:
    finding = decide(protocol, read_answers(protocol, answers))
    goes = finding.response
    axes = {"police": goes.police, "ems": goes.ems, "clinical": goes.clinical}
    return {
        "level": finding.level.value,
        "rule": finding.rule,
        "duties": sorted(finding.duties),
        "response": None if goes.standard else axes,
    }


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
