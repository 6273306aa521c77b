"""Where each role lands: one next step that leads on, what waits for them, what is theirs, what is due, today."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands as calls
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.desks import home as homes
from nowrongdoor.desks.due import DUE, SHORT
from nowrongdoor.desks.home import Home, Item
from nowrongdoor.desks.home_words import IDLE, LATER
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import DURESS, Ask, Transport
from nowrongdoor.dispatch.models import Request
from nowrongdoor.episodes.facts import Attested, Proposal
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.site.modules import MODULES
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.web.clock import now
from tests.browser import busy_hour
from tests.browser.teams import unit_id
from tests.calls.lines import ANNA, LUIS, MARIA, RUTH
from tests.clients import Desk, Visitor
from tests.desks.floor import a_call, seated, text
from tests.makers import accepted, an_actor, an_episode, an_offer, member_id, program_id
from tests.sharing.full import (
    MARTA,
    PAULA,
    an_emergency,
    asked_to_see,
    review_of,
    told_in_danger,
)

pytestmark = pytest.mark.usefixtures("db")
DAVID, KAREN, CARL, ROSA = "david.chavez", "karen.hughes", "carl.jensen", "rosa.figueroa"
FIRST = re.compile(r'<(?:a|button)\b[^>]*class="[^"]*\bfirst\b[^>]*>')
DEMO_PEOPLE = 71


def first_steps(page: str) -> list[str]:
    """The filled buttons of a page's own part: their tags."""
    main = page[page.index("<main") : page.index("</main>")]
    return FIRST.findall(main)


def wrong_at(client: Client, landing: str) -> str:
    """Why this is no home for whoever signed in; '' where it is one."""
    answer = client.get(landing)
    if answer.status_code != 200:
        return f"{landing} answers {answer.status_code}"
    steps = first_steps(answer.content.decode())
    if len(steps) != 1:
        return f"{len(steps)} next steps: {steps}"
    [to] = re.findall(r'href="([^"]+)"', steps[0]) or [""]
    status = client.get(to).status_code if to else 0
    return "" if status in (200, 302) else f"{to or steps[0]} answers {status}"


def signed_in_as_each() -> dict[str, str]:
    """What is wrong with the landing of each person of the demo, by who they are."""
    people = agencies.pickable(at=now(), language="en")
    assert len(people) == DEMO_PEOPLE
    found = {}
    for each in people:
        client = Visitor()
        landed = client.post(reverse("agencies:demo"), {"position": str(each.id)})
        assert landed.status_code == 302, landed.content
        if landed["Location"] == reverse("calls:field"):  # a crew lands where its assignment is
            assert client.get(landed["Location"]).status_code == 200
            landed["Location"] = reverse("agencies:home")
        if wrong := wrong_at(client, landed["Location"]):
            found[f"{each.name}, {each.role}"] = wrong
    return found


def test_each_of_the_71_lands_on_a_page_with_one_next_step_that_opens() -> None:
    """Takes seconds, because each really signs in, lands, and takes the step."""
    assert signed_in_as_each() == {}


@pytest.mark.xdist_group("home in a busy hour")
def test_in_a_busy_hour_too() -> None:
    """The same seconds again: with work on the desks the steps are others."""
    busy_hour.main()

    assert signed_in_as_each() == {}
    assert len(home_of(ANNA).mine or ()) > 0


def test_a_page_without_a_next_step_or_with_two_is_found() -> None:
    """The negative control: pages that are no home."""
    anna = Desk(ANNA)

    assert wrong_at(anna, reverse("agencies:account")).startswith("0 next steps")
    assert wrong_at(anna, "/no-such-page/") == "/no-such-page/ answers 404"


def home_of(name: str, *, at: datetime | None = None) -> Home:
    return homes.home(an_actor(name), at=at or now())


def listed(items: tuple[Item, ...] | None) -> list[tuple[str, str]]:
    return [(each.number, each.says) for each in items or ()]


def asked(by: str = ANNA, to: str = "line/team-dispatch", kind: str = "mobile_team") -> Request:
    call = a_call(by=by)
    return dispatch.ask(by=an_actor(by), at=now(), asked=Ask(call.pk, kind, program_id(to)))


def test_transfers_wait_for_whom_they_are_offered_to_and_for_no_one_else() -> None:
    seated(ANNA, MARIA, ROSA)
    ours, mine, taken = a_call("2", ago_s=9), a_call("3A"), a_call()
    an_offer(ours, at=now())
    an_offer(mine, at=now(), to_member=member_id(MARIA))
    accepted(taken, to=an_actor(ROSA), at=now())

    says = "Transfer from 911 floor"
    assert listed(home_of(MARIA).waiting) == [(mine.label, says), (ours.label, says)]
    assert listed(home_of(ROSA).waiting) == [(ours.label, says)]
    assert home_of(ANNA).waiting == ()
    step = home_of(MARIA).next
    assert step
    assert (step.act, step.url) == (
        "Answer transfer",
        reverse("calls:episode", args=[mine.pk]),
    )
    assert step.due_at is not None
    assert home_of("grace.webb").waiting is None  # who only looks is offered nothing


def test_reviews_wait_for_the_privacy_officer_who_may_do_them() -> None:
    officer = home_of(PAULA)
    assert (officer.next, officer.waiting) == (None, None)
    first = review_of(an_emergency(at=now()))
    told_in_danger(at=now())

    [item] = home_of(PAULA).waiting or ()
    page = text(Desk(PAULA).get(reverse("agencies:home")))

    assert (item.says, item.act, item.count) == ("Disclosures to review", "Open reviews", 2)
    assert (item.url, item.due_at) == (reverse("sharing:privacy"), first.due_at)
    assert home_of(PAULA).next == item
    assert "Disclosures to review" in page
    assert "Nothing waits" not in page
    assert home_of(MARTA).waiting is None  # another agency's officer


def test_who_asks_to_see_a_record_waits_for_the_privacy_officer_of_the_program_that_is_asked() -> (
    None
):
    first = asked_to_see(at=now())
    asked_to_see(at=now())

    [item] = home_of(MARTA).waiting or ()

    assert (item.says, item.act, item.count) == ("Requests to see a record", "Open requests", 2)
    assert (item.url, item.since) == (f"{reverse('sharing:privacy')}#asks", first.asked_at)
    assert home_of(MARTA).next == item
    assert 'id="asks"' in text(Desk(MARTA).get(reverse("sharing:privacy")))
    assert home_of(PAULA).waiting is None


def test_a_review_that_is_overdue_alarms_its_privacy_officer_and_no_other() -> None:
    review = review_of(an_emergency(at=now()))
    fire_due(at=review.due_at, reactions=DEADLINES)

    pages = {each: Desk(each).get(reverse("calls:alarms")) for each in (PAULA, MARTA)}

    assert {each: answer.status_code for each, answer in pages.items()} == {PAULA: 200, MARTA: 200}
    assert "Review overdue" in text(pages[PAULA])
    assert "Review overdue" not in text(pages[MARTA])
    assert (
        'data-live=""' in pages[PAULA].content.decode()
    )  # no stream is asked for that would be refused


def test_a_request_waits_for_the_desk_that_sends_until_it_is_accepted() -> None:
    seated(ANNA)
    request = asked()

    [item] = home_of(CARL).waiting or ()
    assert (item.says, item.url) == (
        "Request: Mobile crisis team",
        reverse("calls:request", args=[request.pk]),
    )
    assert home_of(MARIA).waiting == ()
    dispatch.accept_request(by=an_actor(CARL), at=now(), request_id=request.pk)
    assert home_of(CARL).waiting == ()
    asked(to="911/floor", kind="police_staged")
    assert [each.act for each in home_of(DAVID).waiting or ()] == ["Open request"]
    assert home_of(ANNA).waiting == ()  # a call-taker of the same program sends no one


def test_messages_reliefs_the_queue_and_what_a_supervisor_has_are_one_line_each() -> None:
    seated(ANNA, MARIA)
    call = a_call()
    accepted(call, at=now())
    for words in ("Door is open.", "Dog is out."):
        narrative.write_note(
            by=an_actor(ANNA),
            at=now(),
            episode_id=call.pk,
            text=words,
            to_program_id=program_id("line/counselors"),
        )
    for _ in range(2):
        a_call(by=KAREN)
    calls.relieve_all(by=an_actor(KAREN), at=now(), to_member_id=member_id(LUIS))

    assert [(each.says, each.count) for each in home_of(MARIA).waiting or ()] == [
        ("Messages not acknowledged", 2)
    ]
    assert [(each.says, each.count) for each in home_of(LUIS).waiting or ()] == [
        ("Shift change: calls handed to you", 2)
    ]
    [last] = (home_of(RUTH).waiting or ())[-1:]
    assert (last.says, last.count > 0) == ("Supervisor queue: items that need action", True)


def test_what_a_telephone_system_left_in_our_queue_waits_and_what_was_accepted_by_voice_does_not() -> (
    None
):
    anna, maria, sheriff = an_actor(ANNA), an_actor(MARIA), program_id("sheriff911/floor")
    phone = system(program_id=maria.program_id, agency_id=maria.agency_id, code="telephone")
    queued, by_voice = an_episode(phone), a_call()
    offer = calls.offer_transfer(
        by=anna, at=now(), proposal=Proposal(by_voice.pk, "to_other_psap", sheriff)
    )
    pat = Attested("Pat", "4711")
    calls.attest_transfer(by=anna, at=now(), handoff_id=offer.id, receiver=pat)

    assert listed(home_of(MARIA).waiting) == [(queued.label, "In our queue, no owner by name")]
    there = replace(anna, program_id=sheriff, agency_id=agencies.agency_of(sheriff))
    assert homes.home(there, at=now()).waiting == ()


def test_duress_comes_before_everything() -> None:
    seated(ANNA, DAVID)
    request = asked(to="911/floor", kind="police_staged")
    team = dispatch.assign(
        by=an_actor(DAVID), at=now(), request_id=request.pk, unit_id=unit_id("2A31")
    )
    dispatch.activate_duress(
        by=an_actor(DAVID), at=now(), assignment_id=team.pk, way=Transport.RADIO
    )

    step = home_of(DAVID).next
    assert step
    assert step.says.startswith("Alarm: Duress 2A31")
    assert (step.act, step.url, step.late) == ("Open alarms", reverse("calls:alarms"), True)


def test_my_calls_are_mine_alone_the_highest_level_first() -> None:
    seated(ANNA)
    quiet, urgent, _theirs = a_call("2", ago_s=60), a_call("3B"), a_call(by=LUIS)

    found = home_of(ANNA)
    assert listed(found.mine) == [(each.label, "Mental distress") for each in (urgent, quiet)]
    assert found.next == (found.mine or ())[0]
    page = text(Desk(ANNA).get(reverse("agencies:home")))
    assert 'My calls <span class="number">(2)</span>' in page
    assert page.count("12 Quiet Street") == 3  # the next step, and two calls


def test_every_deadline_has_its_name_the_next_first_and_only_those_that_are_mine_to_keep() -> None:
    seated(ANNA, MARIA)
    late, soon = a_call("2", ago_s=900), a_call("3B")
    an_offer(late, at=now() - timedelta(minutes=10))
    an_offer(soon, at=now())
    watched = a_call()
    accepted(watched, at=now())  # Anna stays on the line: the check is hers, the call is Maria's

    found = home_of(ANNA).due or ()
    answers = [each for each in found if each.says == "Transfer: answer due"]
    assert [(each.number, each.late) for each in answers] == [
        (late.label, True),
        (soon.label, False),
    ]
    watch = (watched.label, "Monitoring: check due")
    assert watch in listed(found)
    assert listed(home_of(MARIA).mine) == [(watched.label, "Mental distress")]
    assert watch not in listed(home_of(MARIA).due)
    assert home_of(LUIS).due == ()


def test_of_more_than_are_drawn_the_rest_is_counted() -> None:
    seated(ANNA, MARIA)
    for _ in range(homes.SHOWN + 2):
        an_offer(a_call(), at=now())

    found, page = home_of(MARIA), text(Desk(MARIA).get(reverse("agencies:home")))
    assert (len(found.waiting or ()), found.more) == (homes.SHOWN, 2)
    assert f"({homes.SHOWN + 2})" in page
    assert "and 2 more" in page


def test_a_transfer_that_alarms_stands_once_under_what_waits() -> None:
    seated(ANNA, MARIA)
    call = a_call(ago_s=900)
    an_offer(call, at=now() - timedelta(minutes=10))
    fire_due(at=now(), reactions=DEADLINES)

    assert listed(home_of(MARIA).waiting) == [(call.label, "Transfer from 911 floor")]
    assert listed(home_of(RUTH).waiting)[0] == (call.label, "Alarm: Transfer not answered")


def test_what_is_told_of_today_is_of_today_and_of_ours() -> None:
    seated(ANNA, MARIA)
    a_call()
    a_call(ago_s=60 * 60 * 25)
    accepted(a_call(), at=now())

    assert [count for _, count in home_of(ANNA).figures] == [2, 0, 0]
    assert [count for _, count in home_of(MARIA).figures] == [0, 1, 0]
    assert home_of("helen.marsh").figures == ()


def test_twenty_calls_cost_as_many_statements_as_one() -> None:
    seated(ANNA, MARIA)

    def fill(calls_each: int) -> None:
        for _ in range(calls_each):
            a_call("2")
            an_offer(a_call("3A"), at=now())
            asked()

    def cost() -> dict[str, int]:
        found = {}
        for name in (ANNA, MARIA, CARL, RUTH):
            with CaptureQueriesContext(connection) as captured:
                home_of(name)
            found[name] = len(captured)
        return found

    fill(1)
    cost()  # what is kept by version is read once
    one = cost()
    fill(19)

    assert cost() == one
    assert max(one.values()) < 40, one


def test_every_kind_of_deadline_has_a_name_here() -> None:
    kinds = {kind for module in MODULES for kind in module.clocks}

    assert set(DUE) == kinds - {DURESS}
    assert set(SHORT) == kinds
    assert kinds == set(DEADLINES)


def test_a_role_whose_module_is_not_there_is_told_what_will_be() -> None:
    page = text(Desk("nora.bishop").get(reverse("agencies:home")))

    assert "Courses, and who has to renew one, will be listed here" in page
    assert "Waiting for me" not in page
    assert not any(Role.MACHINE in (each,) for each in LATER)
    assert IDLE[-1].needs == ()
