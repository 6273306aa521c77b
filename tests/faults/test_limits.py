"""F15: counters near their limits. Work goes past, or `verify` has said so long before it stops."""

import os
from functools import partial

import psycopg
import pytest
from django.db import connections
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.journal import feed
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site.verify import verify
from tests.clients import Desk
from tests.makers import an_actor, an_episode, later

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("db")]
Admin = psycopg.Connection[tuple[object, ...]]
LIMITS = [2**31 - 10, 2**53 - 10]
PAST = 20
OVER = Closing("information", declined_by_person=True)


def seal() -> None:
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        assert Sequencer(url).take_over(connection)


def found() -> list[str]:
    connections["owner"].close()
    return [each for each in verify(None).findings if "counter" in each]


@pytest.mark.parametrize("limit", LIMITS)
def test_episodes_are_numbered_past_every_limit(admin: Admin, limit: int) -> None:
    admin.execute(f"ALTER SEQUENCE episodes_number RESTART WITH {limit}")

    numbers = [an_episode().number for _ in range(PAST)]
    page = Desk("anna.miller").get(reverse("calls:board"))

    assert numbers == list(range(limit, limit + PAST))
    assert str(limit + PAST - 1) in page.content.decode()
    print(f"\nF15: {PAST} episodes numbered from {limit} on, 0 refused")


@pytest.mark.parametrize("limit", LIMITS)
def test_the_journal_is_sealed_and_read_past_every_limit(admin: Admin, limit: int) -> None:
    an_episode()
    seal()
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE journal_seal SET seq = seq + %s", [limit - 1])
    with act_as_task("feed"):
        start = feed.latest_position()

    for _ in range(PAST):
        an_episode()
    seal()

    with act_as_task("feed"):
        page = feed.entries_after(start, 1000)
    assert [each.seq for each in page.entries] == list(range(start + 1, feed_head() + 1))
    assert len(page.entries) >= PAST
    print(f"\nF15: {len(page.entries)} entries sealed from {start} on, none left out")


def feed_head() -> int:
    with act_as_task("feed"):
        return feed.latest_position()


def test_verify_says_long_before_that_a_counter_comes_near_its_end(admin: Admin) -> None:
    assert found() == []
    admin.execute(f"ALTER SEQUENCE episodes_number RESTART WITH {2**52}")
    episode = an_episode()
    admin.execute(f"UPDATE episodes_episode SET version = {2**30} WHERE id = %s", [episode.pk])

    names = [each.split()[1] for each in found()]

    assert names == ["episodes_number", "episodes_episode.number", "episodes_episode.version"]


def test_a_version_goes_round_at_its_end_a_billion_acts_after_verify_said_so(admin: Admin) -> None:
    """The database driver cuts a number that is too great: it is another one, and so works on."""
    episode = an_episode()
    admin.execute(f"UPDATE episodes_episode SET version = {2**31 - 1}")
    said = found()
    close = partial(episodes.close_episode, by=an_actor(), at=later(1), episode_id=episode.pk)

    with pytest.raises(Refused) as old:
        close(closing=OVER, seen_version=2**31 - 2)
    closed = close(closing=OVER, seen_version=2**31 - 1)

    assert old.value.verdict.rule == "row.changed"
    assert closed.closed_at == later(1)
    assert [each.split()[1] for each in said] == ["episodes_episode.version"]
    print("\nF15: 1 act on a version at its end is done, 1 on an older one refused; verify said so")
