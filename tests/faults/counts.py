"""How often a fault is repeated, and what none in so many says."""

import os


def cycles(short: int) -> int:
    """NWD_CYCLES, for a long run; `short` in `make test`."""
    return int(os.environ.get("NWD_CYCLES") or short)


def at_most(tries: int) -> str:
    """None was seen in so many: by the rule of three, the 95 % upper bound of the rate."""
    return f"95 % upper bound {3 / tries:.1e}"
