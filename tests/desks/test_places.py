"""What stands under an address while it is typed: the place, a choice, or what is missing."""

import pytest
from django.urls import reverse

from nowrongdoor.community import queries as community
from tests.clients import Desk
from tests.desks.floor import text
from tests.dispatch.floor import MARIA

pytestmark = pytest.mark.usefixtures("db")


def typed(place: str) -> str:
    answer = Desk(MARIA).post(reverse("calls:place"), {"place": place})
    assert answer.status_code == 200
    return text(answer)


def test_a_sure_address_names_its_zone() -> None:
    found = typed("12 hundred e Speedway, back door")

    assert "On the map: <bdi>1200 E Speedway Blvd</bdi>, Central Tucson" in found
    assert f'data-sure="{community.zone_id("central")}"' in found


def test_of_several_somebody_chooses() -> None:
    found = typed("500 6th")

    assert "Which location?" in found
    assert found.count("data-place=") == 4
    assert 'data-place="500 S 6th Ave"' in found
    assert "data-sure" not in found


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("Oracle Rd", "<bdi>Oracle Rd</bdi>: add a house number or a cross street"),
        ("Reid Park", "Not found on the street list; choose a zone"),
        ("<b>x</b>", "Not found on the street list; choose a zone"),
        ("x" * 10_000, "Not found on the street list; choose a zone"),
    ],
)
def test_what_is_missing_is_said(place: str, says: str) -> None:
    assert says in typed(place)


def test_where_nothing_was_typed_nothing_is_said() -> None:
    assert typed("  ").strip() == ""


def test_a_place_in_no_zone_is_a_place_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(community, "zone_at", lambda _lat, _lon: None)

    assert 'data-sure=""' in typed("1200 E Speedway")
