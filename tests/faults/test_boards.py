"""F10: streams are cut, resumed and expired, server processes and the one that draws for them killed, while desks work.

What a board shows at the end is what the page shows; nothing came twice or in another order, and whoever
may see nothing was told nothing. One board comes back without saying where it was: it has to be wrong.
"""

import random
import signal
from collections.abc import Iterator

import pytest

from tests.faults.conftest import Books
from tests.faults.counts import at_most, cycles
from tests.faults.house import House, send, until
from tests.faults.load import desks
from tests.faults.screens import Screen, Way

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
SEED = 20261128
KILLS = min(cycles(2), 10)  # so that what is open stays within the thousand that a board draws
CUTS = 2  # of each board, at least
LOOKING = {
    "david.chavez": Way.AT_ONCE,  # a call-taker
    "ruth.palmer": Way.MUCH_LATER,  # the floor's supervisor
    "gloria.mendez": Way.AT_ONCE,
    "rosa.figueroa": Way.AT_ONCE,  # at the line: sees what is offered to it
    "denise.wright": Way.MUCH_LATER,
    "thomas.baker": Way.FORGETFUL,
}
STRANGER = "judith.park"


@pytest.fixture
def screens(house: House) -> Iterator[list[Screen]]:
    ways = LOOKING | {STRANGER: Way.AT_ONCE}
    found = [
        Screen(house, name, way, random.Random(f"{SEED}-{name}")) for name, way in ways.items()
    ]
    try:
        for screen in found:
            screen.open()
        yield found
    finally:
        for screen in found:
            screen.close()


def test_cut_screens_show_what_the_page_shows(
    house: House, books: Books, screens: list[Screen]
) -> None:
    *ours, forgetful, stranger = screens
    with desks(house) as load:
        for _ in range(KILLS):
            before = house.server_workers()
            send(before[:1], signal.SIGKILL)
            load.more()
            until(lambda before=before: len(house.server_workers()) == len(before), "another comes")
            drew = house.drawing()
            send(drew, signal.SIGKILL)
            load.more()
            until(lambda drew=drew: len(set(house.drawing()) - set(drew)) == 1, "another draws")
        until(lambda: all(each.cuts >= CUTS for each in [*ours, forgetful]), "all were cut")
        load.more()
    books.close(load)
    for screen in screens:
        screen.calm.set()

    for screen in ours:
        until(lambda screen=screen: not screen.differs(), "it shows what the page shows")

    assert [each.broken for each in screens] == [[] for _ in screens]
    assert [each.disorder for each in ours] == [[] for _ in ours]
    assert all(each.fresh for each in ours if each.way is Way.MUCH_LATER)
    assert (stranger.told, stranger.rows) == (0, {})
    missed = forgetful.differs()
    assert missed, "who says not where it was misses what was told meanwhile"
    told = sum(each.told for each in ours)
    print(
        f"F10: {len(ours)} boards, {sum(each.cuts for each in ours)} cuts, {KILLS} kills, {told} rows told, "
        f"{sum(each.fresh for each in ours)} drawn afresh, 0 wrong, 0 twice or out of order, {at_most(told)}; "
        f"a stranger was told {stranger.told}; the control shows {len(missed)} rows wrong"
    )
