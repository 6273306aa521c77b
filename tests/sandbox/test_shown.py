"""The person whom many programs know: a record in each, a release that opens something, and lines of the ledger."""

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Role
from nowrongdoor.desks.person_told import read_told
from nowrongdoor.episodes.models import Party
from nowrongdoor.sandbox import shown
from nowrongdoor.sandbox.state import Town
from nowrongdoor.sharing.models import Disclosure
from nowrongdoor.web import clock
from tests.makers import an_actor
from tests.sandbox.played import Watch
from tests.sandbox.test_living import hired, town, watch

__all__ = ["hired", "town", "watch"]
WHO = {
    "911/floor": "anna.miller",
    "line/counselors": "maria.lopez",
    "tpd/patrol": "james.cole",
    "tpd/mhst": "luis.garza",
    "crc/adult": "emily.grant",
    "tpd/deflection": "monica.cruz",
    "tpd/outreach": "diane.moss",
}


def played(town: Town, watch: Watch, hours: float) -> None:
    """Every story that is due in these hours, at its own time."""
    town.clock = None
    end = town.at.timestamp() + hours * 3600
    while town.step(town.at.fromtimestamp(end, town.at.tzinfo)):
        watch.at = town.at


def test_one_person_is_known_to_every_role_and_each_reads_another_page(
    town: Town, watch: Watch
) -> None:
    town.start(shown.known_to_all(town, look=read_told))
    played(town, watch, 2)

    assert told_by_release(town) >= {"person", "status"}
    assert not town.refused, town.refused
    assert not any(town.staff.busy.values())
    opened, pages = {}, set()
    for program, name in WHO.items():
        by = an_actor(name)
        with act_as(by):
            found = Party.objects.filter(program_id=by.program_id, person__isnull=False)
            [party] = found.select_related("person")
        told = read_told(by, party.person_id, at=clock.now())
        assert told is not None
        opened[program] = {each.row for each in told["opened"]}
        shut = tuple((each.words, str(each.opens)) for each in told["closed"])
        pages.add((frozenset((each.row, each.program) for each in told["opened"]), shut))
    assert "A07" in opened["tpd/patrol"]
    assert "A07" in opened["tpd/mhst"]
    assert {"A06", "A10"} <= opened["crc/adult"]
    assert len(pages) == len(WHO)

    played(town, watch, 14)
    assert not town.refused, town.refused
    assert town.told["closed"] == 1


def told_by_release(town: Town) -> set[str]:
    """What the ledger has of what patrol read by the release, before anyone of this test looked."""
    officer = town.staff.somebody("tpd/patrol", Role.OFFICER, town.at)
    with act_as(officer):
        rows = Disclosure.objects.filter(to_program_id=officer.program_id, row="A07")
        return set(rows.values_list("record_kind", flat=True))
