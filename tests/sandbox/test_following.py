"""The city's follow-up workers take most of what waits, try while a window is open, and close what is done."""

from datetime import timedelta

import pytest

from nowrongdoor.cases import queries
from nowrongdoor.cases.queries import When
from nowrongdoor.sandbox import city as cities
from nowrongdoor.sandbox.following import LEFT, follow_ups
from nowrongdoor.sandbox.state import Town
from tests.cases.full import NEVA, a_case
from tests.makers import NOON, an_actor
from tests.sandbox.played import TUCSON


@pytest.fixture
def town(staff: None, db: None) -> Town:
    """A city in which nobody does anything but follow up."""
    town = cities.found(TUCSON, seed=1, at=NOON)
    town.start(follow_ups(town))
    return town


def until(town: Town, hours: float) -> dict[When, int]:
    end = NOON + timedelta(hours=hours)
    while town.step(end):
        pass
    town.at = end
    return {when: len(rows) for when, rows in queries.caseload(an_actor(NEVA), at=end)}


def test_most_are_taken_and_one_in_five_is_left_for_whoever_tries_the_desk(town: Town) -> None:
    cases = [a_case() for _ in range(2 * LEFT)]

    assert until(town, 0.2) == {
        When.UNTAKEN: len(cases)
    }  # as every person would, they take a moment
    assert until(town, 1) == {When.WEEK: len(cases) - 2, When.UNTAKEN: 2}

    until(town, 23.9)
    assert town.told["tries"] == 0  # no window is open yet
    until(town, 73)
    assert town.told["tries"] >= len(cases) - 2
    assert town.told["cases closed"] > 0
    assert not town.refused
