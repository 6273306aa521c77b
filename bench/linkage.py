"""`python -m bench.linkage [FOLDER] [--people N]`: trains the weights of a community's `linkage.json` with Splink.

Needs the extra `linkage`. On synthetic people only: each is told twice, the second time with what goes wrong
when somebody else writes it down. Splink learns how often each level of agreement is met among pairs of records
of two people (u, by chance) and of one (m, by label); the weight is the logarithm of m/u to base 2.
The levels are those of `identity.rules.matching`, called from there: both always compare the same way.
"""

import argparse
import json
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bench.people import People, Told, crowd
from nowrongdoor.identity.facts import Born, Described, Likely, NameFacts, Weights
from nowrongdoor.identity.rules.matching import FIELDS, LEVELS, compare, levels_of
from nowrongdoor.identity.trained import LINKAGE, NICKNAMES, LinkageFile, nicknames

SEED = 20261201
PAIRS = 400_000
POSSIBLE, LIKELY = 8.0, 20.0
"""Bits: from which on a pair is shown, and called very likely. What that means is measured on other people."""
SOURCE = 'sources, "Who it is": trained on synthetic people, see docs/domain/identity.md'


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.linkage")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("communities/tucson"))
    parser.add_argument("--people", type=int, default=10_000)
    asked = parser.parse_args()
    trained = train(asked.folder, asked.people)
    file = asked.folder / LINKAGE
    file.write_text(json.dumps(trained, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{file}: {asked.people:,} people, trained with Splink {trained['splink']}")
    for field, each in trained["fields"].items():
        print(
            f"  {field}: "
            + ", ".join(f"{level} {bits:+.1f}" for level, bits in each["bits"].items())
        )
    print(f"  measured: {trained['measured']}")
    return 0


def described(told: Told) -> Described:
    names = (NameFacts(told.given, told.family),) if told.given or told.family else ()
    born = Born(told.born, told.from_year, told.until_year)
    return Described(names, born, (told.phone,) if told.phone else (), told.address)


def untrained(folder: Path) -> Weights:
    """Nothing weighs anything yet, but nicknames are known."""
    known = nicknames(folder / NICKNAMES)
    return Weights({}, LIKELY, POSSIBLE, {name: frozenset(each) for name, each in known.items()})


def told_twice(weights: Weights, people: int, *, seed: int) -> list[Told]:
    maker = People(seed, {name: sorted(each) for name, each in weights.nicknames.items()})
    return [each for told in crowd(maker, people) for each in (told, maker.again(told))]


def train(folder: Path, people: int) -> dict[str, Any]:
    """What `linkage.json` holds."""
    import splink

    weights = untrained(folder)
    linker = linked(told_twice(weights, people, seed=SEED), weights)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=PAIRS, seed=SEED, min_count_per_level=None
    )
    linker.training.estimate_m_from_label_column("person")
    fields = learned(linker.misc.save_model_to_json())
    bits = {field: each["bits"] for field, each in fields.items()}
    trained = Weights(bits, LIKELY, POSSIBLE, weights.nicknames)
    return {
        "trained_on": datetime.now(UTC).date().isoformat(),
        "splink": splink.__version__,
        "people": people,
        "seed": SEED,
        "likely": LIKELY,
        "possible": POSSIBLE,
        "measured": measured(trained),
        "source": SOURCE,
        "fields": fields,
    }


def linked(told: Sequence[Told], weights: Weights) -> Any:
    """A Splink linker over these records."""
    from splink import Linker, SettingsCreator

    api, connection = connected([described(each) for each in told], weights)
    connection.execute("CREATE TABLE told (unique_id BIGINT, person BIGINT)")
    rows = [(number, each.person) for number, each in enumerate(told)]
    connection.executemany("INSERT INTO told VALUES (?, ?)", rows)
    settings = SettingsCreator(link_type="dedupe_only", comparisons=comparisons())
    return Linker(api.register("told"), settings, log_level=30)


def connected(records: Sequence[Described], weights: Weights) -> tuple[Any, Any]:
    """Splink's database, where `level_of_FIELD(one, other)` asks the product's own rules of two records."""
    import duckdb
    from splink.backends.duckdb import DuckDBAPI

    @cache
    def levels(one: int, other: int) -> dict[str, str]:
        return levels_of(records[one], records[other], weights)

    def asks(field: str) -> Callable[[int, int], str]:
        def asked(one: int, other: int) -> str:
            return levels(one, other)[field]

        return asked

    connection = duckdb.connect()
    for field in FIELDS:
        types = ["BIGINT", "BIGINT"]
        connection.create_function(f"level_of_{field}", asks(field), types, "VARCHAR")
    return DuckDBAPI(connection=connection), connection


def comparisons(trained: LinkageFile | None = None) -> list[Any]:
    """What Splink compares: with the m and u of a file, or such as are still to be learned."""
    import splink.comparison_library as library

    return [
        library.CustomComparison(_levels(field, trained), output_column_name=field)
        for field in FIELDS
    ]


def _levels(field: str, trained: LinkageFile | None) -> list[dict[str, Any]]:
    asked = f"level_of_{field}(unique_id_l, unique_id_r)"
    missing = {
        "sql_condition": f"{asked} = ''",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    found: list[dict[str, Any]] = [missing]
    for level in LEVELS[field]:
        last = level == LEVELS[field][-1]
        condition = "ELSE" if last else f"{asked} = '{level}'"
        known = {} if trained is None else _known(trained, field, level)
        found.append({"sql_condition": condition, "label_for_charts": level} | known)
    return found


def _known(trained: LinkageFile, field: str, level: str) -> dict[str, float]:
    of = trained.fields[field]
    return {"m_probability": of.m[level], "u_probability": max(of.u[level], 1e-9)}


def learned(model: dict[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    """m, u and bits of each level. What was met in no pair counts as half a pair."""
    found = {}
    for field, comparison in zip(FIELDS, model["comparisons"], strict=True):
        rows = {each["label_for_charts"]: each for each in comparison["comparison_levels"]}
        m = {level: max(rows[level].get("m_probability") or 0.0, 1e-4) for level in LEVELS[field]}
        u = {
            level: max(rows[level].get("u_probability") or 0.0, 0.5 / PAIRS)
            for level in LEVELS[field]
        }
        found[field] = {
            "bits": {level: round(math.log2(m[level] / u[level]), 2) for level in LEVELS[field]},
            "m": {level: round(each, 6) for level, each in m.items()},
            "u": {level: round(each, 9) for level, each in u.items()},
        }
    return found


def measured(weights: Weights, people: int = 2_000) -> dict[str, float]:
    """On other people: how many pairs of one person, and of two, are called what."""
    told = told_twice(weights, people, seed=SEED + 1)
    mates = [
        compare(described(a), described(b), weights)
        for a, b in zip(told[::2], told[1::2], strict=True)
    ]
    firsts = [described(each) for each in told[:2_000:2]]
    others = [compare(a, b, weights) for n, a in enumerate(firsts) for b in firsts[n + 1 :]]
    return {
        "one_person_very_likely": round(
            sum(each.likely is Likely.VERY for each in mates) / len(mates), 4
        ),
        "one_person_shown": round(
            sum(each.likely is not Likely.UNLIKELY for each in mates) / len(mates), 4
        ),
        "two_people_very_likely": round(
            sum(each.likely is Likely.VERY for each in others) / len(others), 9
        ),
        "two_people_shown": round(
            sum(each.likely is not Likely.UNLIKELY for each in others) / len(others), 9
        ),
    }


if __name__ == "__main__":
    raise SystemExit(main())
