"""Attacks on the newest parts of the gate: suspended accountings, the recipient's copy, the age of who is asked about."""

from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sharing import suspending
from nowrongdoor.sharing.models import Suspension
from nowrongdoor.sharing.suspending import SuspensionFacts
from tests.makers import NOON, an_actor, later
from tests.sharing.full import PAULA, a_suspension
from tests.sharing.test_suspensions import person, suspends

__all__ = ["person"]  # a fixture
pytestmark = pytest.mark.usefixtures("db")
LONG = "Federal Bureau of Investigation, Phoenix Field Office, 21711 North 7th Street, Phoenix, Arizona 85024, Task Force 4, Desk 12 B, United States"


# ------------------------------------------------------------------ suspended accountings
def test_an_agency_s_own_lines_are_not_suspended(person: UUID) -> None:
    """The page offers the others alone; what is posted by hand is refused as well."""
    own = an_actor(PAULA).agency_id

    with pytest.raises(Refused) as refused:
        a_suspension(person, to_agency_id=own)

    assert refused.value.verdict.rule == "code.unknown"
    assert suspends(person, to_agency_id=str(own)) == 422
    with act_as(an_actor(PAULA)):
        assert not Suspension.objects.exists()


@pytest.mark.parametrize(
    ("in_ledger", "typed"),
    [
        ("F.B.I.  Tucson", "F.B.I. Tucson"),  # a page shows two blanks as one
        ("F.B.I. ", "F.B.I."),  # cut at 300 characters
        ("F.B.I. Tucson", "F.B.I. Tucson"),
        ("F.B.I.", "f.b.i."),
    ],
)
def test_a_name_that_looks_the_same_is_the_same(in_ledger: str, typed: str) -> None:
    of = SuspensionFacts(None, typed, NOON, later(60))

    assert suspending.leaves_out(of, to_agency_id=None, to_name=in_ledger, at=NOON)
    assert not suspending.leaves_out(of, to_agency_id=None, to_name="F.B.I. Phoenix", at=NOON)


def test_a_name_as_long_as_the_ledger_keeps_can_be_entered(person: UUID) -> None:
    assert suspends(person, to_agency_id="", to_name=LONG) == 302
    with act_as(an_actor(PAULA)):
        assert Suspension.objects.get().to_name == LONG
