"""The child that proves: one question in, one answer out, as JSON. No database, no settings, no key.

It limits itself before it reads anything: seconds of CPU time, and memory. What takes more is ended by
the system, whoever waits for it (docs/domain/triage.md).
"""

import json
import resource
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.community.files import BadCommunity
from nowrongdoor.triage import comparing, noticed, reading

SHORT = 3
"""Its exit code where memory did not do."""
MEMORY = 2 * 1024**3


def main() -> int:
    seconds = int(sys.argv[1])
    for kind, most in (("CPU", seconds), ("AS", MEMORY), ("CORE", 0), ("FSIZE", 0)):
        resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (most, most))
    asked: dict[str, Any] = json.load(sys.stdin)
    try:
        json.dump(answer(asked), sys.stdout)
    except (MemoryError, z3.Z3Exception):
        return SHORT
    return 0


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """`problems` for text that is no protocol; else its name and version with what was found."""
    try:
        found = reading.read_text(asked["text"], asked["name"])
    except BadCommunity as bad:
        return {"problems": [asdict(each) for each in bad.problems]}
    if asked["mutate"]:
        return {"mutations": [asdict(each) for each in noticed.mutations(found)]}
    before = asked["before"] and reading.read_text(asked["before"], reading.FILE)
    return {
        "code": found.id,
        "version": found.version,
        "proof": asdict(comparing.check(found, before or None)),
    }


if __name__ == "__main__":
    sys.exit(main())
