"""A file of clocks that cannot be right is refused with file, line and one sentence; a small one of another place works."""

from pathlib import Path

import pytest

from nowrongdoor.clocks.counting.reading import book_of, read, read_text
from nowrongdoor.community.files import BadCommunity
from tests.clocks.books import HEAD, TEXT, TUCSON, due, row, small
from tests.conftest import ROOT

TINY = ROOT / "tests/community/tiny"


def problems(text: str) -> list[str]:
    with pytest.raises(BadCommunity) as bad:
        read_text(text)
    return [str(each) for each in bad.value.problems]


def test_the_community_s_own_is_read_whole() -> None:
    assert (TUCSON.id, TUCSON.zone, len(TUCSON.clocks)) == ("pima", "America/Phoenix", 87)
    assert all(clock.statute and clock.lapse for clock in TUCSON.clocks.values())
    assert {each.starts_on for each in TUCSON.clocks.values()} == set(TUCSON.events)
    assert all(set(said) == {"en", "es"} for said in TUCSON.events.values())


@pytest.mark.parametrize("community", ["tucson", str(ROOT / "communities/tucson"), str(ROOT / "communities/tucson/clocks.yaml")])  # fmt: skip
def test_a_community_is_named_in_three_ways(community: str) -> None:
    assert book_of(community).id == "pima"


def test_another_community_s_clocks_need_no_code() -> None:
    """Its own zone, its own market day."""
    book = book_of(str(TINY))

    assert due(book, "guest_link", "2027-03-28 01:30") == "2027-03-28 04:30 +02:00"
    assert due(book, "emergency_access_review", "2027-01-06 09:00") == "2027-01-08 23:59 +01:00"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("zone: America/Phoenix", "zone: America/Atlantis", "zone: no such time zone"),
        ("zone: America/Phoenix", "zone: /etc/passwd", "zone: no such time zone"),
        ("both: [az_legal, pima_court]", "both: [az_legal, moon_court]", "calendars.az_and_court.both: there is no calendar moon_court here"),
        ("both: [az_legal, pima_court]", "both: [az_legal, az_and_court]", "calendars.az_and_court.both: az_and_court is made of others itself"),
        ("both: [az_legal, pima_court]", "both: [az_legal]", "calendars.az_and_court: both wants two calendars, or more"),
        ("weekday: 0, nth: 3}", "weekday: 0}", "a holiday wants a day, or a weekday and which one of the month"),
        ("month: 7, day: 4,", "month: 6, day: 31,", "this month does not have this day each year"),
        ("weekend: [5, 6]", "weekend: [5, 7]", "calendars.az_legal.weekend.1: this is at most 6"),
        ("07-03, 09-07", "07-04, 09-07", "observed.az_legal.2026: the calendar also leaves out 07-03; the calendar does not leave out 07-04"),
        ("id: rounding,", "id: police_free,", "police_free stands here twice"),
        ("unit: minutes, setting: true, cap: order_expires_at", "unit: moments, setting: true, cap: order_expires_at", "unit: this is 'minutes', 'hours'"),
        ("starts_on: custody_at", "began_on: custody_at", "nothing is called that here"),
        ("excluded: az_legal, cautious", "excluded: az_ilegal, cautious", "there is no calendar az_ilegal here"),
        ("amount: 14, unit: calendar_days", "unit: calendar_days", "amount: this is missing"),
        ("amount: 6, unit: business_days", "amount: 0, unit: business_days", "amount: of business_days there are 1 to 2600"),
        ('from: "2025-09-26", amount: 48', 'from: "2025-09-25", amount: 48', "versions.1: it begins before the one above has ended"),
        ('until: "2025-09-25", amount: 48', 'from: "2025-09-26", until: "2025-09-25", amount: 48', "versions.0: it ends before it begins"),
        ('ends: "17:00"', 'ends: "27:00"', "no such time: 27:00"),
        ("# How a count says its start.", "adopted: [az_sb9]\n#", "adopted.0: no clock waits for az_sb9"),
        ("  custody_at: {en", "  custody_on: {en", "events.custody_on: no clock starts on custody_on"),
        ("certainty: verified, acts: screening", "certainty: guessed, acts: screening", "certainty: this is 'verified', 'secondary'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old: str, new: str, told: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    lines = {n for n, line in enumerate(text.splitlines(), 1) if line not in TEXT.splitlines()}

    found = problems(text)

    [first] = [each for each in found if told in each]
    assert first.startswith("clocks.yaml, line ")
    assert min(abs(int(first.split()[2].strip(",")) - n) for n in lines) <= 3, (first, lines)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kind": "authority", "roll": "forward", "roll_calendar": "town"}, "power over a person never rolls"),
        ({"roll": "forward"}, "roll wants a roll_calendar"),
        ({"direction": "before", "roll": "forward", "roll_calendar": "town"}, "what is measured before an event rolls back"),
        ({"calendar": ""}, "court_days want a calendar"),
        ({"unit": "calendar_days"}, "calendar does not go with calendar_days"),
        ({"excluded": "town"}, "excluded does not go with court_days"),
        ({"unit": "business_hours"}, "open goes with business_hours, which want it"),
        ({"unit": "business_hours", "open": '["17:00", "08:00"]'}, "it closes before it opens"),
        ({"unit": "hours", "calendar": "", "excluded": "town", "direction": "before"}, "before an event hours are counted exactly"),
        ({"unit": "hours", "calendar": "", "ends": '"17:00"'}, "ends goes with a last day"),
        ({"unit": "hours", "calendar": "", "opens_after": "1"}, "opens_after goes with days after an event"),
        ({"kind": "opens", "ends": '"17:00"'}, "ends goes with a last day"),
        ({"first_day": "counted"}, "first_day does not go with court_days"),
        ({"tolled_by": "absences"}, "tolled_by does not go with court_days"),
        ({"pausable": "true"}, "pausable does not go with court_days"),
        ({"kind": "counter"}, "a counter counts calendar days"),
        ({"cautious": "{unit: hours}"}, "calendar does not go with hours"),
        ({"cautious": "{roll: null}"}, "cautious.roll: this cannot be null"),
        ({"amount": "9999999"}, "of court_days there are 1 to 2600"),
        ({"id": "One"}, "this is not written as it must be"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(said: dict[str, str], told: str) -> None:
    found = problems(HEAD + row(**said))

    assert any(told in each and f"line {HEAD.count(chr(10)) + 1}, clocks.0" in each for each in found), found  # fmt: skip


def test_every_mistake_is_told_at_once() -> None:
    text = HEAD + row(calendar="none") + row(id="two", roll="forward") + row(id="two")

    assert len(problems(text)) >= 3


@pytest.mark.parametrize(
    "text", ["", "[]", "clocks: [", "clocks_file: x", "\0", HEAD, "- " * 200_000]
)
def test_what_is_no_file_of_clocks_is_refused(text: str) -> None:
    assert all(each.startswith("clocks.yaml, line ") for each in problems(text))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCommunity) as bad:
        read(tmp_path / "clocks.yaml")

    assert str(bad.value) == "clocks.yaml, line 0, clocks: this file is missing"


def test_a_bill_runs_where_the_file_says_that_it_is_adopted() -> None:
    adopted = TEXT.replace("# How a count says its start.", "adopted: [az_sb1244_2026]\n#", 1)

    assert due(read_text(adopted), "renewal_conversion_application", "2027-06-30 23:59") == "2027-05-28 23:59 -07:00"  # fmt: skip


def test_power_over_a_person_is_not_lengthened_by_a_closure_of_the_court() -> None:
    book = small(row(id="power", kind="authority"), row(id="duty"))
    closures = ["2026-03-03"]

    assert due(book, "power", "2026-03-02 09:00", closures=closures) == "2026-03-03 23:59 +01:00"
    assert due(book, "duty", "2026-03-02 09:00", closures=closures) == "2026-03-05 23:59 +01:00"
