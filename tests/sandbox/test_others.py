"""Beside teams and police: deflection, outreach, the center's follow-up, and another county's 911."""

from dataclasses import replace

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.dispatch.models import Assignment, Request
from nowrongdoor.episodes.models import Episode
from nowrongdoor.sandbox import call_taking
from nowrongdoor.sandbox.arrivals import Arrival, between
from nowrongdoor.sandbox.state import Town
from nowrongdoor.web import clock
from tests.dispatch.floor import an_assignment
from tests.makers import an_actor
from tests.sandbox.test_living import Beside, beside, hired, seal, town, watch

__all__ = ["beside", "hired", "seal", "town", "watch"]
DRUG = {"CRM": "drug"}


def arrival(town: Town, given: dict[str, str], stream: str) -> Arrival:
    """A caller of the city who answers so, whose place is known."""
    week = between(
        town.rates,
        town.zones,
        town.seed,
        clock.now(),
        clock.now().replace(month=12),
        zone=town.staff.zone,
    )
    return next(
        each
        for each in week
        if (each.given, each.stream, each.text, each.sought) == (given, stream, False, False)
    )


def only(town: Town, shown: str) -> None:
    """Nothing goes wrong by chance, and this happens."""
    rates = town.rates
    transfers = rates.transfers.model_copy(
        update={"returned": 0.0, "lost": 0.0, "share": {"accepted": 1}}
    )
    rare = rates.rare.model_copy(update={"relief": 0.0, "other_county": 0.0})
    others = tuple(each.model_copy(update={"chance": 0.0}) for each in rates.others)
    ends = rates.line_ends.model_copy(update={"share": {"phone": 1}})
    update = {"transfers": transfers, "rare": rare, "others": others, "line_ends": ends}
    town.rates = rates.model_copy(update=update)
    town.to_show = {shown}


@pytest.mark.parametrize(
    ("kind", "given", "stream"),
    [
        ("deflection", DRUG, "911"),
        ("outreach", {"SI": "passive"}, "line"),
        ("follow_up", {"SI": "passive"}, "line"),
    ],
)
def test_others_are_asked_go_and_the_call_ends(
    beside: Beside, town: Town, kind: str, given: dict[str, str], stream: str
) -> None:
    only(town, kind)
    tell = call_taking.calls_911 if stream == "911" else call_taking.calls_line
    town.start(tell(town, arrival(town, given, stream)))

    beside.passes(6 * 3600, step=60)

    assert (town.told[f"{kind} asked"], town.told["visit resolved"], town.told["closed"]) == (
        1,
        1,
        1,
    )
    assert not town.refused


def test_another_countys_call_goes_to_its_911_which_hands_it_on(beside: Beside, town: Town) -> None:
    only(town, "other_county")
    town.start(call_taking.calls_911(town, arrival(town, {"SI": "passive"}, "911")))

    beside.passes(3 * 3600, step=60)

    assert (
        town.told["moved to the other 911"],
        town.told["transfers accepted"],
        town.told["closed"],
    ) == (1, 1, 1)
    assert not town.refused


def test_without_its_duty_no_deflection_pair_is_thought_of(beside: Beside, town: Town) -> None:
    only(town, "deflection")
    town.start(call_taking.calls_911(town, arrival(town, {"SI": "passive"}, "911")))

    beside.passes(3 * 3600, step=60)

    assert (town.told["deflection asked"], town.told["transfers accepted"]) == (0, 1)


def test_whoever_writes_and_is_given_back_is_parted_from_too(beside: Beside, town: Town) -> None:
    only(town, "returned")
    writing = replace(arrival(town, {"SI": "passive"}, "911"), text=True)
    town.start(call_taking.calls_911(town, writing))

    beside.passes(6 * 3600, step=60)

    assert (town.told["returned to 911"], town.told["closed"]) == (1, 1)
    assert not town.refused


def test_whom_a_team_takes_to_the_center_is_let_go_by_the_line_and_closed_there(
    beside: Beside, town: Town
) -> None:
    only(town, "nobody else")
    rates, here = town.rates, town.rates.line_ends.model_copy(update={"share": {"team": 1}})
    ends = rates.team_ends.model_copy(update={"share": {"center": 1}})
    town.rates = rates.model_copy(update={"line_ends": here, "team_ends": ends})
    town.start(call_taking.calls_line(town, arrival(town, {"SI": "passive"}, "line")))

    beside.passes(12 * 3600, step=60)

    assert (town.told["team center"], town.refused) == (1, {})
    with act_as(an_actor("judith.park")):
        [episode] = Episode.objects.all()
    assert episode.closed_at is not None


def test_the_floor_answers_what_the_timer_asks_for_a_silent_crew(beside: Beside) -> None:
    """People go and give no sign of life: at the third missed one police are asked for, and are sent."""
    row = an_assignment(at=clock.now(), reached=Stage.ON_SCENE)
    beside.passes(1740, step=60)
    with act_as(an_actor("david.chavez")):
        [police] = Request.objects.filter(for_assignment=row)
        cars = Assignment.objects.filter(request=police).count()
    assert (police.from_member_id, cars) == (None, 1)
