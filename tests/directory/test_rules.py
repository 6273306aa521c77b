"""What is known of a place, who may say it, and which places fit whom. No database."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.directory import rules
from nowrongdoor.directory.facts import (
    SAID,
    Age,
    CapacityFacts,
    CapacityStatus,
    DestinationNeed,
    FacilityFacts,
    FitGrade,
    Medical,
    Police,
    RunBy,
    Serves,
    State,
    Takes,
)
from nowrongdoor.directory.rules import capacity_status, fit, may_report, rank_destinations, sound
from tests.directory.places import a_place, a_word
from tests.makers import NOON, later

OURS, THEIRS = UUID(int=1), UUID(int=2)
ADULT = DestinationNeed(age=Age.ADULT, involuntary=False, medical=Medical.STABLE)
EVERY_AGE = frozenset(Age)


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(0, State.FULL), (59, State.FULL), (60, State.UNKNOWN), (600, State.UNKNOWN)],
)
def test_a_word_is_known_until_it_is_stale(minutes: int, state: State) -> None:
    said = CapacityFacts(a_word(State.FULL), NOON)

    found = capacity_status(said, at=NOON + timedelta(minutes=minutes), stale_after_min=60)

    assert found == CapacityStatus(state, said)


def test_a_word_whose_review_is_due_is_not_known() -> None:
    said = CapacityFacts(a_word(review_at=later(600)), NOON)

    assert capacity_status(said, at=later(599), stale_after_min=60).state is State.OPEN
    assert capacity_status(said, at=later(600), stale_after_min=60).state is State.UNKNOWN


def test_a_place_of_which_nobody_spoke_is_not_known() -> None:
    assert capacity_status(None, at=NOON, stale_after_min=60) == CapacityStatus(State.UNKNOWN)


FRESH = CapacityStatus(State.FULL, CapacityFacts(a_word(State.FULL), NOON))
STALE = CapacityStatus(State.UNKNOWN, FRESH.last)
TOLD = CapacityStatus(State.FULL, CapacityFacts(a_word(State.FULL, told_by="Pat"), NOON, own=False))


def test_nobody_overtakes_unseen_what_was_said_meanwhile() -> None:
    last = CapacityFacts(a_word(), NOON)
    seen = [(last, last.version), (last, None), (None, 0)]  # a machine looks at no page
    assert {rules.said_meanwhile(*each).rule for each in seen} == {"capacity.last_seen"}
    for version in (0, 1):
        assert rules.said_meanwhile(last, version).rule == "capacity.said_meanwhile"


@pytest.mark.parametrize(
    ("run", "last", "told_by", "rule"),
    [
        (RunBy(OURS, staffed=True), FRESH, "", "capacity.own"),
        (RunBy(OURS, staffed=False), FRESH, "", "capacity.own"),
        (RunBy(OURS, staffed=True), FRESH, "Pat", "capacity.ours"),
        (RunBy(None, staffed=False), CapacityStatus(State.UNKNOWN), "", "capacity.untold"),
        (RunBy(THEIRS, staffed=True), STALE, "", "capacity.untold"),
        (RunBy(THEIRS, staffed=True), FRESH, "Pat", "capacity.theirs"),
        (RunBy(THEIRS, staffed=True), STALE, "Pat", "capacity.told"),
        (RunBy(THEIRS, staffed=True), TOLD, "Pat", "capacity.told"),
        (RunBy(THEIRS, staffed=True), CapacityStatus(State.UNKNOWN), "Pat", "capacity.told"),
        (RunBy(THEIRS, staffed=False), TOLD, "Pat", "capacity.told"),
        (RunBy(None, staffed=False), TOLD, "Pat", "capacity.told"),
        (RunBy(THEIRS, staffed=False), FRESH, "Pat", "capacity.told"),
    ],
)
def test_who_may_say_how_full_a_place_is(
    run: RunBy, last: CapacityStatus, told_by: str, rule: str
) -> None:
    verdict = may_report(OURS, run, last, told_by=told_by)

    assert (verdict.rule, verdict.allowed) == (rule, rule in ("capacity.own", "capacity.told"))


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"state": State.OPEN}, "capacity.sound"),
        ({"state": State.OPEN, "free": 10}, "capacity.sound"),
        ({"state": State.OPEN, "free": 11}, "capacity.too_many"),
        ({"state": State.OPEN, "free": -1}, "capacity.too_many"),
        ({"state": State.OPEN, "free": 0}, "capacity.free_places"),
        ({"state": State.LIMITED, "free": 0}, "capacity.free_places"),
        ({"state": State.LIMITED, "free": 1, "reason": "staffing"}, "capacity.sound"),
        ({"state": State.FULL, "free": 0}, "capacity.sound"),
        ({"state": State.FULL, "free": 1}, "capacity.free_places"),
        ({"state": State.FULL, "reason": ""}, "capacity.reason"),
        ({"state": State.DIVERTING, "reason": ""}, "capacity.reason"),
        ({"state": State.DIVERTING, "free": 4}, "capacity.sound"),
        ({"state": State.DIVERTING, "free": 0}, "capacity.sound"),
        ({"state": State.OPEN, "reason": "full"}, "capacity.no_reason"),
        ({"state": State.UNKNOWN}, "capacity.unsayable"),
        ({"state": State.OPEN, "review_at": NOON}, "capacity.review"),
        ({"state": State.OPEN, "review_at": later(72 * 3600)}, "capacity.sound"),
        ({"state": State.OPEN, "review_at": later(72 * 3600 + 1)}, "capacity.review"),
    ],
)
def test_a_word_that_cannot_be_true_is_refused(given: dict[str, object], rule: str) -> None:
    verdict = sound(a_word(**given), places=10, at=NOON)

    assert (verdict.rule, verdict.allowed) == (rule, rule == "capacity.sound")


def test_where_nobody_knows_how_many_places_there_are_any_count_is_believed() -> None:
    assert sound(a_word(free=400), places=None, at=NOON).allowed


def takes(**given: object) -> Takes:
    return replace(Takes(ages=frozenset({Age.ADULT})), **given)


FULL, DIVERTING, UNKNOWN = (
    CapacityStatus(each) for each in (State.FULL, State.DIVERTING, State.UNKNOWN)
)
ALWAYS = takes(police=Police.ALWAYS)
BY_POLICE = replace(ADULT, police_arrival=True)


@pytest.mark.parametrize(
    ("need", "place", "rule", "grade"),
    [
        (ADULT, a_place(), "kind.fits", FitGrade.FITS),
        (replace(ADULT, kinds=frozenset({"detox"})), a_place(), "kind.other", FitGrade.AGAINST),
        (ADULT, a_place(), "age.taken", FitGrade.FITS),
        (replace(ADULT, age=None), a_place(), "age.ask", FitGrade.ASK),
        (replace(ADULT, age=None), a_place(takes=takes(ages=EVERY_AGE)), "age.taken", FitGrade.FITS),
        (replace(ADULT, age=Age.TEEN), a_place(), "age.not_taken", FitGrade.AGAINST),
        (ADULT, a_place(takes=takes(serves=frozenset({Serves.MEN}))), "serves.ask", FitGrade.ASK),
        (replace(ADULT, serves=Serves.MEN), a_place(takes=takes(serves=frozenset({Serves.MEN}))), "serves.taken", FitGrade.FITS),
        (replace(ADULT, serves=Serves.WOMEN), a_place(takes=takes(serves=frozenset({Serves.MEN}))), "serves.others", FitGrade.AGAINST),
        (ADULT, a_place(), "medical.taken", FitGrade.FITS),
        (replace(ADULT, medical=None), a_place(), "medical.ask", FitGrade.ASK),
        (replace(ADULT, medical=None), a_place(takes=takes(medical=Medical.ANY)), "medical.taken", FitGrade.FITS),
        (replace(ADULT, medical=Medical.ANY), a_place(), "medical.first", FitGrade.AGAINST),
        (ADULT, a_place(takes=takes(medical=Medical.EXAMINED)), "medical.examine", FitGrade.ASK),
        (replace(ADULT, medical=Medical.EXAMINED), a_place(takes=takes(medical=Medical.EXAMINED)), "medical.taken", FitGrade.FITS),
        (ADULT, a_place(), "involuntary.taken", FitGrade.FITS),
        (replace(ADULT, involuntary=None), a_place(), "involuntary.ask", FitGrade.ASK),
        (replace(ADULT, involuntary=True), a_place(), "involuntary.not_taken", FitGrade.AGAINST),
        (replace(ADULT, involuntary=True), a_place(takes=takes(involuntary=True)), "involuntary.taken", FitGrade.FITS),
        (BY_POLICE, a_place(), "police.taken", FitGrade.FITS),
        (BY_POLICE, a_place(takes=takes(police=Police.NO)), "police.not_taken", FitGrade.AGAINST),
        (ADULT, a_place(takes=takes(police=Police.NO)), "police.taken", FitGrade.FITS),
        (ADULT, a_place(), "pet.taken", FitGrade.FITS),
        (replace(ADULT, pet=True), a_place(), "pet.arrange", FitGrade.ASK),
        (replace(ADULT, pet=True), a_place(takes=takes(pets=True)), "pet.taken", FitGrade.FITS),
        (ADULT, a_place(), "hours.open", FitGrade.FITS),
        (ADULT, a_place(open_now=False), "hours.closed", FitGrade.AGAINST),
        (BY_POLICE, a_place(open_now=False, takes=ALWAYS), "hours.never_refused", FitGrade.FITS),
        (ADULT, a_place(open_now=False, takes=ALWAYS), "hours.closed", FitGrade.AGAINST),
        (ADULT, a_place(), "capacity.free", FitGrade.FITS),
        (ADULT, a_place(standing=CapacityStatus(State.LIMITED)), "capacity.free", FitGrade.FITS),
        (ADULT, a_place(standing=UNKNOWN), "capacity.unknown", FitGrade.ASK),
        (ADULT, a_place(standing=FULL), "capacity.full", FitGrade.AGAINST),
        (ADULT, a_place(standing=DIVERTING), "capacity.diverting", FitGrade.AGAINST),
        (BY_POLICE, a_place(standing=FULL, takes=ALWAYS), "capacity.never_refused", FitGrade.FITS),
        (BY_POLICE, a_place(standing=DIVERTING, takes=ALWAYS), "capacity.never_refused", FitGrade.FITS),
        (ADULT, a_place(standing=FULL, takes=ALWAYS), "capacity.full", FitGrade.AGAINST),
        (BY_POLICE, a_place(standing=FULL), "capacity.full", FitGrade.AGAINST),
    ],
)  # fmt: skip
def test_each_thing_that_is_looked_at(
    need: DestinationNeed, place: FacilityFacts, rule: str, grade: FitGrade
) -> None:
    found = {reason.verdict.rule: reason.grade for reason in fit(need, place)}

    assert found[rule] is grade
    assert len(found) == 9


def test_every_reason_but_a_fit_says_a_sentence() -> None:
    for reason in fit(DestinationNeed(), a_place(standing=UNKNOWN)):
        assert bool(reason.verdict.sentence) == (reason.grade is not FitGrade.FITS)
        assert reason.verdict.allowed == (reason.grade is FitGrade.FITS)


def codes(need: DestinationNeed, *places: FacilityFacts) -> list[str]:
    return [each.facility.code for each in rank_destinations(need, places)]


def test_what_is_unknown_stands_after_open_and_before_full() -> None:
    states = [State.FULL, State.UNKNOWN, State.DIVERTING, State.LIMITED, State.OPEN]
    places = [a_place(state.value, standing=CapacityStatus(state)) for state in states]

    assert codes(ADULT, *places) == ["open", "limited", "unknown", "diverting", "full"]
    assert [each.verdict.rule for each in rank_destinations(ADULT, places)] == [
        "destination.fits", "destination.fits", "destination.fits",
        "capacity.diverting", "capacity.full",
    ]  # fmt: skip


def test_a_center_that_refuses_no_officer_is_able_when_full() -> None:
    center = a_place("center", takes=ALWAYS, standing=FULL)
    clinic = a_place("clinic", takes=takes(police=Police.NO))

    [first, second] = rank_destinations(BY_POLICE, [clinic, center])

    assert (first.facility.code, first.verdict.rule) == ("center", "destination.fits")
    assert (second.facility.code, second.verdict.rule) == ("clinic", "police.not_taken")
    assert codes(ADULT, clinic, center) == ["clinic", "center"]


def test_who_needs_medical_care_goes_to_an_emergency_department_first_and_is_refused_nowhere() -> (
    None
):
    center = a_place("center", takes=ALWAYS)
    hospital = a_place("hospital", takes=takes(medical=Medical.ANY), standing=UNKNOWN)

    [first, second] = rank_destinations(replace(BY_POLICE, medical=Medical.ANY), [center, hospital])

    assert (first.facility.code, first.verdict.rule) == ("hospital", "destination.fits")
    assert (second.facility.code, second.verdict.rule) == ("center", "destination.never_refused")
    assert second.verdict.allowed


def test_the_nearest_comes_first_and_nobody_knows_how_far_comes_last() -> None:
    here = (-110.97, 32.22)
    far = a_place("a-far", point=(-110.80, 32.22))
    near = a_place("b-near", point=(-110.96, 32.22))
    lost = a_place("a-lost")

    ranked = rank_destinations(replace(ADULT, point=here), [lost, far, near])

    assert [each.facility.code for each in ranked] == ["b-near", "a-far", "a-lost"]
    assert [each.distance_m for each in ranked] == [941, 15992, None]
    assert {each.distance_m for each in rank_destinations(ADULT, [lost, far])} == {None}


def test_two_places_with_one_code_are_a_bug() -> None:
    with pytest.raises(ValueError, match="share a code"):
        rank_destinations(ADULT, [a_place(), a_place()])


def some(of: type) -> st.SearchStrategy[frozenset[object]]:
    return st.frozensets(st.sampled_from(list(of)))


POINTS = st.none() | st.tuples(st.floats(-112, -110), st.floats(31, 33))
NEEDS = st.builds(
    DestinationNeed,
    age=st.none() | st.sampled_from(Age),
    serves=st.none() | st.sampled_from(Serves),
    involuntary=st.none() | st.booleans(),
    medical=st.none() | st.sampled_from(Medical),
    police_arrival=st.booleans(),
    pet=st.booleans(),
    kinds=st.frozensets(st.sampled_from(["ed", "shelter"])),
    point=POINTS,
)
PLACES = st.builds(
    FacilityFacts,
    code=st.text("abcdef", min_size=1, max_size=3),
    kind=st.sampled_from(["ed", "shelter", "clinic"]),
    takes=st.builds(
        Takes,
        ages=st.frozensets(st.sampled_from(Age), min_size=1),
        police=st.sampled_from(Police),
        involuntary=st.booleans(),
        medical=st.sampled_from(Medical),
        serves=some(Serves),
        pets=st.booleans(),
    ),
    open_now=st.booleans(),
    standing=st.builds(CapacityStatus, st.sampled_from(State)),
    point=POINTS,
)
MANY = st.lists(PLACES, unique_by=lambda place: place.code, max_size=6)
BETTER_STATE = [State.FULL, State.DIVERTING, State.UNKNOWN, State.LIMITED, State.OPEN]


@given(NEEDS, MANY, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_that_was_given(
    need: DestinationNeed, places: list[FacilityFacts], chance: "object"
) -> None:
    shuffled = list(places)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's Random

    ranked = rank_destinations(need, places)

    assert rank_destinations(need, shuffled) == ranked
    assert sorted(each.facility.code for each in ranked) == sorted(each.code for each in places)


@given(NEEDS, MANY)
def test_the_order_is_total(need: DestinationNeed, places: list[FacilityFacts]) -> None:
    """Any two stand as they stand among all: one is before the other, whoever else there is."""
    order = codes(need, *places)

    for index, one in enumerate(order):
        for other in order[index + 1 :]:
            pair = [place for place in places if place.code in (one, other)]
            assert codes(need, *pair) == [one, other]


def better(place: FacilityFacts, how: str, need: DestinationNeed) -> FacilityFacts:
    """The place with one fact better, or as it is where that one is the best already."""
    took = place.takes
    more: dict[str, object] = {
        "open": {"open_now": True},
        "fullness": {"standing": CapacityStatus(BETTER_STATE[min(BETTER_STATE.index(place.standing.state) + 1, 4)])},
        "near": {"point": need.point if need.point else place.point},
        "ages": {"takes": replace(took, ages=EVERY_AGE)},
        "involuntary": {"takes": replace(took, involuntary=True)},
        "medical": {"takes": replace(took, medical=Medical.ANY)},
        "serves": {"takes": replace(took, serves=frozenset())},
        "pets": {"takes": replace(took, pets=True)},
        "police": {"takes": replace(took, police=Police.ALWAYS)},
        "kind": {"kind": next(iter(need.kinds), place.kind)},
    }  # fmt: skip
    return replace(place, **more[how])  # type: ignore[arg-type]


HOWS = ["open", "fullness", "near", "ages", "involuntary", "medical", "serves", "pets", "police", "kind"]  # fmt: skip


@given(NEEDS, MANY.filter(bool), st.sampled_from(HOWS))
def test_a_better_fact_never_ranks_a_place_lower(
    need: DestinationNeed, places: list[FacilityFacts], how: str
) -> None:
    first, *others = places

    before = codes(need, first, *others).index(first.code)
    after = codes(need, better(first, how, need), *others).index(first.code)

    assert after <= before


@given(NEEDS, PLACES)
def test_no_officer_is_refused_where_none_ever_is(
    need: DestinationNeed, place: FacilityFacts
) -> None:
    always = replace(place, takes=replace(place.takes, police=Police.ALWAYS))

    [found] = rank_destinations(replace(need, police_arrival=True), [always])

    assert found.verdict.allowed


@given(NEEDS, MANY)
def test_the_able_stand_before_the_others(
    need: DestinationNeed, places: list[FacilityFacts]
) -> None:
    able = [each.verdict.allowed for each in rank_destinations(need, places)]

    assert able == sorted(able, reverse=True)


@given(st.sampled_from(SAID), st.integers(0, 300), st.integers(1, 300), st.integers(0, 100))
def test_an_older_word_is_never_better_known(state: State, age: int, limit: int, more: int) -> None:
    said = CapacityFacts(a_word(state, review_at=later(36_000)), NOON)

    def known(minutes: int) -> bool:
        at = NOON + timedelta(minutes=minutes)
        return capacity_status(said, at=at, stale_after_min=limit).state is state

    assert known(age) or not known(age + more)


def test_every_answer_a_rule_can_give_is_tested() -> None:
    source = ast.parse(Path(rules.__file__).read_text())
    given = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("yes", "no")
        and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    mine = ast.parse(Path(__file__).read_text())
    named = {
        node.value
        for node in ast.walk(mine)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert len(given) == 43
    assert given - named == set()
