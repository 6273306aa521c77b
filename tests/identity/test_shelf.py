"""What a record tells by its groups: each item of a release opens what its words promise."""

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import commands
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.identity.shelf import SHELF
from nowrongdoor.sharing.shelves import About
from tests.makers import NOON, an_actor


@pytest.mark.usefixtures("db")
def test_where_to_find_them_is_their_address_and_their_usual_place() -> None:
    emily = an_actor("emily.grant")
    typed = PersonTyped(given="Zofia", address="12 Quiet Street", usual_place="The library steps")
    row = commands.keep_person(by=emily, at=NOON, typed=typed)

    with act_as(emily):
        items = SHELF.read(emily, About(row.pk), ("need",))

    assert {"12 Quiet Street", "The library steps"} <= {each.value for each in items}
