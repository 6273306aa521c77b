"""Which unit: all of them, in order, with the reason for each. A person chooses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, ceil, cos, radians, sin, sqrt
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from nowrongdoor.dispatch.facts import CrewFacts, Point, Reason, UnitFacts, UnitRequirements
from nowrongdoor.kernel.verdict import Verdict, no, yes

EARTH_KM = 6371.0
CLINICIANS = frozenset(
    {"team_clinician", "co_responder", "center_clinician", "in_center_clinician"}
)
OFFICERS = frozenset({"officer", "mhst_sergeant", "detective"})
_NO_ETA_MIN = 1_000_000
# made once: a region asks for thousands of them at a time
_FITS = yes("unit.fits")
_KIND = no("unit.kind", "Not the kind of unit requested.")
_AUTHORITY = no("unit.authority", "Dispatched by another desk.")
_OUT = no("unit.out_of_service", "Out of service.")
_NO_CREW = no("unit.no_crew", "No crew.")
_BUSY = no("unit.busy", "On another assignment. Clear or divert it first.")


@dataclass(frozen=True, slots=True)
class Driving:
    """How a straight line becomes minutes: a factor for streets, and a speed. Both are estimates."""

    factor: float
    speed_kmh: float


class Ranked(NamedTuple):
    """One unit, whether it may go, and why it stands where it does. `eta_min` None: nobody knows.

    A tuple: it is made in a third of a frozen dataclass's time, and a region asks for thousands.
    """

    need: UnitRequirements
    unit: UnitFacts
    verdict: Verdict
    gaps: tuple[str, ...]
    eta_min: int | None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, beside the verdict: found when somebody looks, since most units are not looked at."""
        return tuple(_reasons(self.need, self.unit, self.gaps, self.eta_min))


def fit(need: UnitRequirements, unit: UnitFacts) -> Verdict:
    """Say whether this unit can be sent for this need, by the first rule that fails.

    A course that is missing never blocks (`gaps` names it); a clearance that the law requires does,
    and may be overridden by name.
    Source: sources, "Choosing a unit" and "Asking and sending": only a unit's own desk sends it.
    """
    hindrance = _hindrance(need, unit)
    if hindrance is not None:
        return hindrance
    if unit.stage is not None:
        return _BUSY
    clearances = need.kind.clearances
    if clearances and (missing := _missing(clearances, unit.crew, need.at)):
        return no(
            "unit.clearance", "A clearance the law requires is missing: {names}.", names=missing
        )
    return _FITS


def _hindrance(need: UnitRequirements, unit: UnitFacts) -> Verdict | None:
    """Why a unit does not serve for this at all."""
    if unit.kind not in need.kind.unit_kinds:
        return _KIND
    if need.authority_id not in unit.authority_ids:
        return _AUTHORITY
    if unit.out_of_service:
        return _OUT
    if not unit.cad and not unit.crew:
        return _NO_CREW
    return None


def rank_units(
    need: UnitRequirements, units: Sequence[UnitFacts], *, driving: Driving
) -> tuple[Ranked, ...]:
    """Order the units for one need. A person chooses; nothing is sent by this.

    Shape: one Ranked for each unit. Those that may go first; then what serves the need best (enough
        people, a clinician where one is asked for, no gaps, the language), then the shorter ETA
        (unknown last), then who has done less, then the code: the same facts give the same order.
    Units: `eta_min` is whole minutes of driving from now, an estimate by straight line.
    Errors: ValueError where two units share an id. That no unit fits is an answer: each says why.
    Source: our choice, ADR 19; the factors: sources, "Choosing a unit".
    """
    if len({unit.id for unit in units}) != len(units):
        raise ValueError("two units share an id")
    place = _placed(need, driving)
    return tuple(ranked for _key, ranked in sorted(map(place, units), key=itemgetter(0)))


_Key = tuple[int, bool, bool, int, bool, int, int, str, UUID]


def _placed(need: UnitRequirements, driving: Driving) -> Callable[[UnitFacts], tuple[_Key, Ranked]]:
    """How one unit is judged for this need. What is the same for all of them is found once, here."""
    kind, language, at = need.kind, need.language, need.at
    courses, least, clinician = kind.needs, kind.least_crew, kind.clinician
    minutes = _minutes_to(need.place, driving)

    def placed(unit: UnitFacts) -> tuple[_Key, Ranked]:
        verdict, crew = fit(need, unit), unit.crew
        gaps: tuple[str, ...] = ()
        eta_min = None
        if verdict is not _KIND and verdict is not _AUTHORITY:  # else no more is asked of it
            gaps = tuple(sorted(_lacking(courses, crew, at))) if courses else ()
            eta_min = minutes(unit.at)
        key = (
            _WORTH[verdict.rule],
            len(crew) < least and not unit.cad,
            clinician and not _has(CLINICIANS, crew),
            len(gaps),
            language != "" and not _speaks(language, crew),
            _NO_ETA_MIN if eta_min is None else eta_min,
            unit.done_today,
            unit.code,
            unit.id,
        )
        return key, Ranked(need, unit, verdict, gaps, eta_min)

    return placed


_WORTH = {
    "unit.fits": 0,
    "unit.clearance": 1,  # can go with a named override
    "unit.busy": 2,  # may be free soon
    "unit.no_crew": 3,
    "unit.out_of_service": 4,
    "unit.authority": 5,
    "unit.kind": 6,
}


def _reasons(
    need: UnitRequirements, unit: UnitFacts, gaps: Sequence[str], eta_min: int | None
) -> list[Reason]:
    found = _of_crew(need, unit.crew, gaps) if unit.crew else []
    if unit.unknown:
        found.append(Reason("cad.stale"))
    if unit.done_today:
        found.append(Reason("work.done", says={"count": str(unit.done_today)}))
    if eta_min is None:
        found.append(Reason("eta.missing"))
    return found


def _of_crew(
    need: UnitRequirements, crew: Sequence[CrewFacts], gaps: Sequence[str]
) -> list[Reason]:
    found = []
    if len(crew) < need.kind.least_crew:
        found.append(Reason("crew.few"))
    if need.kind.clinician:
        found.append(
            Reason("crew.clinician", plus=True)
            if _has(CLINICIANS, crew)
            else Reason("crew.no_clinician")
        )
    if gaps:
        found.append(Reason("crew.gap", says={"names": ", ".join(gaps)}))
    if need.language:
        found.append(
            Reason("crew.language", plus=True)
            if _speaks(need.language, crew)
            else Reason("crew.no_language")
        )
    if any(one.own_car for one in crew):
        found.append(Reason("crew.separate_cars"))
    return found


def estimate_min(start: Point | None, end: Point | None, driving: Driving) -> int | None:
    """Minutes of driving, as an estimate: straight line, times a factor, by a speed.

    Shape: whole minutes, rounded up, at least 1; None where either end is not known.
    Units: kilometres and kilometres an hour.
    Source: sources, "Estimated driving time".
    """
    return _minutes_to(end, driving)(start)


def _minutes_to(end: Point | None, driving: Driving) -> Callable[[Point | None], int | None]:
    if end is None:
        return lambda _start: None
    distance, factor, speed_kmh = _km_to(end), driving.factor, driving.speed_kmh

    def minutes(start: Point | None) -> int | None:
        if start is None:
            return None
        return max(1, ceil(distance(start) * factor / speed_kmh * 60))

    return minutes


def distance_km(start: Point, end: Point) -> float:
    """Great-circle distance. Units: degrees in, kilometres out."""
    return _km_to(end)(start)


def _km_to(end: Point) -> Callable[[Point], float]:
    lat2, end_lon = radians(end.lat), end.lon
    cos_lat2 = cos(lat2)

    def km(start: Point) -> float:
        lat1 = radians(start.lat)
        half_lat, half_lon = sin((lat2 - lat1) / 2), sin(radians(end_lon - start.lon) / 2)
        a = half_lat * half_lat + cos(lat1) * cos_lat2 * half_lon * half_lon
        return 2 * EARTH_KM * asin(min(1.0, sqrt(a)))

    return km


def alone_with_person(crew_on_scene: Sequence[CrewFacts]) -> bool:
    """Whether somebody who is no officer is at a scene without a colleague.

    Source: sources, "Telling who is coming".
    """
    return len(crew_on_scene) == 1 and crew_on_scene[0].role not in OFFICERS


def _lacking(wanted: frozenset[str], crew: Sequence[CrewFacts], at: datetime) -> list[str]:
    """Courses that nobody of the crew has, or whose time is over."""
    return [code for code in wanted if not _anybody_has(code, crew, at)]


def _anybody_has(code: str, crew: Sequence[CrewFacts], at: datetime) -> bool:
    for one in crew:  # noqa: SIM110 - any() makes a generator for each unit and course
        if _has_course(one, code, at):
            return True
    return False


def _missing(wanted: frozenset[str], crew: Sequence[CrewFacts], at: datetime) -> str:
    """Clearances that somebody of the crew lacks: everybody needs theirs."""
    lacking = {code for code in wanted for one in crew if not _has_course(one, code, at)}
    return ", ".join(sorted(lacking))


def _has_course(one: CrewFacts, code: str, at: datetime) -> bool:
    if code not in one.qualifications:
        return False
    until = one.qualifications[code]
    return until is None or at < until


def _has(roles: frozenset[str], crew: Sequence[CrewFacts]) -> bool:
    for one in crew:  # noqa: SIM110
        if one.role in roles:
            return True
    return False


def _speaks(language: str, crew: Sequence[CrewFacts]) -> bool:
    for one in crew:  # noqa: SIM110
        if language in one.languages:
            return True
    return False
