"""The one next step of a call, by what stands."""

from dataclasses import replace

import pytest

from nowrongdoor.desks.next_step import ASK, Need, Standing, next_step

OWNER = Standing(acts=frozenset("f"), holds=True, screens=True, screened=True, transfer="Transfer")
POLICE = Need(key="x", button="Request police now", open=True, urgent=True)
TEAM = Need(key="m", button="Request mobile team", open=True)
LISTENER = Standing(acts=frozenset(), holds=False, may_leave=True)


@pytest.mark.parametrize(
    ("now", "key"),
    [
        # what was offered, and what must have been seen, comes before all else
        (replace(OWNER, acts=frozenset("vaf"), needs=(POLICE,)), "v"),
        (replace(OWNER, acts=frozenset("af"), needs=(POLICE,)), "a"),
        (replace(LISTENER, acts=frozenset("v")), "v"),
        (replace(LISTENER, acts=frozenset("t"), may_leave=False), "t"),
        # then police and ambulance, whatever is not asked yet
        (replace(OWNER, stops_open=True, needs=(TEAM, POLICE)), "x"),
        (replace(OWNER, screened=False), ASK),
        (replace(OWNER, stops_open=True, needs=(TEAM,), counselor_needed=True), ASK),
        # then who goes, then the counselor
        (replace(OWNER, needs=(TEAM,), counselor_needed=True), "m"),
        (replace(OWNER, needs=(replace(TEAM, open=False),), counselor_needed=True), "t"),
        (replace(OWNER, needs=(replace(TEAM, button=""),), counselor_needed=True), "t"),
        (replace(OWNER, needs=(replace(POLICE, button=""),), counselor_needed=True), "t"),
        (replace(OWNER, counselor_needed=True, offered=True), None),
        (OWNER, "f"),
        (replace(OWNER, acts=frozenset()), None),
        # whoever does not screen is not asked to
        (replace(OWNER, screens=False, screened=False), "f"),
        (LISTENER, "l"),
        (replace(LISTENER, may_leave=False), None),
    ],
)
def test_the_next_step_follows_the_level(now: Standing, key: str | None) -> None:
    found = next_step(now)

    assert (None if found is None else found.key) == key
