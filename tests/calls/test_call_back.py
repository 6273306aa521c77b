"""A counselor's call back that was promised: a clock that rings until it was made, or somebody accepted."""

from datetime import datetime

import pytest

from nowrongdoor.calls import commands
from nowrongdoor.calls.queries import call_back_at
from nowrongdoor.episodes.facts import Closing
from tests.calls.lines import fire, kinds, refused
from tests.makers import accepted, an_actor, an_episode, later

pytestmark = pytest.mark.usefixtures("db")
MIN = 60


def promised() -> dict[str, object]:
    episode = an_episode()
    commands.promise_call_back(by=an_actor(), at=later(0), episode_id=episode.pk)
    return {"by": an_actor(), "episode_id": episode.pk}


def due(asked: dict[str, object]) -> datetime | None:
    return call_back_at(asked["by"], asked["episode_id"])  # type: ignore[arg-type]


def test_it_rings_after_a_quarter_of_an_hour_and_again() -> None:
    asked = promised()
    assert due(asked) == later(15 * MIN)

    assert fire(15 * MIN - 1) == 0
    assert fire(15 * MIN) == 1
    assert kinds()[-1] == "calls.call_back_due"
    assert due(asked) == later(30 * MIN)
    assert fire(30 * MIN) == 1


def test_it_is_over_when_they_were_called_back() -> None:
    asked = promised()

    commands.record_call_back(at=later(300), **asked)

    assert due(asked) is None
    assert kinds()[-1] == "calls.called_back"
    assert refused(commands.record_call_back, at=later(301), **asked) == "call_back.none"


def test_it_is_over_when_somebody_accepts_them() -> None:
    episode = an_episode()
    commands.promise_call_back(by=an_actor(), at=later(0), episode_id=episode.pk)

    accepted(episode, to=an_actor("maria.lopez"), at=later(60))

    assert call_back_at(an_actor(), episode.pk) is None


def test_it_is_promised_once_by_those_who_work_on_it_while_it_is_open() -> None:
    asked = promised()
    again = {"at": later(5), "episode_id": asked["episode_id"]}
    assert refused(commands.promise_call_back, by=an_actor(), **again) == "call_back.promised"
    informed = an_actor("maria.lopez")  # told that somebody is there, and no more
    assert refused(commands.promise_call_back, by=informed, **again) == "call_back.not_yours"
    assert refused(commands.record_call_back, by=informed, **again) == "call_back.not_yours"
    closed = an_episode()
    over = Closing("information", declined_by_person=True)
    commands.close_call(by=an_actor(), at=later(1), episode_id=closed.pk, closing=over)
    late = {"at": later(2), "episode_id": closed.pk}
    assert refused(commands.promise_call_back, by=an_actor(), **late) == "episode.closed"


def test_nothing_rings_for_a_call_that_was_closed() -> None:
    asked = promised()
    over = Closing("information", declined_by_person=True)
    commands.close_call(at=later(60), closing=over, **asked)  # type: ignore[arg-type]

    fire(15 * MIN)

    assert "calls.call_back_due" not in kinds()
