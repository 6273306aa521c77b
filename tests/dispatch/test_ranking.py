"""Which unit: who fits, in which order and why; and what is true of the order whatever the facts."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nowrongdoor.dispatch.facts import CrewFacts, Point, Stage, UnitFacts, UnitRequirements
from nowrongdoor.dispatch.rules.asking import next_choice
from nowrongdoor.dispatch.rules.ranking import (
    Driving,
    Ranked,
    alone_with_person,
    distance_km,
    estimate_min,
    fit,
    rank_units,
)
from tests.dispatch.facts import DESK, OTHER, a_kind, a_need, a_unit, one
from tests.makers import NOON, later

DAY = Driving(factor=1.6, speed_kmh=40)
HERE = Point(32.22, -110.97)
LICENSED = a_kind(clearances=frozenset({"license"}))
WITH = {"license": None}
CITED = a_kind(needs=frozenset({"cit", "academy-week"}))


def ranked(unit: UnitFacts, need: UnitRequirements | None = None) -> Ranked:
    [found] = rank_units(need or a_need(), [unit], driving=DAY)
    return found


def codes(unit: UnitFacts, need: UnitRequirements | None = None) -> set[str]:
    return {reason.code for reason in ranked(unit, need).reasons}


def order(need: UnitRequirements, *units: UnitFacts) -> list[str]:
    return [each.unit.code for each in rank_units(need, units, driving=DAY)]


@pytest.mark.parametrize(
    ("unit", "rule"),
    [
        (a_unit(), "unit.fits"),
        (a_unit(authority_ids=frozenset({OTHER, DESK})), "unit.fits"),
        (a_unit(crew=(one(),)), "unit.fits"),
        (a_unit(cad=True, crew=()), "unit.fits"),
        (a_unit(kind="ambulance"), "unit.kind"),
        (a_unit(authority_ids=frozenset({OTHER})), "unit.authority"),
        (a_unit(authority_ids=frozenset()), "unit.authority"),
        (a_unit(out_of_service="meal"), "unit.out_of_service"),
        (a_unit(crew=()), "unit.no_crew"),
        *((a_unit(stage=stage), "unit.busy") for stage in Stage if stage is not Stage.CLEARED),
        (a_unit(cad=True, crew=(), stage=Stage.ASSIGNED), "unit.busy"),
    ],
)
def test_fit(unit: UnitFacts, rule: str) -> None:
    verdict = fit(a_need(), unit)

    assert (verdict.rule, verdict.allowed) == (rule, rule == "unit.fits")


@pytest.mark.parametrize(
    ("crew", "rule"),
    [
        ((one(1, until=WITH), one(2, until=WITH)), "unit.fits"),
        ((one(1, until=WITH), one(2)), "unit.clearance"),  # everybody needs theirs
        ((one(1, until={"license": later(1)}),), "unit.fits"),
        ((one(1, until={"license": NOON}),), "unit.clearance"),  # over at that moment
        ((one(1, until={"cit": None}),), "unit.clearance"),
    ],
)
def test_a_missing_clearance_blocks(crew: tuple[CrewFacts, ...], rule: str) -> None:
    verdict = fit(a_need(LICENSED), a_unit(crew=crew))

    assert verdict.rule == rule
    assert verdict.allowed or "license" in verdict.because


@pytest.mark.parametrize(
    ("crew", "gaps"),
    [
        ((one(1), one(2)), ("academy-week", "cit")),
        ((one(1, until={"cit": None}), one(2, until={"academy-week": None})), ()),
        ((one(1, until={"cit": later(1), "academy-week": NOON}),), ("academy-week",)),
    ],
)
def test_a_missing_course_is_shown_and_blocks_nothing(
    crew: tuple[CrewFacts, ...], gaps: tuple[str, ...]
) -> None:
    found = ranked(a_unit(crew=crew), a_need(CITED))

    assert (found.gaps, found.verdict.rule) == (gaps, "unit.fits")
    shown = [reason.says["names"] for reason in found.reasons if reason.code == "crew.gap"]
    assert shown == ([", ".join(gaps)] if gaps else [])


@pytest.mark.parametrize(
    ("unit", "need", "code"),
    [
        (a_unit(crew=(one(),)), a_need(), "crew.few"),
        (a_unit(), a_need(a_kind(clinician=True)), "crew.clinician"),
        (a_unit(crew=(one(1, "officer"),)), a_need(a_kind(clinician=True)), "crew.no_clinician"),
        (
            a_unit(crew=(one(1, "peer", "es"), one(2))),
            a_need(language="es"),
            "crew.language",
        ),
        (a_unit(), a_need(language="es"), "crew.no_language"),
        (a_unit(crew=(one(1, own_car=True), one(2))), a_need(), "crew.separate_cars"),
        (a_unit(cad=True, crew=(), said_s=901), a_need(), "cad.stale"),
        (a_unit(cad=True, crew=()), a_need(), "cad.stale"),
        (a_unit(done_today=3), a_need(), "work.done"),
        (a_unit(), a_need(place=HERE), "eta.missing"),
    ],
)
def test_why_a_unit_stands_where_it_stands(
    unit: UnitFacts, need: UnitRequirements, code: str
) -> None:
    assert code in codes(unit, need)
    plain = codes(a_unit(at=HERE, crew=(one(1, "peer", "es"), one(2, "peer"))), a_need(place=HERE))
    assert plain == set()


def test_news_of_cad_is_stale_after_a_quarter_of_an_hour() -> None:
    assert "cad.stale" not in codes(a_unit(cad=True, crew=(), said_s=900))


def test_what_serves_the_need_comes_first_then_the_nearer_then_whoever_did_less() -> None:
    kind = a_kind(needs=frozenset({"cit"}), clinician=True)
    need = a_need(kind, language="es", place=HERE)
    best = a_unit(1, at=HERE, crew=(one(1, "team_clinician", "es", until={"cit": None}), one(2)))
    tired = replace(best, id=UUID(int=2), code="U2", done_today=1)
    far = replace(best, id=UUID(int=3), code="U3", at=Point(32.3, -110.97))
    lost = replace(best, id=UUID(int=4), code="U4", at=None)
    mute = replace(best, id=UUID(int=5), code="U5", crew=(one(1, until={"cit": None}), one(2)))
    gap = replace(best, id=UUID(int=6), code="U6", crew=(one(1, "team_clinician", "es"), one(2)))
    lay = replace(best, id=UUID(int=7), code="U7", crew=(one(1, "peer"), one(2, "officer")))
    alone = replace(best, id=UUID(int=8), code="U8", crew=best.crew[:1])
    busy = replace(best, id=UUID(int=9), code="U9", stage=Stage.EN_ROUTE)
    resting = replace(best, id=UUID(int=10), code="UA", out_of_service="meal")
    theirs = replace(best, id=UUID(int=11), code="UB", authority_ids=frozenset({OTHER}))
    other = replace(best, id=UUID(int=12), code="UC", kind="ambulance")

    found = order(need, other, theirs, resting, busy, alone, lay, gap, mute, lost, far, tired, best)

    assert found == ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9", "UA", "UB", "UC"]


def test_who_may_go_with_an_override_comes_before_who_is_busy_or_not_there() -> None:
    lacking, busy, empty = a_unit(1), a_unit(2, stage=Stage.ASSIGNED), a_unit(3, crew=())

    assert order(a_need(LICENSED), empty, busy, lacking) == ["U1", "U2", "U3"]


def test_units_that_share_an_id_are_a_bug_and_no_units_are_an_answer() -> None:
    with pytest.raises(ValueError, match="share an id"):
        rank_units(a_need(), [a_unit(), a_unit()], driving=DAY)
    assert rank_units(a_need(), [], driving=DAY) == ()


# driving ----------------------------------------------------------------------------------------


def test_minutes_of_driving_are_an_estimate_by_straight_line() -> None:
    north = Point(HERE.lat + 0.1, HERE.lon)  # 11.12 km

    assert distance_km(HERE, north) == pytest.approx(11.12, abs=0.01)
    assert estimate_min(HERE, north, Driving(1.6, 40)) == 27  # 26.7, rounded up
    assert estimate_min(HERE, north, Driving(1.3, 40)) == 22
    assert estimate_min(HERE, HERE, DAY) == 1
    assert estimate_min(None, HERE, DAY) is None
    assert estimate_min(HERE, None, DAY) is None


@pytest.mark.parametrize(
    ("there", "alone"),
    [
        ((), False),
        ((one(1, "team_clinician"),), True),
        ((one(1, "peer"),), True),
        ((one(1, "officer"),), False),
        ((one(1, "mhst_sergeant"),), False),
        ((one(1, "co_responder"), one(2, "officer")), False),
    ],
)
def test_a_clinician_or_a_peer_is_alone_an_officer_is_not(
    there: tuple[CrewFacts, ...], alone: bool
) -> None:
    assert alone_with_person(there) is alone


# whatever the facts -----------------------------------------------------------------------------

until = st.sampled_from([None, later(-1), NOON, later(1)])
roles = st.sampled_from(["team_clinician", "co_responder", "officer", "peer"])
learned = st.dictionaries(st.sampled_from(["cit", "academy-week", "license"]), until)
points = st.none() | st.builds(Point, st.floats(31.9, 32.5), st.floats(-111.3, -110.7))


@st.composite
def units(draw: st.DrawFn, id: int) -> UnitFacts:
    crew = draw(st.lists(st.tuples(roles, st.booleans(), learned, st.booleans()), max_size=3))
    return UnitFacts(
        UUID(int=id),
        f"U{id % 3}{id}",
        draw(st.sampled_from(["team", "team", "team", "ambulance"])),
        frozenset(draw(st.sampled_from([[DESK], [DESK], [OTHER], []]))),
        crew=tuple(
            one(100 * id + n, role, *(["es"] if speaks else []), until=has, own_car=car)
            for n, (role, speaks, has, car) in enumerate(crew)
        ),
        stage=draw(st.sampled_from([None, None, *Stage])),
        out_of_service=draw(st.sampled_from(["", "", "meal"])),
        done_today=draw(st.integers(0, 3)),
        at=draw(points),
        cad=draw(st.booleans()),
        said_s=draw(st.none() | st.integers(0, 2000)),
    )


@st.composite
def fleets(draw: st.DrawFn) -> list[UnitFacts]:
    ids = draw(st.lists(st.integers(1, 20), unique=True, min_size=1, max_size=6))
    return [draw(units(id)) for id in ids]


needs = st.builds(
    lambda wanted, law, clinician, language, place: a_need(
        a_kind(needs=wanted, clearances=law, clinician=clinician), language=language, place=place
    ),
    st.frozensets(st.sampled_from(["cit", "academy-week"])),
    st.frozensets(st.just("license")),
    st.booleans(),
    st.sampled_from(["", "es"]),
    points,
)


@settings(max_examples=40)
@given(needs, fleets(), st.randoms(use_true_random=False))
def test_every_unit_stands_once_and_the_order_of_asking_does_not_matter(
    need: UnitRequirements, fleet: list[UnitFacts], shuffle: object
) -> None:
    found = rank_units(need, fleet, driving=DAY)
    mixed = list(fleet)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random

    assert sorted(each.unit.id for each in found) == sorted(unit.id for unit in fleet)
    assert rank_units(need, mixed, driving=DAY) == found
    assert all(each.verdict == fit(need, each.unit) for each in found)
    may = [each.verdict.allowed for each in found]
    assert may == sorted(may, reverse=True)


@settings(max_examples=40)
@given(needs, fleets())
def test_a_unit_more_or_less_does_not_move_the_others(
    need: UnitRequirements, fleet: list[UnitFacts]
) -> None:
    without = rank_units(need, fleet[1:], driving=DAY)

    all_of_them = rank_units(need, fleet, driving=DAY)

    assert [each for each in all_of_them if each.unit != fleet[0]] == list(without)


def taught(unit: UnitFacts) -> UnitFacts:
    has = dict.fromkeys(("cit", "academy-week", "license"))
    return replace(unit, crew=tuple(replace(each, qualifications=has) for each in unit.crew))


BETTER = {
    "courses and clearances": taught,
    "the language": lambda unit: replace(
        unit, crew=tuple(replace(each, languages=frozenset({"es"})) for each in unit.crew)
    ),
    "less work": lambda unit: replace(unit, done_today=0),
    "free": lambda unit: replace(unit, stage=None),
    "in service": lambda unit: replace(unit, out_of_service=""),
    "ours to send": lambda unit: replace(unit, authority_ids=frozenset({DESK})),
    "clinicians": lambda unit: replace(
        unit, crew=tuple(replace(each, role="team_clinician") for each in unit.crew)
    ),
}


@settings(max_examples=150)
@given(st.sampled_from(sorted(BETTER)), needs, fleets())
def test_a_better_fact_never_ranks_a_unit_lower(
    what: str, need: UnitRequirements, fleet: list[UnitFacts]
) -> None:
    first, *others = fleet

    better = place_of(need, BETTER[what](first), others)

    assert better <= place_of(need, first, others)


@settings(max_examples=40)
@given(needs, fleets(), st.floats(31.9, 32.5), st.floats(-111.3, -110.7))
def test_a_shorter_way_never_ranks_a_unit_lower(
    need: UnitRequirements, fleet: list[UnitFacts], lat: float, lon: float
) -> None:
    first, *others = fleet
    there = need.place or HERE
    need = replace(need, place=there)
    near, far = sorted([Point(lat, lon), there], key=lambda at: distance_km(at, there))

    nearer, farther, unknown = (
        place_of(need, replace(first, at=at), others) for at in (near, far, None)
    )

    assert nearer <= farther <= unknown


def place_of(need: UnitRequirements, unit: UnitFacts, others: list[UnitFacts]) -> int:
    found = rank_units(need, [*others, unit], driving=DAY)
    return [each.unit.id for each in found].index(unit.id)


@settings(max_examples=40)
@given(needs, fleets())
def test_a_course_never_blocks_and_a_clearance_always_does(
    need: UnitRequirements, fleet: list[UnitFacts]
) -> None:
    no_courses = replace(need, kind=replace(need.kind, needs=frozenset()))
    for each in rank_units(need, fleet, driving=DAY):
        assert each.verdict == fit(no_courses, each.unit)
        lacks = [
            one
            for one in each.unit.crew
            if "license" not in one.qualifications
            or ((over := one.qualifications["license"]) is not None and over <= need.at)
        ]
        if each.verdict.allowed and need.kind.clearances:
            assert not lacks


@given(st.integers(-10, 100_000))
def test_the_next_choice_is_always_still_to_come_and_never_far(after_s: int) -> None:
    at = NOON + timedelta(seconds=after_s)

    number, due = next_choice(NOON, steps_min=[20, 40, 60], at=at)

    assert at < due <= max(at, NOON) + timedelta(minutes=20)
    assert due == NOON + timedelta(minutes=20) * number


@pytest.mark.parametrize(
    ("said_s", "look"), [(None, "unknown"), (901, "unknown"), (900, "free"), (0, "free")]
)
def test_a_unit_of_which_cad_has_said_nothing_for_long_is_not_free(
    said_s: int | None, look: str
) -> None:
    """A12: AVL of 6 h 47 min ago is not available, and never heard is not either."""
    unit = replace(a_unit(crew=()), cad=True, said_s=said_s)

    assert (unit.look, unit.unknown) == (look, look == "unknown")
    assert replace(unit, stage=Stage.ON_SCENE).look == "there"
