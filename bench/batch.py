"""Splink's batch answer to the questions of `match`, with the weights of the community's file."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from bench.linkage import comparisons, connected, described, untrained
from bench.people import Told
from nowrongdoor.identity.rules.sounds import families_of, given_of, heard, phone_end
from nowrongdoor.identity.trained import LINKAGE, read

FIRST = 5
COLUMNS = (
    "unique_id BIGINT, given VARCHAR, family VARCHAR, second VARCHAR, born VARCHAR, ending VARCHAR"
)


def recall(
    people: Iterator[Told], asked: Mapping[str, Sequence[Told]], folder: Path
) -> dict[str, float]:
    """Of each set of questions, in how many percent the right record is among the first five."""
    from splink import Linker, SettingsCreator, block_on

    everybody = list(people)
    questions = [each for told in asked.values() for each in told]
    records = [described(each) for each in (*everybody, *questions)]
    api, connection = connected(records, untrained(folder))
    for name, told, first in (
        ("everybody", everybody, 0),
        ("questions", questions, len(everybody)),
    ):
        connection.execute(f"CREATE TABLE {name} ({COLUMNS})")
        _filled(connection, name, (_row(first + n, each) for n, each in enumerate(told)))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons(read(folder / LINKAGE)),
        blocking_rules_to_generate_predictions=[
            block_on("ending"),
            block_on("born"),
            block_on("given", "family"),
            "l.given = r.given AND l.second = r.family",
            "l.given = r.given AND l.family = r.second",
        ],
    )
    linker = Linker([api.register("everybody"), api.register("questions")], settings, log_level=30)
    pairs = linker.inference.predict().as_record_list()
    return _shares(pairs, asked, everybody)


def _filled(connection: Any, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """By way of a file: row by row a million takes minutes."""
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
        file.flush()
        connection.execute(f"COPY {table} FROM '{file.name}' (FORMAT csv)")


def _row(number: int, told: Told) -> tuple[Any, ...]:
    [name] = described(told).names or (None,)
    families = families_of(name) if name else ()
    return (
        number,
        heard(given_of(name)) or None if name else None,
        heard(families[0]) if families else None,
        heard(families[1]) if len(families) > 1 else None,
        told.born.isoformat() if told.born else None,
        phone_end(told.phone) or None,
    )


def _shares(
    pairs: list[dict[str, Any]], asked: Mapping[str, Sequence[Told]], everybody: Sequence[Told]
) -> dict[str, float]:
    best: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for pair in pairs:
        one, other = sorted((pair["unique_id_l"], pair["unique_id_r"]))
        best[other].append((-pair["match_weight"], one))
    shares, number = {}, len(everybody)
    for blank, told in asked.items():
        right = 0
        for each in told:
            first = [everybody[one].person for _bits, one in sorted(best[number])[:FIRST]]
            right += each.person in first
            number += 1
        shares[blank] = 100 * right / len(told)
    return shares


if __name__ == "__main__":
    raise SystemExit(json.dumps("a part of `python -m bench match`"))
