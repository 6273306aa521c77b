"""Reading the weights of matching: a community's `linkage.json` and `nicknames.csv`. No database."""

import csv
import math
from collections import defaultdict
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.identity.rules.matching import LEVELS
from nowrongdoor.identity.rules.sounds import words_of

LINKAGE, NICKNAMES = "linkage.json", "nicknames.csv"


class FieldFile(BaseModel):
    """The weights of one field, by level; `m` and `u` are what they were made of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    bits: dict[str, float]
    m: dict[str, float]
    u: dict[str, float]


class LinkageFile(BaseModel):
    """Weights with the day they were trained on, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    trained_on: date
    splink: str
    people: int
    seed: int
    likely: float
    possible: float
    measured: dict[str, float]
    source: str
    fields: dict[str, FieldFile]


def read(file: Path) -> LinkageFile:
    """Errors: BadCommunity with every problem found."""
    try:
        found = LinkageFile.model_validate_json(file.read_bytes())
    except ValidationError as wrong:
        raise BadCommunity(
            [
                Problem(LINKAGE, 1, ".".join(map(str, each["loc"])) or "file", each["msg"])
                for each in wrong.errors()
            ]
        ) from None
    problems = [
        Problem(LINKAGE, 1, f"fields.{field}", f"needs exactly: {', '.join(levels)}")
        for field, levels in LEVELS.items()
        if field not in found.fields
        or set(found.fields[field].bits) != set(levels)
        or not all(map(math.isfinite, found.fields[field].bits.values()))
    ]
    if problems:
        raise BadCommunity(problems)
    return found


def nicknames(file: Path) -> dict[str, list[str]]:
    """Each given name with those that stand for it or for which it stands, folded; none without the file."""
    pairs: dict[str, set[str]] = defaultdict(set)
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            one, other = (" ".join(words_of(row[key])) for key in ("name", "nickname"))
            pairs[one].add(other)
            pairs[other].add(one)
    return {name: sorted(others) for name, others in sorted(pairs.items())}
