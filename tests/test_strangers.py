"""What another program may not see is not there: one answer for what is hidden and for what never was.

Every address and every operation that names something is asked twice by people whose role opens it
and whose program has nothing to do with it: with the id of what is really there, and with one of nothing.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.agencies.models import Position
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.calls.models import Leg
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.desks.api import api
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import CautionOf
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Episode
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import NameKind, PersonTyped, Says
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.sharing import commands as sharing
from nowrongdoor.site.modules import MODULES
from nowrongdoor.web.clock import now
from tests.cases import full as cases
from tests.clients import Desk
from tests.desks.machines import LINE, a_machine
from tests.desks.sending import asked
from tests.dispatch.floor import ANA, an_assignment, unit_id
from tests.doors import OPERATIONS, PAGES, opens
from tests.guests.links import a_link
from tests.kit.test_declared import good, sendable
from tests.makers import an_actor, an_episode, an_offer, member_id, program_id
from tests.sharing import full
from tests.test_doors import patterns

pytestmark = pytest.mark.usefixtures("db")

# A nurse at the center, another provider's supervisor, the sheriff's 911, the line's own follow-up,
# an administrator of another agency, and the center's privacy officer: together their roles open every door.
STRANGERS = (
    "judith.park",
    "mark.ellis",
    "joyce.carter",
    "joan.whitfield",
    "victor.reed",
    full.MARTA,
)
PARTIES = {"link_id": {"joyce.carter"}, "case_id": {cases.JOAN}, "task_id": {cases.JOAN}}
"""Whose program has to do with it after all: the guest's link is for the sheriff's 911, the case is of Joan's program."""
BRIEFLY = {"accept": "application/json"}
"""A refusal without the page around it: that is looked at once for each address."""
NOBODYS = {
    "facility_id": "a place, which everybody may read",
    "protocol_id": "a version of the protocol, which describes nobody",
    "unit_id": "a unit, as the community's file lists it; whose it is not is told so",
    "signoff_id": "a row of the table, signed by name, which every privacy officer reads",
    "crew_id": "who works on a unit; no person in crisis. Whose it is not is told so",
}
"""What is no secret, with the reason."""
OWN = {
    "episode_id": ("ruth.palmer", "calls:start_search"),
    "handoff_id": ("ruth.palmer", "episodes:withdraw_offer"),
    "contact_id": ("ruth.palmer", "calls:change_caller"),
    "leg_id": ("ruth.palmer", "calls:acknowledge_level"),
    "search_id": ("ruth.palmer", "calls:record_attempt"),
    "external_responder_id": ("ruth.palmer", "calls:record_contact_made"),
    "call_request_id": ("ruth.palmer", "calls:decline_request"),
    "batch_id": ("anna.miller", "calls:accept_relief"),
    "request_id": ("maria.lopez", "dispatch:withdraw_request"),
    "assignment_id": ("carl.jensen", "dispatch:notify_caller"),
    "caution_id": ("ruth.palmer", "dispatch:end_caution"),
    "duress_id": ("carl.jensen", "dispatch:end_duress"),
    "deadline_id": ("carl.jensen", "calls:acknowledge_alarm"),
    "link_id": ("anna.miller", "guests:end_link"),
    "note_id": ("ruth.palmer", "narrative:correct_note"),
    "case_id": (cases.JOAN, "cases:close_case"),
    "task_id": (cases.JOAN, "cases:log_try"),
    "release_id": ("martha.gibbs", "sharing:refuse_release"),
    "subject_id": ("monica.cruz", "sharing:undo_subject"),
    "review_id": (full.PAULA, "sharing:finish_review"),
    "agreement_id": ("helen.marsh", "sharing:end_agreement"),
    "ask_id": ("maria.lopez", "sharing:answer_ask"),
    "paper_id": (full.SYLVIA, "sharing:paper"),
    "suspension_id": (full.PAULA, "calls:lift_suspension"),
    "person_id": ("ruth.palmer", "identity:change_person"),
    "name_id": ("ruth.palmer", "identity:end_name"),
    "phone_id": ("ruth.palmer", "identity:end_phone"),
    "judgment_id": ("ruth.palmer", "identity:undo_judgment"),
    "token_id": ("oscar.nunez", "agencies:revoke_token"),
    "member_id": ("oscar.nunez", "agencies:end_access"),
}
"""Somebody who may, for each thing that is named, and one of its addresses."""


@pytest.fixture
def there() -> dict[str, UUID]:
    """One of everything that an address can name."""
    at, ruth, luis = now(), an_actor("ruth.palmer"), an_actor("luis.ortega")
    oscar = an_actor("oscar.nunez")
    team = an_assignment(asked(), at=at)
    episode = an_episode(ruth, at=at, place="12 Quiet Street")
    case = cases.a_case(at, taken=True)
    offer = an_offer(episode, ruth, at=at)
    pulled = an_episode(ruth, at=at)
    an_episode(luis, at=at)
    batch_id = episodes.relieve(by=luis, at=at, to_member_id=member_id("anna.miller"))
    caution = dispatch.warn(
        by=ruth,
        at=at,
        episode_id=episode.pk,
        of=CautionOf.PLACE,
        code="dogs",
        text="two",
        evidence="told_by_caller",
        expires_at=at + timedelta(days=7),
    )
    wish = TokenWish("test", frozenset({"see_board", "see_people"}), at + timedelta(days=1))
    token, _key = agencies.issue_token(by=oscar, at=at, program_id=program_id(LINE), wish=wish)
    with act_as(ruth):
        leg = Leg.objects.get(episode_id=episode.pk)
    alarm = dispatch.activate_duress(by=an_actor(ANA), at=at, assignment_id=team.pk)
    with act_as(an_actor("carl.jensen")):
        clock = Deadline.objects.get(subject_id=alarm.pk, cancelled_at=None)
    monica, signed = an_actor("monica.cruz"), full.a_release(at=at)
    subject = sharing.say_subject(by=monica, at=at, release_id=signed.pk, person_id=full.PERSON)
    person, name, phone, judgment = people(at)
    return {
        "person_id": person,
        "name_id": name,
        "phone_id": phone,
        "judgment_id": judgment,
        "release_id": full.a_draft(at=at).pk,
        "review_id": full.review_of(full.an_emergency(at=at)).pk,
        "agreement_id": full.an_agreement(
            an_actor("helen.marsh"), at=at, tells=(ruth.program_id,), told=(luis.program_id,)
        ).pk,
        "ask_id": full.asked_to_see(at=at, of="line/counselors").pk,
        "paper_id": full.a_paper(an_actor(full.SYLVIA), at=at).pk,
        "suspension_id": full.a_suspension(at=at).pk,
        "subject_id": subject.pk,
        "deadline_id": clock.pk,
        "episode_id": episode.pk,
        "handoff_id": offer.pk,
        "contact_id": leg.contact_id,
        "leg_id": leg.pk,
        "search_id": calls.start_search(
            by=ruth, at=at, episode_id=episode.pk, seeking=SearchFor.PLACE
        ).pk,
        "external_responder_id": calls.record_dispatched(
            by=ruth, at=at, episode_id=episode.pk, axis="ems", value="now"
        ).pk,
        "call_request_id": calls.request_call(
            by=an_actor("gloria.mendez"), at=at, episode_id=pulled.pk
        ).pk,
        "case_id": case.pk,
        "task_id": cases.the_task(case).pk,
        "batch_id": batch_id,
        "request_id": team.request_id,
        "assignment_id": team.pk,
        "caution_id": caution.pk,
        "duress_id": alarm.pk,
        "link_id": a_link(at=at).link_id,
        "note_id": narrative.write_note(by=ruth, at=at, episode_id=episode.pk, text="Two dogs.").pk,
        "token_id": token.pk,
        "member_id": member_id("maria.lopez"),
    }


def people(at: datetime) -> tuple[UUID, UUID, UUID, UUID]:
    """A record of Ruth's program with a name and a phone, and a judgment about it."""
    ruth = an_actor("ruth.palmer")
    typed = PersonTyped(given="Rosa", family="Villa", moniker="Blue")
    one, other = (identity.keep_person(by=ruth, at=at, typed=typed) for _ in range(2))
    of = {"by": ruth, "at": at, "person_id": one.pk}
    name = identity.add_name(**of, kind=NameKind.ALIAS, given="Rosie")
    phone = identity.add_phone(**of, number="520-555-0119")
    judgment = identity.judge(**of, other_id=other.pk, says=Says.SAME)
    return one.pk, name.pk, phone.pk, judgment.pk


def typed(id: UUID) -> dict[str, str]:
    """What every form asks for, in one: each reads its own fields, and all can be read."""
    return {
        "place": "1 Loud Lane",
        "place_is": "sought",
        "incident_class": "psych_distress",
        "channel": "911",
        "kind:to_program_id": f"warm_transfer:{program_id('line/counselors')}",
        "into_id": str(id),
        "mode": "joined",
        "how": "call_back",
        "found": "yes",
        "axis:value": "ems:now",
        "duty": "D1",
        "level": "2",
        "result": "no_answer",
        "to_state": "jail",
        "SI": "passive",
        "text": "as reported",
        "wish": "yes",
        "reason": "capacity",
        "outcome": "information",
        "declined_by_person": "yes",
        "number": "T26-000001",
        "to_member_id": str(member_id("anna.miller")),
        "member": str(member_id("ana.ruiz")),
        "rings": str(member_id("carl.jensen")),
        "name": "R. Bell",
        "operator": "PCSD 114",
        "minutes": "40",
        "choose": "upgrade",
        "keep": "yes",
        "unit": str(unit_id()),
        "whom": "caller",
        "of": "place",
        "code": "dogs",
        "evidence": "told_by_caller",
        "days": "7",
        "does": "appeal",
        "stage": "en_route",
        "facility": "crc-adult",
        "state": "busy",
        "of_program_id": str(program_id("crc/adult")),
        "from_program_id": str(program_id("line/counselors")),
        "data": "clinical",
        "purpose": "close_loop",
        "why": "to know that they are safe",
        "lat": "32.22",
        "lon": "-110.97",
    }


ACTS = {
    f"{module.name}:{name}": act
    for module in MODULES
    if module.acts
    for name, act in module.acts.all.items()
}


def needed(page: str) -> dict[str, str]:
    """What an act needs, so that it comes as far as looking for its row."""
    return good(ACTS[page]) if page in ACTS else {}


def named_pages() -> list[tuple[str, str]]:
    """Every page that names something which is not everybody's, and the word for it."""
    found = [(name, tuple(pattern.pattern.converters)) for name, pattern in patterns()]
    return [
        (name, words[0])
        for name, words in found
        if name in PAGES and words and words[0] not in NOBODYS
    ]


def plain(answer: HttpResponse, id: UUID) -> tuple[int, str]:
    """What was answered, with nothing in it that differs from one request to the next."""
    body = answer.content.decode().replace(str(id), "ID")
    body = re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "TOKEN", body)
    return answer.status_code, re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "NOW", body)


def role_of(name: str) -> str:
    return str(Position.objects.filter(member__username=name).order_by("id")[0].role)


def test_what_is_hidden_and_what_is_not_there_are_one_answer_on_every_page(
    there: dict[str, UUID],
) -> None:
    asked_for: set[str] = set()
    other_handle: set[tuple[str, str]] = set()  # 405 whoever asks: tried once
    for name in STRANGERS:
        desk, role = Desk(name), role_of(name)
        for page, word in named_pages():
            if not opens(role, PAGES[page]) or name in PARTIES.get(word, ()):
                continue
            seen = BRIEFLY if page in asked_for else {}
            for method in ("get", "post"):
                if (page, method) in other_handle:
                    continue
                ask = getattr(desk, method)
                urls = [(id, reverse(page, args=[id])) for id in (there[word], uuid4())]
                sent = needed(page)
                hidden, nothing = (
                    plain(ask(url, typed(id) | sent, headers=seen), id) for id, url in urls
                )
                assert hidden == nothing, (name, page)
                # a number that is not there is said at its field, before anything is looked for
                said = (404, 405, 422) if page == "episodes:join_by_number" else (404, 405)
                assert hidden[0] in said, (name, page, hidden[0])
                if hidden[0] == 405:
                    other_handle.add((page, method))
                else:
                    asked_for.add(page)
    assert asked_for == {page for page, _word in named_pages()}


@pytest.mark.parametrize("word", OWN)
def test_who_may_finds_it_so_that_the_ids_above_are_of_what_is_there(
    word: str, there: dict[str, UUID]
) -> None:
    name, page = OWN[word]
    url, desk = reverse(page, args=[there[word]]), Desk(name)

    answer = desk.post(url, typed(there[word]))
    if answer.status_code == 405:
        answer = desk.get(url)

    assert answer.status_code not in (404, 405), answer.content


def test_every_word_of_an_address_is_tried() -> None:
    words = {word for _page, word in named_pages()}
    assert words == set(OWN), "each id of an address has its line in `OWN` and in `there`"


def examples() -> dict[str, Any]:
    """Every operation that names something, with the body that its description gives as an example."""
    schema = api.get_openapi_schema()
    found: dict[str, Any] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path.removeprefix('/api/v1')}"
            sent = operation.get("requestBody", {}).get("content", {})
            shape = sent.get("application/json", {}).get("schema", {}).get("$ref", "")
            body = schema["components"]["schemas"].get(shape.rpartition("/")[2], {})
            [found[name]] = body.get("examples", [{}])
    for act in ACTS.values():
        if act.machine:
            path = re.sub(r"<uuid:(\w+)>", r"{\1}", act.machine_at).rstrip("/")
            found[f"POST /{path}"] = sendable(act)
    return found


def test_what_is_hidden_and_what_is_not_there_are_one_answer_of_the_api(
    there: dict[str, UUID],
) -> None:
    bodies, asked_for = examples(), set()
    named = {
        name: word
        for name in OPERATIONS
        for word in re.findall(r"{(\w+_id)}", name)
        if word not in NOBODYS
    }
    for program, stranger in (("sheriff911/floor", "joyce.carter"), ("crc/adult", "judith.park")):
        machine, by = a_machine(program, agreed=True), an_actor(stranger)
        agencies.occupy_desk(by=by, at=now())
        for name, word in named.items():
            method, _space, path = name.partition(" ")
            answers = []
            for id in (there[word], uuid4()):
                url = "/api/v1" + path.replace(f"{{{word}}}", str(id))
                at_desk = {"member_id": str(by.member_id)} if "/lines/{leg_id}/" in name else {}
                sent = json.dumps(bodies[name] | at_desk)
                told = machine.generic(method, url, sent, content_type="application/json")
                answers.append(plain(told, id))
            assert answers[0] == answers[1], (stranger, name)
            assert answers[0][0] == 404, (stranger, name, answers[0])
            asked_for.add(name)
    assert asked_for == set(named)


def test_a_number_that_is_hidden_and_one_that_is_nobodys_are_one_answer(
    there: dict[str, UUID],
) -> None:
    """Also where the number or the id is typed, not part of the address."""
    joyce, own = Desk("joyce.carter"), an_episode(an_actor("joyce.carter"), at=now())
    with act_as(an_actor("ruth.palmer")):
        number = Episode.objects.get(pk=there["episode_id"]).number
    asking = {"kind:to_program_id": f"mobile_team:{program_id('line/team-dispatch')}"}

    for page, args, field, hidden, nothing in (
        ("calls:find", [], "sought", number, "T99-999999"),
        ("episodes:join_by_number", [own.pk], "number", number, "T99-999999"),
        ("calls:reattach", [own.pk], "into_id", str(there["episode_id"]), str(uuid4())),
        ("dispatch:ask", [own.pk], "follows_id", str(there["request_id"]), str(uuid4())),
    ):
        url, form = reverse(page, args=args), typed(own.pk) | (asking if "ask" in page else {})
        first, second = (joyce.post(url, form | {field: said}) for said in (hidden, nothing))
        answers = [(plain(first, own.pk), hidden), (plain(second, own.pk), nothing)]
        told = [
            (status, body.replace(f'value="{said}"', "SAID")) for (status, body), said in answers
        ]
        assert told[0] == told[1], page
        refused = (
            (200,) if page == "calls:find" else (404, 409, 422)
        )  # none is found, nothing is refused
        assert first.status_code in refused, (page, first.content)
