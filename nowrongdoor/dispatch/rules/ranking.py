"""Which unit: all of them, in order, with the reason for each. A person chooses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.dispatch.facts import CrewFacts, Need, Point, Reason, UnitFacts
from nowrongdoor.kernel.verdict import Verdict, no, yes

EARTH_KM = 6371.0
STALE_SAID_S = 900
CLINICIANS = frozenset(
    {"team_clinician", "co_responder", "center_clinician", "in_center_clinician"}
)
OFFICERS = frozenset({"officer", "mhst_sergeant", "detective"})
_NO_ETA_MIN = 1_000_000


@dataclass(frozen=True, slots=True)
class Driving:
    """How a straight line becomes minutes: a factor for streets, and a speed. Both are estimates."""

    factor: float
    speed_kmh: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unit, whether it may go, and why it stands where it does. `eta_min` None: nobody knows."""

    unit: UnitFacts
    verdict: Verdict
    reasons: tuple[Reason, ...]
    gaps: tuple[str, ...]
    eta_min: int | None


def fit(need: Need, unit: UnitFacts) -> Verdict:
    """Say whether this unit can be sent for this need, by the first rule that fails.

    A course that is missing never blocks (`gaps` names it); a clearance that the law requires does,
    and may be overridden by name.
    Source: HANDOFFS and issue 4: "a course gap never blocks, a missing legal clearance does, with a
        named override"; dossier 1.1: a dispatch is an action by the unit's own authority.
    """
    serves = _serves(need, unit)
    if not serves.allowed:
        return serves
    if unit.stage is not None:
        return no("unit.busy", "On another assignment: its team clears first, or is called off.")
    if missing := _missing(need.kind.clearances, unit.crew, need.at):
        return no(
            "unit.clearance", "A clearance the law requires is missing: {names}.", names=missing
        )
    return yes("unit.fits")


def _serves(need: Need, unit: UnitFacts) -> Verdict:
    if unit.kind not in need.kind.unit_kinds:
        return no("unit.kind", "Not the kind of unit that was asked for.")
    if need.authority_id not in unit.authority_ids:
        return no("unit.authority", "Another desk sends this unit.")
    if unit.out_of_service:
        return no("unit.out_of_service", "Out of service.")
    if not unit.cad and not unit.crew:
        return no("unit.no_crew", "Nobody has signed on.")
    return yes("unit.serves")


def rank_units(need: Need, units: Sequence[UnitFacts], *, driving: Driving) -> tuple[Ranked, ...]:
    """Order the units for one need. A person chooses; nothing is sent by this.

    Shape: one Ranked for each unit. Those that may go first; then what serves the need best (enough
        people, a clinician where one is asked for, no gaps, the language), then the shorter ETA
        (unknown last), then who has done less, then the code: the same facts give the same order.
    Units: `eta_min` is whole minutes of driving from now, an estimate by straight line.
    Errors: ValueError where two units share an id. That no unit fits is an answer: each says why.
    Source: our choice, ADR 19; the factors are issue 4's list.
    """
    if len({unit.id for unit in units}) != len(units):
        raise ValueError("two units share an id")
    return tuple(sorted((_ranked(need, unit, driving) for unit in units), key=_order(need)))


def _order(need: Need):  # type: ignore[no-untyped-def]  # a key of mixed values
    def order(one: Ranked) -> tuple[int, int, int, int, int, int, int, str, UUID]:
        eta_min = _NO_ETA_MIN if one.eta_min is None else one.eta_min
        return (
            _worth(one.verdict.rule),
            len(one.unit.crew) < need.kind.least_crew and not one.unit.cad,
            need.kind.clinician and not _has(CLINICIANS, one.unit.crew),
            len(one.gaps),
            bool(need.language) and not _speaks(need.language, one.unit.crew),
            eta_min,
            one.unit.done_today,
            one.unit.code,
            one.unit.id,
        )

    return order


_WORTH = {
    "unit.fits": 0,
    "unit.clearance": 1,  # can go with a named override
    "unit.busy": 2,  # may be free soon
    "unit.no_crew": 3,
    "unit.out_of_service": 4,
    "unit.authority": 5,
    "unit.kind": 6,
}


def _worth(rule: str) -> int:
    return _WORTH[rule]


def _ranked(need: Need, unit: UnitFacts, driving: Driving) -> Ranked:
    verdict = fit(need, unit)
    gaps = tuple(sorted(_lacking(need.kind.needs, unit.crew, need.at)))
    eta_min = estimate_min(unit.at, need.place, driving)
    return Ranked(unit, verdict, tuple(_reasons(need, unit, gaps, eta_min)), gaps, eta_min)


def _reasons(need: Need, unit: UnitFacts, gaps: Sequence[str], eta_min: int | None) -> list[Reason]:
    found = _of_crew(need, unit.crew, gaps) if unit.crew else []
    if unit.cad and (unit.said_s is None or unit.said_s > STALE_SAID_S):
        found.append(Reason("cad.stale", "CAD has not said anything for long"))
    if unit.done_today:
        found.append(Reason("work.done", "{count} today", says={"count": str(unit.done_today)}))
    if eta_min is None:
        found.append(Reason("eta.missing", "time to drive not known"))
    return found


def _of_crew(need: Need, crew: Sequence[CrewFacts], gaps: Sequence[str]) -> list[Reason]:
    found = []
    if len(crew) < need.kind.least_crew:
        found.append(Reason("crew.few", "one person alone"))
    if need.kind.clinician:
        found.append(
            Reason("crew.clinician", "has a clinician", plus=True)
            if _has(CLINICIANS, crew)
            else Reason("crew.no_clinician", "no clinician")
        )
    if gaps:
        found.append(Reason("crew.gap", "course missing: {names}", says={"names": ", ".join(gaps)}))
    if need.language:
        found.append(
            Reason("crew.language", "speaks the language", plus=True)
            if _speaks(need.language, crew)
            else Reason("crew.no_language", "does not speak the language")
        )
    if any(one.own_car for one in crew):
        found.append(Reason("crew.separate_cars", "comes in separate cars"))
    return found


def estimate_min(start: Point | None, end: Point | None, driving: Driving) -> int | None:
    """Minutes of driving, as an estimate: straight line, times a factor, by a speed.

    Shape: whole minutes, rounded up, at least 1; None where either end is not known.
    Units: kilometres and kilometres an hour.
    Source: DECISIONS 7: ETA = straight line x factor by hour from community data, labelled estimate.
    """
    if start is None or end is None:
        return None
    km = distance_km(start, end) * driving.factor
    return max(1, math.ceil(km / driving.speed_kmh * 60))


def distance_km(start: Point, end: Point) -> float:
    """Great-circle distance. Units: degrees in, kilometres out."""
    lat1, lat2 = math.radians(start.lat), math.radians(end.lat)
    dlat, dlon = lat2 - lat1, math.radians(end.lon - start.lon)
    a = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(a)))


def alone_with_person(crew_on_scene: Sequence[CrewFacts]) -> bool:
    """Whether somebody who is no officer is at a scene without a colleague.

    Source: HANDOFFS, "Who is coming": a clinician on scene alone alarms.
    """
    return len(crew_on_scene) == 1 and crew_on_scene[0].role not in OFFICERS


def _lacking(wanted: frozenset[str], crew: Sequence[CrewFacts], at: datetime) -> set[str]:
    """Courses that nobody of the crew has, or whose time is over."""
    return {code for code in wanted if not any(_has_course(one, code, at) for one in crew)}


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
    return any(one.role in roles for one in crew)


def _speaks(language: str, crew: Sequence[CrewFacts]) -> bool:
    return any(language in one.languages for one in crew)
