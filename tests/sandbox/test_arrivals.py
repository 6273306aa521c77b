"""The city's people and phones: pure, the same for the same seed, and adding up to what is published."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from nowrongdoor.sandbox import schema
from nowrongdoor.sandbox.arrivals import ANSWERS, CLASSES, Arrival, between, expected, in_hour
from nowrongdoor.sandbox.people import heard, person
from nowrongdoor.sandbox.sampling import AT, poisson, seeded, signs, spell, waits
from nowrongdoor.triage import reading, rules
from tests.conftest import ROOT

TUCSON = ROOT / "communities/tucson"
RATES, ZONES = schema.read(TUCSON), schema.populations(TUCSON)
ZONE = ZoneInfo("America/Phoenix")
MONDAY = datetime(2027, 3, 1, 7, tzinfo=UTC)  # midnight in Tucson
MONTH = timedelta(days=28)


def month(seed: int = 1) -> list[Arrival]:
    return list(between(RATES, ZONES, seed, MONDAY, MONDAY + MONTH, zone=ZONE))


ONE = month()


def test_the_same_seed_is_the_same_city_and_another_is_another() -> None:
    assert repr(month()) == repr(ONE)
    assert repr(month(2)) != repr(ONE)


def test_an_hour_is_the_same_however_one_comes_to_it() -> None:
    hour = MONDAY + timedelta(hours=13)
    alone = in_hour(RATES, ZONES, 1, hour, zone=ZONE)
    part = between(
        RATES, ZONES, 1, hour + timedelta(minutes=20), hour + timedelta(minutes=50), zone=ZONE
    )
    whole = [each for each in ONE if hour <= each.at < hour + timedelta(hours=1)]
    assert whole == list(alone)
    assert set(map(repr, part)) <= set(map(repr, alone))


@pytest.mark.parametrize("stream", RATES.streams)
def test_what_is_expected_in_a_week_adds_up_to_the_published_figure(stream: str) -> None:
    hours = (MONDAY + timedelta(hours=n) for n in range(7 * 24))
    week = sum(expected(RATES, stream, hour, ZONE) for hour in hours)
    assert week == pytest.approx(7 * RATES.streams[stream].per_day)


@pytest.mark.parametrize("stream", RATES.streams)
def test_what_came_is_within_four_deviations_of_what_was_expected(stream: str) -> None:
    mean = 28 * RATES.streams[stream].per_day
    came = sum(each.stream == stream for each in ONE)
    assert abs(came - mean) < 4 * mean**0.5


def test_a_night_has_fewer_calls_than_an_afternoon() -> None:
    by_hour = Counter(each.at.astimezone(ZONE).hour for each in ONE)
    assert 2 * by_hour[4] < by_hour[16]


def test_calls_come_from_where_people_live() -> None:
    came = Counter(each.someone.zone for each in ONE)
    share = {zone: people / sum(ZONES.values()) for zone, people in ZONES.items()}
    few = {each.someone.number for each in ONE if each.someone.number < 180}
    assert len(few) > 100
    for zone, wanted in share.items():  # a few people are many calls: zones are not exact
        assert abs(came[zone] / len(ONE) - wanted) < 0.08, zone


def test_few_people_are_many_of_the_contacts() -> None:
    few = int(RATES.people.number * RATES.people.few)
    share = sum(each.someone.number < few for each in ONE) / len(ONE)
    assert share == pytest.approx(RATES.people.of_contacts, abs=0.02)


def test_people_are_written_down_with_the_errors_that_happen() -> None:
    wrong = Counter(error for each in ONE for error in each.said.errors)
    assert wrong["typo"] / len(ONE) == pytest.approx(RATES.people.typo, abs=0.015)
    assert wrong["no_number"] / len(ONE) == pytest.approx(RATES.people.no_number, abs=0.015)
    assert wrong["alias"] > 0
    assert wrong["wrong_unit"] > 0
    for each in ONE[:200]:
        right = f"{each.someone.given} {each.someone.surname}"
        changed = {"typo", "alias"} & set(each.said.errors)
        assert (each.said.name == right) == (not changed)
        assert (each.said.telephone == "") == ("no_number" in each.said.errors)


def test_a_person_is_the_same_each_time_and_twins_share_a_name() -> None:
    assert person(RATES, ZONES, 1, 7) == person(RATES, ZONES, 1, 7)
    everybody = [person(RATES, ZONES, 1, number) for number in range(600)]
    twins = [
        (one, other)
        for one, other in pairwise(everybody)
        if (one.given, one.surname) == (other.given, other.surname)
    ]
    assert twins
    assert all(one.telephone != other.telephone or one.house != other.house for one, other in twins)


def test_telephones_are_those_that_nobody_has() -> None:
    assert all(each.someone.telephone.startswith("520 555 01") for each in ONE)


def test_heard_right_where_nothing_goes_wrong() -> None:
    never = RATES.people.model_copy(
        update={"typo": 0.0, "alias": 0.0, "no_number": 0.0, "wrong_unit": 0.0}
    )
    rates = RATES.model_copy(update={"people": never})
    someone = person(rates, ZONES, 1, 3)
    assert heard(rates, someone, seeded(1)).errors == ()


PROTOCOL = reading.read(TUCSON / "protocol.yaml")
SCRIPTS = [(level, given) for level, group in ANSWERS.items() for given in group]


@pytest.mark.parametrize(("level", "given"), SCRIPTS)
def test_what_a_caller_answers_leads_to_the_level_they_were_drawn_for(
    level: str, given: dict[str, str]
) -> None:
    asked = {each.id: each.benign for each in PROTOCOL.questions if not each.external}
    assert rules.decide(PROTOCOL, asked | given).level.value == level


def test_every_level_that_is_drawn_has_answers_and_a_class() -> None:
    drawn = RATES.levels.share.keys() | RATES.line_levels.share.keys()
    assert drawn <= ANSWERS.keys()
    assert drawn <= CLASSES.keys()


def test_a_spell_keeps_its_quantiles() -> None:
    random, quantiles = seeded("spell"), RATES.stages.team_scene_s
    drawn = sorted(spell(random, quantiles) for _ in range(20_000))
    for at, wanted in zip(AT[1:-1], quantiles[1:-1], strict=True):
        assert drawn[int(at * len(drawn))] == pytest.approx(wanted, rel=0.08)
    assert drawn[0] == quantiles[0]
    assert drawn[-1] == quantiles[-1]


@pytest.mark.parametrize(
    ("stage", "median"),
    [
        ("police_dispatch_s", 232),
        ("police_turnout_s", 4),
        ("police_travel_s", 334),
        ("police_scene_s", 1495),
        ("team_dispatch_s", 720),
        ("team_travel_s", 840),
        ("team_scene_s", 1320),
        ("screening_s", 82),
        ("handover_s", 420),
    ],
)
def test_each_wait_is_the_one_it_claims_to_be(stage: str, median: int) -> None:
    random, quantiles = seeded("wait", stage), getattr(RATES.stages, stage)
    drawn = sorted(spell(random, quantiles) for _ in range(5_000))
    assert (
        quantiles[3] == median
    )  # as sources, "Alexandria CAD file" and "Lane County team file", have it
    for at, wanted in zip(AT[1:-1], quantiles[1:-1], strict=True):
        assert drawn[int(at * len(drawn))] == pytest.approx(wanted, rel=0.12, abs=3)


def test_a_wait_and_a_stay_are_as_long_as_they_were_drawn() -> None:
    """However they are cut: for a choice that is due, for a sign of life."""
    for seconds in (1.0, 899.5, 900.0, 901.0, 2400.0, 7956.0):
        assert sum(waits(seconds)) == pytest.approx(seconds)
        for late in (False, True):
            assert sum(signs(seconds, lambda late=late: late)) == pytest.approx(seconds)  # type: ignore[misc]


def test_signs_of_life_are_missed_as_often_as_is_said_and_never_otherwise() -> None:
    due_s, rate = 1200.0, RATES.rare.check_in_missed
    for seed in range(50):
        assert max(signs(RATES.stages.transport_s[-1] + seed, lambda: False)) < due_s
    random = seeded("signs")
    stays = [spell(random, RATES.stages.police_scene_s) for _ in range(20_000)]
    pauses = [each for stay in stays for each in signs(stay, lambda: random.random() < rate)]
    between = [each for stay in stays for each in signs(stay, lambda: False)]
    missed = sum(each > due_s for each in pauses)
    assert missed / (len(between) - len(stays)) == pytest.approx(rate, rel=0.35)


def test_as_many_come_as_are_expected() -> None:
    random = seeded("poisson")
    drawn = [poisson(random, 4.2) for _ in range(20_000)]
    mean = sum(drawn) / len(drawn)
    assert mean == pytest.approx(4.2, abs=0.06)
    assert sum((each - mean) ** 2 for each in drawn) / len(drawn) == pytest.approx(4.2, abs=0.2)
    with pytest.raises(ValueError, match="not this city"):
        poisson(random, 501)
