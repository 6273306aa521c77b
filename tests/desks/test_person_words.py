"""The words of a person's page: what opens what, what it is asked for, and in whose language."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils.translation import override

from nowrongdoor.desks.person_told import read_told
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.web.clock import now
from tests.desks.test_person_page import SEATS, page, records
from tests.makers import an_actor, program_id
from tests.sharing.full import a_release

__all__ = ["records"]  # a fixture
pytestmark = pytest.mark.usefixtures("db")


def closed(html: str) -> str:
    start = html.index("Closed to you, and what opens it")
    return html[start : html.index("Never shown to your program", start)]


def test_what_stands_open_in_ones_own_agency_is_not_said_to_open_with_the_same_agency(
    records: dict[str, UUID],
) -> None:
    html = closed(page("police", records))

    assert "ame agency" not in html
    assert "Substance use treatment record" in html
    assert "Opens only because of a crime there" in html
    assert "Court order" in html
    assert "Opens with: Mental health court order in force and agreement in force" in html
    assert "Police report" in html[html.index("Open to your program without more") :]


def test_a_release_opens_by_this_or_that_and_is_said_so(records: dict[str, UUID]) -> None:
    center = an_actor(SEATS["center"])
    a_release(
        center,
        at=now() - timedelta(minutes=1),
        plan=Plan.STATUS,
        told_program_id=program_id("tpd/patrol"),
        teller_id=center.program_id,
        people="",
        person_id=records["center"],
    )

    html = page("police", records)

    assert "HIPAA authorization or a release names them" in html
    assert "HIPAA authorization, A release names them" not in html


def test_who_asks_says_what_for_among_what_the_table_has(records: dict[str, UUID]) -> None:
    html = closed(page("police", records))
    health = html[html.index('id="for-clinical"') :]
    offered = re.findall(r'<option value="(\w+)">', health[: health.index("</select>")])

    assert offered[0] == "close_loop"
    assert {"imminent_threat", "crime_on_premises"} <= set(offered)


def test_the_lines_of_others_are_in_the_readers_language(records: dict[str, UUID]) -> None:
    seat = an_actor(SEATS["center"])
    with override("es"):
        told = read_told(replace(seat, language="es"), records["center"], at=now())

    assert told is not None
    labels = {each.label for one in told["opened"] for each in one.items}
    assert {"Nombre", "Domicilio"} & labels
    assert not {"Name", "Address"} & labels
