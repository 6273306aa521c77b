"""A list across programs, filtered in SQL by what the gate opens, beside the same SQL without the gate.

100,000 records of the crisis center; the police's deflection team asks for those that it may be told of. Some have signed
a release, or all have. Floor: the same query of the same rows, in the same transaction right after, with nothing asked
of the gate. Where all have signed, both answer the same rows. `NWD_LISTED` says how many records.
"""

import os
from typing import Any

from bench.figures import Figure, repeated
from bench.house import house
from bench.processes import ask

RECORDS = 100_000
TIMES = {"page": 60, "every": 4, "count": 20}
SAID = {"page": "the first 50 of a list", "every": "every row read", "count": "rows counted"}
SHARES = (2, 100)
AIM = {("page", 2), ("every", 100)}
"""What the aim means: what a person is shown, and the same rows with and without the gate."""
MOST_S = 1800


def run(repeats: int) -> list[Figure]:
    records = int(os.environ.get("NWD_LISTED", RECORDS))
    with house(serves=False) as running:
        job = {"admin": running.admin_url, "records": records, "times": TIMES}
        return [
            figure
            for share in SHARES
            for figure in _figures(
                repeated(
                    "listing",
                    repeats,
                    lambda _turn, share=share: ask(
                        "listed",
                        job | {"share": share},
                        most_s=MOST_S,
                        environment=running.environment,
                    ),
                ),
                share,
                records,
            )
        ]


def _figures(turns: list[dict[str, Any]], share: int, records: int) -> list[Figure]:
    return [
        Figure(
            "listing",
            f"{SAID[name]}, {records:,} records, {share} % released",
            "ms",
            [turn[name]["ours"] for turn in turns],
            [turn[name]["floor"] for turn in turns],
            f"p50 of {times}; floor: the same SQL without the gate",
            "<= 1.2×" if (name, share) in AIM else "",
        )
        for name, times in TIMES.items()
    ]
