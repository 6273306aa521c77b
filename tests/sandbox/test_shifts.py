"""A shift change, played twice from one seed: the same crews leave in the same order, each by the same member."""

import os
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from nowrongdoor.sandbox import city
from tests.conftest import clear
from tests.sandbox.played import TUCSON

pytestmark = [pytest.mark.usefixtures("staff", "db")]
BEFORE = datetime(
    2026, 11, 20, 1, 55, tzinfo=UTC
)  # five minutes before seven in the evening in Tucson


def played() -> list[tuple[object, ...]]:
    """What the journal has of it: what, when, and who did it."""
    town = city.found(TUCSON, seed=5, at=BEFORE)
    town.start(city.shifts(town))
    while town.step(BEFORE + timedelta(minutes=10)):
        pass
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        query = "SELECT kind, at, by FROM journal_entry ORDER BY recorded_at, id"
        rows = owner.execute(query).fetchall()
    clear()
    return rows


def test_over_a_shift_change_the_same_seed_is_the_same_city_member_for_member() -> None:
    first, second = played(), played()

    left = [row for row in first if row[0] == "dispatch.signed_off"]
    assert len(left) > 10
    assert first == second
