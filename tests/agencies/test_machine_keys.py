"""A key acts as a machine and as nobody else; whoever gives keys does not see by them (H4)."""

import json
from uuid import UUID

import pytest
from django.urls import reverse

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.agencies.models import Token
from nowrongdoor.agencies.rules import FOR_PEOPLE
from nowrongdoor.calls import commands as calls
from nowrongdoor.desks.api import api
from nowrongdoor.journal.feed import FedEntry
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import NotPermitted, Refused
from nowrongdoor.kit.acts import Act
from nowrongdoor.kit.shapes import without_names
from nowrongdoor.site.alerts import receives
from nowrongdoor.site.modules import MODULES
from nowrongdoor.web.clock import now
from tests.clients import Desk, Visitor
from tests.desks.machines import FLOOR, a_key, a_machine, done, get, post, rule, taken
from tests.makers import an_actor, an_episode, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")


def fed(kind: str) -> FedEntry:
    """The one entry of this kind, as open screens are told of it."""
    with act_as_task("feed"):
        row = Entry.objects.get(kind=kind)
    return FedEntry(
        seq=1,
        id=row.pk,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        by=row.by,
        agency_id=row.agency_id,
        program_id=row.program_id,
        episode_id=row.episode_id,
        ids=json.loads(row.ids),
    )


ACTS = [act for module in MODULES if module.acts for act in module.acts.all.values()]


def test_an_administrator_reads_and_does_nothing_by_a_key_of_their_own_making() -> None:
    """Oscar made himself a key in Maria's name: 246 rows, and a call that Maria held."""
    an_episode(an_actor("maria.lopez"), at=now(), place="12 Quiet Street")
    oscar = Desk("oscar.nunez")
    assert oscar.get(reverse("calls:board")).status_code == 403
    machine = a_machine("line/counselors")

    [row] = get(machine, "/episodes").json()
    told = [get(machine, f"/episodes/{row['id']}/{each}") for each in ("need", "notes")]
    entered = done(post(machine, "/calls", {"incident_class": "psych_distress"}))

    assert (row["holder_name"], row["attested_name"]) == ("", "")
    assert [rule(each)[0] for each in told] == [403, 403]
    [mine] = [
        each for each in get(machine, "/episodes").json() if each["id"] == entered["episode_id"]
    ]
    with_people = a_machine("line/counselors", agreed=True)
    [seen] = [each for each in get(with_people, "/episodes").json() if each["id"] == mine["id"]]
    assert seen["holder_name"] == ""  # the queue's, also to whoever may see names
    for act in ("accept", "assume", "take", "offers", "card", "close"):
        assert post(machine, f"/episodes/{row['id']}/{act}").status_code in (404, 405), act


def test_the_control_shows_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the one place that takes names out, a key shows them."""
    an_episode(an_actor("maria.lopez"), at=now())
    monkeypatch.setattr("nowrongdoor.kit.acts.without_names", lambda found: found)

    [row] = get(a_machine("line/counselors"), "/episodes").json()

    assert row["holder_name"] == "Maria Lopez"


def test_names_come_with_the_privacy_officers_agreement_and_the_supervisor_sees_it() -> None:
    an_episode(an_actor(), at=now())
    key = a_key(FLOOR)
    machine = Visitor(headers={"Authorization": key})
    assert get(machine, "/episodes").json()[0]["holder_name"] == ""
    token = Token.objects.get()

    helen = Desk("helen.marsh")
    assert (
        "after the privacy officer approves" in helen.get(reverse("agencies:keys")).content.decode()
    )
    helen.post(reverse("agencies:agree_to_key", args=[token.pk]))

    assert get(machine, "/episodes").json()[0]["holder_name"] == "Anna Miller"
    shift = Desk("ruth.palmer").get(reverse("agencies:shift")).content.decode()
    assert ("CAD" in shift, "Helen Marsh" in shift) == (True, True)
    told = fed("agencies.token_agreed")
    listeners = [an_actor(name) for name in ("ruth.palmer", "anna.miller", "denise.wright")]
    assert receives(told, listeners) == [True, False, False]


def test_where_there_is_no_key_the_privacy_officer_reads_who_makes_one() -> None:
    page = Desk("helen.marsh").get(reverse("agencies:keys")).content.decode()

    assert "An administrator creates API keys on the Users page." in page


@pytest.mark.parametrize(
    ("by", "said"),
    [("victor.reed", "role.not_granted"), ("ruth.palmer", "role.not_granted")],
)
def test_nobody_else_agrees(by: str, said: str) -> None:
    a_key(FLOOR)

    with pytest.raises(NotPermitted) as refusal:
        commands.agree_to_key(by=an_actor(by), at=now(), token_id=Token.objects.get().pk)

    assert refusal.value.verdict.rule == said


def test_whoever_made_a_key_does_not_agree_to_it() -> None:
    """Though one person held both positions."""
    from dataclasses import replace

    a_key(FLOOR)
    victor = replace(an_actor("victor.reed"), role="privacy_officer")

    with pytest.raises(Refused) as refusal:
        commands.agree_to_key(by=victor, at=now(), token_id=Token.objects.get().pk)

    assert refusal.value.verdict.rule == "key.own"


def test_a_key_that_asked_for_no_people_is_agreed_to_in_vain() -> None:
    a_key(FLOOR, scopes=frozenset({"see_board"}))

    with pytest.raises(Refused) as refusal:
        commands.agree_to_key(by=an_actor("helen.marsh"), at=now(), token_id=Token.objects.get().pk)

    assert refusal.value.verdict.rule == "key.shows_nobody"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.module}.{act.name}")
def test_an_act_that_is_for_people_refuses_a_machine_whoever_calls_it(act: Act) -> None:
    from dataclasses import replace

    machine = replace(an_actor(), machine_id=member_id("anna.miller"))
    if act.machine:
        return

    with pytest.raises(NotPermitted) as refusal:
        act.run({}, by=machine, at=now())

    assert refusal.value.verdict == FOR_PEOPLE


def test_the_api_publishes_what_is_open_to_machines_and_nothing_else() -> None:
    written_by_hand = {
        "/calls", "/units/{unit_id}/said", "/units/{unit_id}/position", "/lines/{leg_id}/join",
        "/lines/{leg_id}/leave", "/lines/{leg_id}/lost", "/lines/{leg_id}/caller-lost",
    }  # fmt: skip
    published = {
        path.removeprefix("/api/v1")
        for path, methods in api.get_openapi_schema()["paths"].items()
        if "post" in methods
    }

    opened = {act.machine_at for act in ACTS if act.machine}
    assert len(published) == len(written_by_hand) + len(opened)
    assert written_by_hand < published


def test_a_machine_says_of_a_line_only_who_is_at_a_desk_of_its_own_program() -> None:
    machine, anna = a_machine(), an_actor()
    commands.occupy_desk(by=anna, at=now())
    ids = taken(machine)
    join = f"/lines/{ids['leg_id']}/join"
    luis, maria = (str(member_id(name)) for name in ("luis.ortega", "maria.lopez"))

    assert rule(post(machine, join, {"member_id": luis})) == (422, "desk.empty")
    commands.occupy_desk(by=an_actor("maria.lopez"), at=now())
    assert rule(post(machine, join, {"member_id": maria})) == (422, "desk.empty")
    calls.take_from_queue(by=anna, at=now(), episode_id=UUID(ids["episode_id"]))
    done(post(machine, f"/lines/{ids['leg_id']}/lost", {"member_id": str(anna.member_id)}))
    assert fed("calls.lost").by.startswith("machine:")


def test_a_key_revoked_while_it_acts_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_key()
    monkeypatch.setattr(
        "nowrongdoor.desks.api.now", lambda: (Token.objects.update(revoked_at=now()), now())[1]
    )

    told = post(
        Visitor(headers={"Authorization": key}), "/calls", {"incident_class": "psych_distress"}
    )

    assert rule(told) == (403, "access.ended_meanwhile")


def test_every_field_that_names_somebody_is_taken_out() -> None:
    from nowrongdoor.calls.reads import LineNow, OnNow

    id = program_id(FLOOR)
    one = OnNow(
        name="Anna", program="Floor", program_id=id, mode="joined", since_at=now(), seen_step=0, relief_to="Luis"
    )  # fmt: skip
    line = LineNow(id, id, "audio", now(), None, (one,))

    [bare] = without_names([line])

    assert (bare.on[0].name, bare.on[0].relief_to, bare.on[0].program) == ("", "", "Floor")
