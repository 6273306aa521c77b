"""What is asked of teams and done by them; and the API of units, by which CAD says what it shows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Signing
from nowrongdoor.dispatch.models import Assignment, CadStatus, Position, Unit
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.machines import a_machine, a_person, done, get, post, rule, taken
from tests.makers import an_actor, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def line() -> Client:
    return a_person("maria.lopez")


@pytest.fixture
def desk() -> Client:
    return a_person("carl.jensen")


@pytest.fixture
def cad() -> Client:
    return a_machine("911/floor")


def unit(code: str) -> str:
    return str(Unit.objects.get(code=code).pk)


def asked(
    line: Client, kind: str = "mobile_team", to: str = "line/team-dispatch"
) -> dict[str, str]:
    here = f"/episodes/{taken(line)['episode_id']}"
    what = {"kind": kind, "to_program_id": str(program_id(to))}
    return done(post(line, f"{here}/requests", what))


def test_a_time_that_no_page_can_show_was_never_a_units() -> None:
    """One position of the year before the first stopped every page that shows units, until SQL took it out."""
    where = f"/units/{unit('MHST-1')}/position"

    answer = post(
        a_machine("tpd/mhst"),
        where,
        {"lat": 32.2, "lon": -110.9, "at": "0001-01-01T00:00:00+14:00"},
    )

    assert rule(answer) == (422, "time.unreadable")
    assert Desk("brian.hale").get(reverse("calls:teams")).status_code == 200


@pytest.mark.parametrize("far", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_page_can_show_is_promised_to_nobody(
    line: Client, desk: Client, far: str
) -> None:
    """The database keeps it; whoever then opens the board, the request or the call would get an error."""
    request = asked(line)
    promise = {"promised_at": far, "rings_member_id": str(member_id("carl.jensen"))}

    assert rule(post(desk, f"/requests/{request['id']}/queue", promise))[0] in (409, 422)

    for url in ("calls:teams", "calls:request"):
        ids = [request["id"]] if url == "calls:request" else []
        assert Desk("carl.jensen").get(reverse(url, args=ids)).status_code == 200


def test_a_team_is_asked_for_sent_and_clears(line: Client, desk: Client) -> None:
    people = [Signing(member_id("ana.ruiz")), Signing(member_id("samuel.price"))]
    carl = an_actor("carl.jensen")
    commands.sign_on(by=carl, at=now(), unit_id=Unit.objects.get(code="CMT-A1").pk, members=people)
    request = asked(line)
    sent = done(post(desk, f"/requests/{request['id']}/assign", {"unit_id": unit("CMT-A1")}))
    for stage in ("en_route", "on_scene"):
        done(post(desk, f"/assignments/{sent['id']}/step", {"stage": stage, "way": "radio"}))
    done(post(desk, f"/assignments/{sent['id']}/check-in", {"way": "phone"}))
    [row] = [each for each in done_list(get(line, "/requests")) if each["id"] == request["id"]]
    assert (row["state"], row["teams"][0]["stage"], row["teams"][0]["unit"]) == (
        "accepted",
        "on_scene",
        "CMT-A1",
    )
    [crewed] = [each for each in done_list(get(desk, "/units")) if each["code"] == "CMT-A1"]
    assert (crewed["stage"], crewed["crew"]) == ("on_scene", 2)

    taking = {"outcome": "crc_vol", "took_somebody": True, "way": "radio"}
    assert rule(post(desk, f"/assignments/{sent['id']}/clear", taking)) == (
        409,
        "clear.left_behind",
    )
    done(post(desk, f"/assignments/{sent['id']}/clear", taking | {"left_behind": ["nobody"]}))
    assert [each for each in done_list(get(line, "/requests")) if each["id"] == request["id"]] == []


def done_list(answer: object) -> list[dict[str, object]]:
    found = done(answer)  # type: ignore[arg-type]
    assert isinstance(found, list)
    return found


def test_a_request_is_queued_declined_or_taken_back(line: Client, desk: Client) -> None:
    queued, declined, back = (asked(line)["id"] for _ in range(3))
    soon = (now() + timedelta(minutes=40)).isoformat()
    promise = {"promised_at": soon, "rings_member_id": str(member_id("carl.jensen"))}

    done(post(desk, f"/requests/{queued}/queue", promise))
    done(post(desk, f"/requests/{declined}/decline", {"reason": "capacity"}))
    done(post(line, f"/requests/{back}/withdraw"))

    states = {each["id"]: each["state"] for each in done_list(get(line, "/requests"))}
    assert (states[queued], states[declined], back in states) == ("queued", "declined", False)
    naive = promise | {"promised_at": "2030-01-01T10:00:00"}
    again = asked(line)["id"]
    assert rule(post(desk, f"/requests/{again}/queue", naive)) == (422, "input.unreadable")


def test_a_radio_rings_duress(line: Client, desk: Client) -> None:
    people = [Signing(member_id("ana.ruiz")), Signing(member_id("samuel.price"))]
    carl = an_actor("carl.jensen")
    commands.sign_on(by=carl, at=now(), unit_id=Unit.objects.get(code="CMT-A1").pk, members=people)
    request = asked(line)
    sent = done(post(desk, f"/requests/{request['id']}/assign", {"unit_id": unit("CMT-A1")}))

    done(post(desk, f"/assignments/{sent['id']}/duress", {"way": "radio"}))

    [row] = [each for each in done_list(get(line, "/requests")) if each["id"] == request["id"]]
    assert row["teams"][0]["duress"] is True  # type: ignore[index]
    kinds = {each["kind"] for each in done_list(get(line, "/requests"))}
    assert "police_now" in kinds


def test_cad_says_what_its_units_do_and_where_they_are(cad: Client) -> None:
    at = now() - timedelta(seconds=30)
    said = {"state": "ENRT", "busy": True, "at": at.isoformat()}
    here = f"/units/{unit('2A31')}"
    done(post(cad, f"{here}/said", said))
    older = said | {"state": "AVL", "at": (at - timedelta(minutes=5)).isoformat()}
    done(post(cad, f"{here}/said", older))
    done(post(cad, f"{here}/position", {"lat": 32.2, "lon": -110.9, "at": at.isoformat()}))

    assert CadStatus.objects.get().state == "ENRT"  # older news changes nothing
    assert (Position.objects.get().lat, Position.objects.get().lon) == (32.2, -110.9)
    [row] = [each for each in done_list(get(cad, "/units")) if each["code"] == "2A31"]
    assert (row["said"], row["stage"]) == ("ENRT", "assigned")
    other = a_machine("line/team-dispatch")
    assert rule(post(other, f"{here}/said", said))[0] == 409  # another desk's unit
    assert rule(post(cad, f"/units/{unit('CMT-A1')}/said", said))[1] == "unit.not_cad"


def test_news_of_tomorrow_is_news_of_now(cad: Client) -> None:
    """A clock that is ahead must not keep what CAD says afterwards out."""
    ahead = {"state": "AVL", "busy": False, "at": (now() + timedelta(days=1)).isoformat()}

    done(post(cad, f"/units/{unit('2A31')}/said", ahead))

    assert CadStatus.objects.get().at <= now()


@pytest.mark.parametrize("at", [0, 1_700_000_000, 1.5, "0", "1700000000", "2027-03-01", True])
def test_a_number_is_no_time(cad: Client, at: object) -> None:
    """Read as seconds since 1970 it would be one, and whatever it was meant to say be very old."""
    answer = post(cad, f"/units/{unit('2A31')}/position", {"lat": 32.2, "lon": -110.9, "at": at})

    assert rule(answer) == (422, "input.unreadable")
    assert answer.json()["field"] == "at"
    assert not Position.objects.exists()


def test_a_truth_is_no_place(cad: Client) -> None:
    at = now().isoformat()

    answer = post(cad, f"/units/{unit('2A31')}/position", {"lat": 32, "lon": False, "at": at})

    assert (answer.status_code, answer.json()["field"]) == (422, "lon")
    assert not Position.objects.exists()


def test_a_counselor_sends_nobody(line: Client) -> None:
    request = asked(line)

    answer = post(line, f"/requests/{request['id']}/assign", {"unit_id": unit("CMT-A1")})

    assert rule(answer) == (403, "role.not_granted")
    assert Assignment.objects.count() == 0


def test_a_language_that_nobody_lists_is_refused(line: Client) -> None:
    here = f"/episodes/{taken(line)['episode_id']}"
    what = {"kind": "mobile_team", "to_program_id": str(program_id("line/team-dispatch"))}

    assert rule(post(line, f"{here}/requests", what | {"language": "xx"})) == (422, "code.unknown")
    done(post(line, f"{here}/requests", what | {"language": "es"}))
