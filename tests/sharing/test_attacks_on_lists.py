"""Attacks on the filter of lists: several agreements at once, of which one opens less than another."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.conditions import FLAG, Compare, Every
from nowrongdoor.sharing import queries
from nowrongdoor.sharing.bases import AgreementFacts, Want
from nowrongdoor.sharing.commands.disclosing import holder
from nowrongdoor.sharing.facts import Allow, Scope
from nowrongdoor.sharing.lists import opened_to
from tests.makers import NOON, later, member_id, program_id
from tests.sharing.test_lists import CRC, Listed, add, one_by_one, rows

__all__ = ["rows"]  # a fixture
pytestmark = pytest.mark.usefixtures("db")
PATROL = "tpd/patrol"
PERSON = UUID(int=1005)


def agreed(number: int, until_at: datetime | None, *fields: str) -> AgreementFacts:
    return AgreementFacts(
        id=UUID(int=number),
        tells=frozenset({program_id(CRC)}),
        told=frozenset({program_id(PATROL)}),
        data=frozenset({"clinical"}),
        purposes=frozenset({"close_loop"}),
        from_at=NOON,
        until_at=until_at,
        ended_at=None,
        agencies_tell=frozenset(),
        agreed=frozenset(),
        replaces_id=None,
        fields=fields,
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_agreements_a_list_rests_on_the_one_on_which_each_row_rests(
    rows: list[Listed],
    admin: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    turned: bool,
) -> None:
    """The one that lasts longer gives nothing of the row, and an emergency adds nothing: the row is shut."""
    found = queries.table()
    assert found is not None
    scope = Scope(
        frozenset({"clinical"}),
        frozenset(found.kinds),
        frozenset(found.recipients),
        frozenset({"close_loop"}),
    )
    asks = [Compare(each, FLAG[1:], among=True) for each in ("agreement", "emergency", "minor")]
    row = Allow("Z1", scope, asks[0], ("status",), (), found.allow[0].basis)
    other = replace(row, id="Z2", needs=Every((asks[1], asks[2])))
    table = replace(found, allow=(row, other), deny=())
    both = [agreed(91, None, "card"), agreed(92, later(60), "status")]
    said = tuple(reversed(both)) if turned else tuple(both)
    monkeypatch.setattr(queries, "table", lambda: table)
    monkeypatch.setattr(queries, "agreements", lambda: said)
    add(admin, "sharing_ground", [{
        "id": UUID(int=7), "kind": "emergency", "program_id": program_id(CRC), "member_id": member_id("emily.grant"),
        "made_at": NOON, "from_program_id": program_id(CRC), "from_agency_id": queries.party(program_id(CRC)).agency_id,
        "to_program_id": program_id(PATROL), "to_kind": "", "person_id": PERSON, "episode_id": None, "reference": "said",
        "from_at": NOON, "until_at": later(60), "withdrawn_at": None, "withdrawn_by_id": None,
    }])  # fmt: skip
    want = Want("clinical", "close_loop", program_id(CRC), program_id(PATROL))

    with act_as(holder(want.from_id)):
        opened = opened_to(want, at=NOON, episode="episode_id")
        listed = set(Listed.objects.filter(opened).values_list("pk", flat=True))
        assert listed == one_by_one(want, rows) == set()
