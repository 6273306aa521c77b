"""Books of clocks for tests: the community's own, and small ones made of a few rows."""

from nowrongdoor.clocks.counting.asked import read_line
from nowrongdoor.clocks.counting.commandline import due_of
from nowrongdoor.clocks.counting.facts import Book, Counted
from nowrongdoor.clocks.counting.reading import read_text
from nowrongdoor.clocks.counting.rules import count
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/clocks.yaml"
TEXT = FILE.read_text()
TUCSON = read_text(TEXT)
HEAD = """\
clocks_file: small
version: 1.0.0
zone: Europe/Madrid
calendars:
  town: {court: true, weekend: [5, 6], days: [{name: Fair, month: 3, day: 4}]}
  state: {weekend: [5, 6], days: [{name: Fair, month: 3, day: 4}, {name: Founders, month: 3, day: 5}]}
  shared: {both: [town, state]}
clocks:
"""


def row(**said: str) -> str:
    """One row of a file: what is said, and the rest plain."""
    whole = {
        "id": "one", "name": "One", "group": "ours", "kind": "duty", "starts_on": "began",
        "amount": "1", "unit": "court_days", "calendar": "town", "statute": "none",
        "certainty": "design", "lapse": "told", "acts": "us",
    } | said  # fmt: skip
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in whole.items() if value) + "}\n"


def small(*rows: str) -> Book:
    return read_text(HEAD + "".join(rows))


def counted(book: Book, clock: str, start: str, zone: str = "", **facts: object) -> Counted:
    """What a line comes to."""
    return count(
        book, *read_line(book, {"clock": clock, "start": start, "zone": zone, "facts": facts})
    )


def due(book: Book, clock: str, start: str, zone: str = "", **facts: object) -> str:
    return due_of(counted(book, clock, start, zone, **facts))


WIDE_TEXT = (
    HEAD.replace("calendars:\n", "calendars:\n  desert: {weekend: [4, 5], days: [{name: Feast, month: 2, day: 28, saturday: 1, sunday: 2}]}\n")
    + row(id="week", unit="hours", amount="50", calendar="", excluded="desert")
    + row(id="paused_week", unit="hours", amount="30", calendar="", excluded="desert", pausable="true")
    + row(id="shop", unit="business_hours", amount="19", open='["00:30", "23:30"]', calendar="town", setting="true")
    + row(id="power", kind="authority", amount="4", cautious="{calendar: shared}")
    + row(id="both", calendar="shared", amount="6", setting="true", roll="forward", roll_calendar="town")
    + row(id="back", unit="business_days", direction="before", amount="3", roll="back", roll_calendar="shared")
    + row(id="moments", unit="minutes", calendar="", direction="before", amount="45", setting="true")
    + row(id="adult", unit="calendar_years", calendar="", kind="opens", amount="3")
    + row(id="kept", unit="calendar_years", calendar="", amount="2", roll="forward", roll_calendar="state")
    + row(id="past", unit="calendar_years", calendar="", direction="before", amount="1", ends='"00:10"')
    + row(id="today", unit="calendar_days", calendar="", first_day="counted", tolled_by="absences", setting="true", cap="told", ends='"02:30"')
    + row(id="soon", unit="calendar_days", calendar="", direction="before", kind="opens", amount="9", setting="true")
    + row(id="stay", unit="calendar_days", calendar="", kind="counter", amount="30", setting="true", cap="told")
)  # fmt: skip
"""What the community's own file has no row for: weekends on which clocks change, power in court days, and so on."""
