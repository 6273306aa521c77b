"""`python -m bench [NAME …] [--repeats N]`."""

import argparse
import sys
import time

from bench import (
    boards,
    clocks,
    cold,
    commands,
    desk,
    gate,
    lines,
    listing,
    lives,
    match,
    memory,
    most,
    moving,
    peer,
    ranking,
    redraw,
    revocation,
    sequencer,
    suite,
    taps,
    teams,
    year,
)
from bench.figures import Figure, machine, table
from bench.processes import Failed, listen_for_interrupts
from nowrongdoor.site.postgres import CannotStart

BENCHES = {
    "commands": commands.run,
    "boards": boards.run,
    "clocks": clocks.run,
    "desk": desk.run,
    "gate": gate.run,
    "lines": lines.run,
    "listing": listing.run,
    "lives": lives.run,
    "map": moving.run,
    "match": match.run,
    "memory": memory.run,
    "month": memory.month,
    "most": most.run,
    "peer": peer.run,
    "ranking": ranking.run,
    "redraw": redraw.run,
    "revocation": revocation.run,
    "sequencer": sequencer.run,
    "taps": taps.run,
    "teams": teams.run,
    "year": year.run,
    "cold": cold.run,
    "suite": suite.run,
}
ONLY_WHEN_NAMED = frozenset({"lines", "month", "suite"})


def main() -> int:
    """0 where everything asked for was measured, whatever the figures say."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Figures beside their floors."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--repeats", type=int, default=5, help="how often each is repeated (5)")
    asked = parser.parse_args()
    if unknown := set(asked.names) - BENCHES.keys():
        parser.error(f"there is no benchmark named {', '.join(sorted(unknown))}")
    if asked.repeats < 1:
        parser.error("at least one repeat")
    listen_for_interrupts()
    names = asked.names or [name for name in BENCHES if name not in ONLY_WHEN_NAMED]
    return _measure(names, asked.repeats)


def _measure(names: list[str], repeats: int) -> int:
    """Run each; the table holds what was measured, even where a later one failed."""
    figures: list[Figure] = []
    code = 0
    for name in names:
        try:
            begun = time.monotonic()
            measured = BENCHES[name](repeats)
        except (Failed, CannotStart) as reason:
            print(f"{name}: {reason}", file=sys.stderr)
            code = 1
        else:
            figures += measured
            print(
                f"\n{name}, in {time.monotonic() - begun:.0f} s:\n\n{table(measured)}\n", flush=True
            )
    if len(names) > 1 and figures:
        print(table(figures))
    print(f"\n{repeats} repeats where not said otherwise; {machine()}.")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped. Everything that was started has ended.", file=sys.stderr)
        sys.exit(130)
