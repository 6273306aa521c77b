"""The dry run's page and its file: numbers, levels, rules and duties, and no person's words."""

import re

import pytest

from nowrongdoor.triage import pages
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import a_screening, an_episode
from tests.triage.desks import STOPS, get, url
from tests.triage.drafts import SOFTER, drafted

pytestmark = pytest.mark.usefixtures("db")
PLACE = "12 Quiet Street"


def screened(count: int) -> list[str]:
    """Calls at Anna's desk, each with a weapon within reach; their numbers."""
    episodes = [an_episode(at=now(), place=PLACE) for _ in range(count)]
    for each in episodes:
        a_screening(each, at=now(), **STOPS | {"WPN": "in_reach", "REL": "family"})
    return [each.label for each in episodes]


def test_a_dry_run_lists_every_call_that_would_be_decided_otherwise() -> None:
    [number] = screened(1)
    same = an_episode(at=now())
    a_screening(same, at=now(), **STOPS)
    row = drafted(SOFTER, at=now())

    page = get("ruth.palmer", "dry_run", row)
    file = Desk("ruth.palmer").get(url("dry_run_csv", row))

    assert "1 call would get a different result" in page
    assert "the latest 2 calls" in page
    assert "at most 500" in page
    assert same.label not in page
    assert re.search(
        rf'{number}</th><td><span class="badge alarm">Lower level</span></td><td[^>]*>'
        r'<span class="level level-3B">3B</span> L16</td><td[^>]*>'
        r'<span class="level level-3A">3A</span> L16</td>',
        page,
    )
    assert re.search(r'<th scope="row">3B</th><td class="">0</td><td class="moved">1</td>', page)
    assert file.content.decode() == (
        "number,from_level,from_rule,to_level,to_rule,duties_added,duties_dropped\r\n"
        f"{number},3B,L16,3A,L16,,\r\n"
    )
    assert file["Content-Disposition"] == 'attachment; filename="dry-run-1.3.0.csv"'
    assert PLACE not in page + file.content.decode()


def test_a_dry_run_names_duties_that_come_and_go() -> None:
    one, other = an_episode(at=now()), an_episode(at=now())
    a_screening(one, at=now(), **STOPS | {"NEED": "Y"})
    a_screening(other, at=now(), **STOPS | {"ABU": "Y"})
    row = drafted(SOFTER, at=now())

    page = get("ruth.palmer", "dry_run", row)
    lines = Desk("ruth.palmer").get(url("dry_run_csv", row)).content.decode().splitlines()

    assert page.count("report the harm, as the law asks") == 2
    assert sorted(lines[1:]) == [
        f"{one.label},2,L23,2,L23,mandated_report,",
        f"{other.label},4,L04,4,L04,,mandated_report",
    ]


def test_a_dry_run_sees_what_the_program_may_read_and_the_newest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = screened(3)
    row = drafted(SOFTER, at=now())
    monkeypatch.setattr(pages, "REPLAYED", 2)

    ours = get("ruth.palmer", "dry_run", row)
    theirs = get("brian.hale", "dry_run", row)

    assert re.findall(r'class="number">(T\d\d-\d+)', ours) == numbers[:0:-1]
    assert "at most 2" in ours
    assert "No screened call that your program may read." in theirs
