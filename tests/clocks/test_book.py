"""What the folders above ask of the community's clocks; and what a community must bring."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from nowrongdoor.clocks import book
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.community.queries import NotLoaded
from nowrongdoor.site.load import load
from tests.conftest import ROOT
from tests.makers import NOON, later

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
TUCSON = ROOT / "communities/tucson"


def test_a_clock_is_due_where_the_community_is() -> None:
    claimed = datetime(2026, 12, 24, 18, tzinfo=UTC)  # a Thursday; Christmas is a Friday

    assert book.due(book.REVIEW, claimed) == datetime(2026, 12, 29, 6, 59, tzinfo=UTC)
    assert book.due(book.GUEST_LINK, NOON) == later(12 * 3600)
    assert book.due(book.GUEST_CODE, later(59)) == later(30 * 60)  # seconds are dropped
    assert book.lasts(book.CAPACITY) == timedelta(hours=1)
    assert book.days(book.CAUTION) == 180


def test_what_there_is_not_is_never_guessed(admin: Admin) -> None:
    with pytest.raises(NotLoaded, match="no clock egg_timer"):
        book.due("egg_timer", NOON)
    with pytest.raises(NotLoaded, match="not in force"):
        book.due("renewal_conversion_application", NOON)
    with pytest.raises(NotLoaded, match="plain minutes or hours"):
        book.lasts(book.REVIEW)
    with pytest.raises(NotLoaded, match="calendar days"):
        book.days(book.REVIEW)
    admin.execute("UPDATE community_setting SET key = 'clocks_gone' WHERE key = 'clocks'")
    try:
        with pytest.raises(NotLoaded, match="the community has no clocks"):
            book.due(book.REVIEW, NOON)
    finally:
        admin.execute("UPDATE community_setting SET key = 'clocks' WHERE key = 'clocks_gone'")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: guest_link,", "id: guest_lynx,", "clocks.yaml, line 1, guest_link: this clock is needed"),
        ("id: guest_code,", "id: guest_cod,", "clocks.yaml, line 1, guest_code: this clock is needed"),
        ("id: emergency_access_review,", "id: review,", "clocks.yaml, line 1, emergency_access_review: this clock is needed"),
        ("id: caution,", "id: cautious,", "clocks.yaml, line 1, caution: requests.yaml needs this clock"),
        ("zone: America/Phoenix", "zone: America/Denver", "clocks.yaml, line 1, zone: the community's is America/Phoenix"),
        ("unit: hours", "unit: eons", "unit: this is 'minutes', 'hours'"),
    ],
)  # fmt: skip
def test_a_community_whose_clocks_are_wrong_is_not_loaded(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder = Path(shutil.copytree(TUCSON, tmp_path / "tucson"))
    file = folder / "clocks.yaml"
    file.write_text(file.read_text().replace(old, new, 1))

    with pytest.raises(BadCommunity) as bad:
        load(folder, at=NOON)

    assert told in str(bad.value)
    assert book.due(book.GUEST_LINK, NOON) == later(12 * 3600)


def test_a_community_without_clocks_is_not_loaded(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TUCSON, tmp_path / "tucson"))
    (folder / "clocks.yaml").unlink()

    with pytest.raises(BadCommunity) as bad:
        load(folder, at=NOON)

    assert str(bad.value) == "clocks.yaml, line 0, clocks: this file is missing"


def test_clocks_that_are_loaded_anew_count_from_now_on(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TUCSON, tmp_path / "tucson"))
    file = folder / "clocks.yaml"
    old = "stops_on: [handoff_accepted, link_withdrawn], amount: 12,"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, old.replace("12", "6")))
    try:
        load(folder, at=NOON)
        assert book.due(book.GUEST_LINK, NOON) == later(6 * 3600)
    finally:
        load(TUCSON, at=NOON)
    assert book.due(book.GUEST_LINK, NOON) == later(12 * 3600)
