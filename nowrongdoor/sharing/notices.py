"""The notices of 42 CFR 2.32, by version: the regulation's own words, which travel with what is told by consent."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LONG, SHORT = "2.32-2024-1", "2.32-2024-2"


@dataclass(frozen=True, slots=True)
class Notice:
    version: str
    regulation: str
    text: str


@cache
def notices() -> Mapping[str, Notice]:
    """Every version there has been: what a disclosure carried can be shown again."""
    said = yaml.safe_load((Path(__file__).parent / "notices.yaml").read_text())
    return {version: Notice(version, **each) for version, each in said.items()}
