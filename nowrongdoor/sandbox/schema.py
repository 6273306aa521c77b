"""What `sandbox.yaml` says of a synthetic city. Shares need not add up to 1 or 100: they are weights."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nowrongdoor.community.yaml_files import YamlDocument

Share = Annotated[float, Field(ge=0, le=1)]
Weights = dict[str, Annotated[float, Field(ge=0)]]
Quantiles = Annotated[tuple[float, ...], Field(min_length=7, max_length=7)]
"""Seconds at p5, p10, p25, p50, p75, p90 and p95."""


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stream(Row):
    per_day: float = Field(gt=0)
    source: str


class Hours(Row):
    share: tuple[float, ...] = Field(min_length=24, max_length=24)
    source: str


class Weekdays(Row):
    """Monday first."""

    share: tuple[float, ...] = Field(min_length=7, max_length=7)
    source: str


class Shares(Row):
    share: Weights
    source: str


class Transfers(Shares):
    returned: Share
    lost: Share


class Rare(Row):
    place_sought: Share
    text: Share
    police_kept: Share
    duress: Share
    check_in_missed: Share
    called_back: Share
    relief: Share
    other_county: Share
    released: Share
    says_no: Share
    emergency: Share
    source: str


class People(Row):
    """`few` of them are the ones of whom `of_contacts` come; the rest are errors in what is written down."""

    number: int = Field(gt=0)
    few: Share
    of_contacts: Share
    typo: Share
    alias: Share
    no_number: Share
    twin: Share
    wrong_unit: Share
    spanish: Share
    source: str


class Stages(Row):
    ring_s: Quantiles
    screening_s: Quantiles
    line_answer_s: Quantiles
    listen_s: Quantiles
    talk_s: Quantiles
    police_dispatch_s: Quantiles
    police_turnout_s: Quantiles
    police_travel_s: Quantiles
    police_scene_s: Quantiles
    team_dispatch_s: Quantiles
    team_travel_s: Quantiles
    team_scene_s: Quantiles
    transport_s: Quantiles
    handover_s: Quantiles
    source: str


class Staff(Row):
    program: str
    role: str
    number: int = Field(gt=0)


class Units(Row):
    prefix: str
    first: int
    number: int = Field(gt=0)
    program: str
    kind: str
    vehicle: str
    sent_by: str


class Desks(Row):
    """Which of the community's programs are what in a story: agency/program, or a facility's code."""

    floor: str
    other_911: str
    line: str
    teams: str
    center: str
    youth: str
    center_place: str
    ed: str
    ed_place: str


class Other(Row):
    """Help that a desk asks for now and then, and the program and role that send it.

    `duty`: only where the protocol says so. `outcome`: what the call came to once they were there.
    """

    kind: str
    asked_by: str
    sent_by: str
    role: str
    chance: Share
    outcome: str
    duty: str = ""
    source: str


class Practice(Row):
    """The pair that practices: its program and its unit."""

    program: str
    unit: str


class Shown(Row):
    """The one person whom many programs know: what each of them asks for and writes. `police`: who stands near."""

    given: str
    family: str
    born: date
    phone: str
    class_code: str
    place: str
    zone: str
    usual_place: str
    what_helps: str
    police: str
    asked_by_911: dict[str, str]
    asked_by_line: dict[str, str]
    notes: dict[str, str]
    source: str


class Rates(Row):
    streams: dict[str, Stream]
    hours: Hours
    weekdays: Weekdays
    levels: Shares
    line_levels: Shares
    line_ends: Shares
    team_ends: Shares
    transfers: Transfers
    rare: Rare
    people: People
    stages: Stages
    desks: Desks
    others: tuple[Other, ...]
    practice: Practice
    shown: Shown
    staff: tuple[Staff, ...]
    units: tuple[Units, ...]
    cad_units: tuple[str, ...]
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    aliases: dict[str, str]
    streets: tuple[str, ...]


def populations(folder: Path) -> Weights:
    """How many people live in each zone, by its code: where calls come from."""
    said = json.loads((folder / "zones.geojson").read_text())
    found = (each["properties"] for each in said["features"])
    return {each["code"]: float(each["population_2000"]) for each in found}


def read(folder: Path) -> Rates:
    """A community's synthetic city. Errors: FileNotFoundError where it has none; BadYaml; ValidationError."""
    document = YamlDocument((folder / "sandbox.yaml").read_text())
    return Rates.model_validate(document.value)
