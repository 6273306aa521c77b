"""Who comes, on the call's own page, at roll-call, on the team's phone, for supervisors, in the morning."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from nowrongdoor.calls.commands import close_call
from nowrongdoor.desks import field
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.asked import asks
from nowrongdoor.dispatch.facts import Ask, CautionOf, Stage
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.floor import section, text
from tests.desks.sending import CREW, asked, declined, page, queued, row_of
from tests.dispatch.floor import (
    ANA,
    ANNA,
    CARL,
    DAVID,
    DENISE,
    DESK,
    FLOOR,
    IRMA,
    MARIA,
    SAMUEL,
    a_crew,
    an_assignment,
    cleared,
    refused,
)
from tests.makers import an_actor, an_episode, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")


# help, on the call's own page -------------------------------------------------------------------


def test_a_call_offers_only_help_that_an_agreement_lets_its_program_ask_for() -> None:
    episode = an_episode(an_actor(MARIA), at=now())

    found = page(MARIA, "episode", episode.pk)

    offered = re.findall(r'<option value="([a-z_]+):[0-9a-f-]+"', found.split('id="ask-for"')[1])
    assert {"mobile_team", "police_aware", "police_now"} <= set(offered)
    values = {each.value for each in asks(an_actor(MARIA), at=now())}
    assert f"mobile_team:{program_id(DESK)}" in values
    assert f"mobile_team:{program_id(FLOOR)}" not in values


def test_a_program_that_is_only_told_asks_for_nothing() -> None:
    episode = an_episode(an_actor(ANNA), at=now())

    found = page(MARIA, "episode", episode.pk)

    assert "Request response" not in found
    assert "Add safety alert" not in found


def test_the_call_says_who_comes_and_what_a_team_is_warned_of() -> None:
    request = asked()
    commands.warn(
        by=an_actor(MARIA),
        at=now(),
        episode_id=request.episode_id,
        of=CautionOf.PLACE,
        code="dogs",
        evidence="told_by_caller",
        expires_at=now() + timedelta(days=7),
        text="two in the yard",
    )
    waits = page(MARIA, "episode", request.episode_id)
    an_assignment(request, at=now())
    comes = page(MARIA, "episode", request.episode_id)
    there = page(ANA, "field")

    assert "Requested, not yet accepted" in waits
    assert ">Cancel request<" in waits
    assert re.search(CREW, comes)
    assert "Notify caller who is coming" in comes
    for found in (waits, comes, there):
        assert "Dogs" in found
        assert "two in the yard" in found


def test_after_a_no_the_next_request_follows_it() -> None:
    request = declined(asked())

    found = page(MARIA, "episode", request.episode_id)

    assert f'name="follows_id" value="{request.pk}"' in found
    assert "Request another unit below, or enter why none is needed" in found


# roll-call and the team's phone -----------------------------------------------------------------


def test_roll_call_shows_each_crew_and_who_could_go() -> None:
    a_crew(at=now(), own_car=SAMUEL)

    found = page(CARL, "rollcall")

    for words in (
        "CMT-A1",
        "CMT-B1",
        "Samuel Price",
        "drives separately: own grey sedan",
        "Elena Vega",
    ):
        assert words in found
    unit = found.split('id="unit-')
    free = next(each for each in unit if "CMT-A2" in each)
    assert "Ruben Salas" in free
    assert "Ana Ruiz" not in free  # on a crew already


def test_roll_call_of_cads_own_units_says_what_cad_said() -> None:
    found = page(DAVID, "rollcall")

    assert "2A31" in found
    assert "No CAD status received" in found


def test_a_program_without_units_is_told_where_they_stand() -> None:
    found = page("joan.whitfield", "rollcall")

    assert "Add units to units.yaml" in found


def test_the_phone_goes_from_no_crew_to_waiting_to_somebody() -> None:
    none = page(ANA, "field")
    a_crew(at=now())
    waiting = page(ANA, "field")
    team = an_assignment(asked(), at=now())
    sent = page(ANA, "field")

    assert "You're not on a unit" in none
    assert re.search(rf'value="{member_id(ANA)}" checked', none)
    assert "No active assignment." in waiting
    assert "12 Quiet Street" in sent
    assert "DURESS: police now" in sent
    assert "Transport to…" not in sent  # nobody is met yet
    assert team.crew_id is not None


@pytest.mark.parametrize(
    ("reached", "first"),
    [
        (None, Stage.EN_ROUTE),
        (Stage.EN_ROUTE, Stage.ON_SCENE),
        (Stage.STAGED, Stage.ON_SCENE),
        (Stage.ON_SCENE, Stage.ENGAGED),
        (Stage.ENGAGED, None),
    ],
)
def test_the_big_button_is_the_next_step_and_never_staged(
    reached: Stage | None, first: Stage | None
) -> None:
    an_assignment(asked(), at=now(), reached=reached)
    team = board.my_team(an_actor(ANA))
    assert team is not None

    steps = field.steps(team)

    assert [each.stage for each in steps if each.first] == ([first.value] if first else [])
    assert {"transporting", "assigned", "cleared"}.isdisjoint(each.stage for each in steps)
    found = page(ANA, "field")
    assert ("We're OK" in found) == (reached in (Stage.ON_SCENE, Stage.ENGAGED))
    assert ("Transport to…" in found) == (reached in (Stage.ON_SCENE, Stage.ENGAGED))


def test_where_to_take_somebody_is_a_list_with_reasons() -> None:
    an_assignment(asked(), at=now(), reached=Stage.ENGAGED)
    team = board.my_team(an_actor(ANA))
    assert team is not None

    found = field.places(an_actor(ANA), team, at=now())

    assert 0 < len(found) <= field.NEAREST
    assert {each.code[:2] for each in found if each.offers} <= {
        "cr",
        "ed",
    }  # who takes them by name
    assert "Capacity unknown: call 520-555-01" in page(ANA, "field")


# supervisors, and the shift briefing ----------------------------------------------------------------


def test_a_supervisor_sees_what_of_the_teams_needs_somebody() -> None:
    quiet, loose = asked(), declined(asked("4 Loud Lane"))

    found = section(page(DENISE, "supervising"), "teams")

    assert row_of(loose).number in found
    assert "Declined or no contact, and not reassigned" in found
    assert reverse("calls:request", args=[loose.pk]) in found
    assert row_of(quiet).number not in found


def test_the_desk_that_said_no_has_nothing_left_to_see_to() -> None:
    """Also where it still sees the no, because it was asked again."""
    request = declined(asked())
    wanted = Ask(request.episode_id, "mobile_team", program_id(DESK))
    commands.ask(by=an_actor(MARIA), at=now(), asked=wanted)

    assert row_of(request, CARL).loose
    assert section(page(IRMA, "supervising"), "teams") == ""
    assert row_of(request).number in section(page(DENISE, "supervising"), "teams")


def morning_of(name: str) -> str:
    found = re.search(r'id="m-teams".*?</section>', page(name, "morning"))
    assert found is not None
    return found[0]


def test_the_morning_names_who_rings_then_who_goes() -> None:
    none = morning_of(MARIA)
    request = queued(asked())
    waits = morning_of(MARIA)
    an_assignment(request, at=now())
    comes = morning_of(MARIA)

    assert "None." in none
    assert "No unit assigned" in waits
    assert "<strong>Carl Jensen</strong>" in waits
    assert "CMT-A1 Dispatched" in comes
    assert re.search(f"<strong>({CREW})</strong>", comes)


# a call is not closed over somebody who comes ----------------------------------------------------


def close(episode_id: UUID) -> object:
    answer = Desk(MARIA).post(
        reverse("calls:close_call", args=[episode_id]),
        {"outcome": "information", "declined_by_person": "yes"},
    )
    return answer.status_code, "A requested response is still open." in text(answer)


def test_a_call_is_not_closed_while_somebody_is_asked_for_or_comes() -> None:
    request = asked()
    closing = Closing("information", declined_by_person=True)
    ask = {"episode_id": request.episode_id, "closing": closing}

    assert close(request.episode_id) == (409, True)
    assert refused(close_call, by=an_actor(MARIA), at=now(), **ask) == "close.somebody_coming"
    queued(request)
    assert close(request.episode_id) == (409, True)
    team = an_assignment(request, at=now())
    assert close(request.episode_id) == (409, True)
    cleared(team, at=now())
    assert close(request.episode_id)[0] == 302  # type: ignore[index]


def test_a_call_is_closed_after_a_no_or_a_withdrawal() -> None:
    first, second = declined(asked()), asked()
    commands.withdraw_request(by=an_actor(MARIA), at=now(), request_id=second.pk)

    assert close(second.episode_id)[0] == 302  # type: ignore[index]
    assert close(first.episode_id)[0] == 302  # type: ignore[index]
