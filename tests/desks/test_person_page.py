"""One person, seen by six roles: six pages, each with what its program may see and the reason."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.agencies.parties import parties
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.commands.sharing import add_party
from nowrongdoor.episodes.facts import PartyRole
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import NotFound, NotPermitted
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.sharing import commands as sharing
from nowrongdoor.sharing.commands.asks import Answer
from nowrongdoor.sharing.commands.disclosing import read_as_officer
from nowrongdoor.sharing.models import Ask, Disclosure, Look
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import local_day
from nowrongdoor.sharing.shelves import number_of
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import an_actor, an_episode, program_id
from tests.sharing.full import a_release

pytestmark = pytest.mark.usefixtures("db")
ANNA = "anna.miller"
SEATS = {
    "police": "james.cole",
    "line": "maria.lopez",
    "center": "emily.grant",
    "peer": "arturo.leon",
    "outreach": "diane.moss",
}
"""Who works on the call, besides 911 where it began."""


@pytest.fixture
def records() -> dict[str, UUID]:
    """The same person in each program's own record, with a note that only that program keeps."""
    at, anna = now(), an_actor(ANNA)
    call = an_episode(anna, at=at, place="12 Quiet Street")
    found = {}
    for seat, name in {"911": ANNA, **SEATS}.items():
        by = an_actor(name)
        if seat != "911":
            with act_as(anna):
                add_party(call.pk, by.program_id, by=anna, at=at, role=PartyRole.WORKING, basis="N")
        typed = PersonTyped(given="Zofia", family="Quill", address=f"{seat} street of their own")
        person = identity.keep_person(by=by, at=at, typed=typed)
        of = {"by": by, "at": at, "episode_id": call.pk}
        episodes.identify_person(**of, person_id=person.pk)
        narrative.write_note(**of, text=f"note of {seat} alone", ours=True)
        found[seat] = person.pk
    return found


OFFICER = {"officer": "marta.quist"}  # of the center's agency
SEES = {
    "911": {},
    "police": {},
    "line": {"center": "A21"},
    "center": {"police": "A10", "line": "A06"},
    "peer": {},
    "outreach": {},
}
"""Whose notes and address each one reads, and the row that opens them, by the community's table."""
NEVER = {
    "911": ("Police report", "Court order"),
    "police": ("Jail bookings", "Police report"),
    "line": ("Homeless services record", "Substance use treatment record"),
    "center": ("Criminal database returns", "Jail bookings"),
    "peer": ("Victim services record", "Jail bookings"),
    "outreach": ("Court order", "Jail bookings"),
}
"""One class that stands on the list of what is never shown to that kind of program, and one that does not."""


def page(seat: str, records: dict[str, UUID], of: str = "") -> str:
    who = {"911": ANNA, **SEATS, **OFFICER}[seat]
    answer = Desk(who).get(reverse("calls:person", args=[records[of or seat]]))
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def never(html: str) -> str:
    """The list of what is never shown, as it stands on a page."""
    start = html.index("Never shown to your program")
    return html[start : html.index("It does not say that such a record exists.", start)]


def test_six_roles_see_six_pages_of_the_same_person_each_with_its_reasons(
    records: dict[str, UUID],
) -> None:
    pages = {seat: page(seat, records) for seat in records}
    told = {
        seat: {other for other in records if f"note of {other} alone" in html}
        for seat, html in pages.items()
    }
    lived = {
        seat: {other for other in records if f"{other} street of their own" in html}
        for seat, html in pages.items()
    }

    assert told == {seat: set(others) for seat, others in SEES.items()}
    assert lived == {seat: {seat, *others} for seat, others in SEES.items()}
    for seat, html in pages.items():
        for row in SEES[seat].values():
            assert row in html, (seat, row)
        shut, open_ = NEVER[seat]
        assert shut in never(html), seat
        assert open_ not in never(html), seat
    seen = {(html.split("You see this as")[1][:60], never(html)) for html in pages.values()}
    assert len(seen) == 6
    assert lines() == {(seat, row) for seat, others in SEES.items() for row in others.values()}


def lines() -> set[tuple[str, str]]:
    """Who has a line for the notes of others, and by which row."""
    found = set()
    for seat, name in {"911": ANNA, **SEATS}.items():
        by = an_actor(name)
        with act_as(by):
            rows = Disclosure.objects.filter(to_program_id=by.program_id, record_kind="notes")
            found |= {(seat, row.row) for row in rows}
    return found


def test_the_lists_are_the_same_for_every_person(records: dict[str, UUID]) -> None:
    """So that they tell nothing of anybody: somebody of whom nothing is known has the same ones."""
    typed = PersonTyped(given="Nobody", family="Known")
    for seat in ("police", "center"):
        name = SEATS[seat]
        other = identity.keep_person(by=an_actor(name), at=now(), typed=typed)

        assert never(page(seat, records)) == never(page(seat, {seat: UUID(str(other.pk))})), seat


def test_a_privacy_officer_reads_who_looked_and_nothing_of_what_the_record_says(
    records: dict[str, UUID],
) -> None:
    page("center", records)
    page("line", records)

    html = page("officer", records, of="center")
    paper = accounting(records["center"])

    assert "Emily Grant" in html
    for each in (html, paper):  # the line was told of it: what, why, and by which row
        assert "Health record: Notes, for treatment" in each
        assert "Health record: Person record, for treatment" in each
        assert "Row A21" in each
        assert "medicines" not in each  # what the row opens, and none of these records has
    for word in ("Zofia", "Quill", "street of their own", "note of"):
        assert word not in html, word
    other = Desk("helen.marsh").get(reverse("calls:person", args=[records["center"]]))
    assert other.status_code == 404


def accounting(person_id: UUID) -> str:
    answer = Desk(OFFICER["officer"]).get(reverse("sharing:accounting", args=[person_id]))
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_a_printed_accounting_says_whose_it_is_who_issues_it_and_when(
    records: dict[str, UUID],
) -> None:
    paper = accounting(records["center"])

    center = parties()[an_actor(SEATS["center"]).program_id].name("en")
    head = paper[paper.index("What was told about you") : paper.index("Told to others")]
    for said in ("Zofia Quill", number_of(records["center"]), center, f"{local_day(now()):%Y}"):
        assert said in head, said


def test_a_privacy_officer_finds_the_records_of_their_agency_by_name(
    records: dict[str, UUID],
) -> None:
    """Nothing of what was sought stands in the address or the journal, and no record of another agency's is there."""
    desk, url = Desk(OFFICER["officer"]), reverse("calls:find_record")

    found = desk.post(url, {"sought": "Zofia Quill"})
    nothing = desk.post(url, {"sought": "Ignatius Nonesuch"}).content.decode()

    html = found.content.decode()
    links = set(re.findall(r'href="/persons/([0-9a-f-]{36})/"', html))
    assert links == {str(records["center"])}
    assert desk.get(reverse("calls:person", args=[records["center"]])).status_code == 200
    assert ("Nothing found for this." in html, "Nothing found for this." in nothing) == (
        False,
        True,
    )
    assert url in desk.get(reverse("sharing:looks")).content.decode()
    assert Desk(SEATS["center"]).post(url, {"sought": "Quill"}).status_code == 403
    for who, refused in (("helen.marsh", NotFound), (SEATS["center"], NotPermitted)):
        with pytest.raises(refused):
            read_as_officer(an_actor(who), an_actor(SEATS["center"]).program_id, str)
    with act_as_task("feed"):
        written = [
            f"{each.ids} {each.facts}" for each in Entry.objects.filter(kind="identity.searched")
        ]
    assert len(written) == 2
    assert not any("Quill" in each or "Nonesuch" in each for each in written)


def test_the_releases_that_name_the_reader_s_program_stand_on_its_page(
    records: dict[str, UUID],
) -> None:
    center, police = an_actor(SEATS["center"]), an_actor(SEATS["police"])
    assert "No release means this record." in page("police", records)

    row = a_release(
        center,
        at=now(),
        plan=Plan.STATUS,
        told_program_id=police.program_id,
        teller_id=center.program_id,
        person_id=records["center"],
    )

    html = page("police", records)
    assert "A release names them" in html
    named = html[html.index("Releases that name your program") :]
    assert reverse("sharing:release", args=[row.pk]) in named
    assert "No release means this record." not in html
    assert "Releases that name your program" not in page("911", records)


def test_the_words_that_help_are_not_denied_where_they_may_only_not_be_seen(
    records: dict[str, UUID],
) -> None:
    before = page("police", records)
    center = an_actor(SEATS["center"])
    identity.say_what_helps(by=center, at=now(), person_id=records["center"], what_helps="My dog")

    for html in (before, page("police", records)):  # alike, so that it tells nothing
        assert "Nothing that you may see." in html
        assert "Nothing is written down yet" not in html


def test_a_look_is_written_once_a_day_for_each_who_looks(records: dict[str, UUID]) -> None:
    for _ in range(2):
        page("center", records)
    Desk("judith.park").get(reverse("calls:person", args=[records["center"]]))

    with act_as(an_actor("marta.quist")):
        looks = list(Look.objects.filter(record_id=records["center"]).select_related("member"))

    assert sorted(each.member.username for each in looks) == ["emily.grant", "judith.park"]
    assert {(each.page, each.basis) for each in looks} == {("person", "own")}


def test_each_line_names_the_groups_of_its_own_record(records: dict[str, UUID]) -> None:
    """The whole of a police report: of the record who it is, of the notes what they say."""
    page("center", records)

    with act_as(an_actor(SEATS["center"])):
        told = dict(Disclosure.objects.filter(row="A10").values_list("record_kind", "fields"))

    assert told["person"] == ["identify", "need", "rescue", "treatment"]
    assert told["notes"] == ["treatment", "whole"]


def test_what_was_asked_for_stands_on_the_page_with_its_answer(records: dict[str, UUID]) -> None:
    desk, own = Desk(SEATS["police"]), records["police"]
    center = an_actor(SEATS["center"])
    asked = {
        "of_program_id": str(center.program_id),
        "data": "clinical",
        "purpose": "close_loop",
        "why": "Zofia Quill. Is she in care?",
    }
    assert "What we asked for" not in page("police", records)

    desk.post(reverse("calls:ask_to_see", args=[own]), asked)
    waits = page("police", records)
    with act_as(center):
        ask = Ask.objects.get()
    sharing.answer_ask(
        by=center, at=now(), ask_id=ask.pk, answer=Answer.NO, reason="She said no to us."
    )
    answered = page("police", records)

    assert "No answer yet" in waits
    assert "No answer yet" not in answered
    assert "She said no to us." in answered


def test_a_request_leads_those_who_are_asked_to_their_own_record_where_a_call_names_it(
    records: dict[str, UUID],
) -> None:
    """The asker learns nothing by it: the same is said on their page whether it leads anywhere or not."""
    desk, marta = Desk(SEATS["police"]), Desk(OFFICER["officer"])
    clinic, center = an_actor("martha.gibbs"), an_actor(SEATS["center"])
    for program in (center.program_id, clinic.program_id):
        asked = {"of_program_id": str(program), "data": "clinical", "purpose": "close_loop"}
        desk.post(reverse("calls:ask_to_see", args=[records["police"]]), asked | {"why": "Zofia."})

    theirs = reverse("calls:person", args=[records["center"]])
    pages = {
        who: page.get(reverse(where)).content.decode()
        for who, page, where in (
            ("officer", marta, "sharing:privacy"),
            ("center", Desk(SEATS["center"]), "sharing:releases"),
            ("clinic", Desk("martha.gibbs"), "sharing:releases"),
        )
    }

    assert {who for who, html in pages.items() if theirs in html} == {"officer", "center"}
    assert "is named by a call" in pages["clinic"]
    assert marta.get(theirs).status_code == 200
    mine = page("police", records)
    assert (theirs in mine, str(records["center"]) in mine) == (False, False)
    with act_as(an_actor(SEATS["police"])):
        named = dict(Ask.objects.values_list("of_program_id", "episode_id"))
    assert (named[center.program_id] is None, named[clinic.program_id]) == (False, None)


def test_an_accounting_of_a_record_of_which_nothing_was_told_says_so(
    records: dict[str, UUID],
) -> None:
    of = reverse("sharing:accounting", args=[records["center"]])

    mine = Desk("marta.quist").get(of)

    assert (mine.status_code, "Nothing was told." in mine.content.decode()) == (200, True)
    assert Desk("helen.marsh").get(of).status_code == 404


def test_the_card_is_told_by_the_program_that_opened_the_call_and_by_no_other(
    records: dict[str, UUID],
) -> None:
    """Each program that works on the call sees its card: the same line stood there once for each of them."""
    html = page("police", records)

    told = html[html.index("What you may see from others") : html.index("What helps me")]
    assert told.count("12 Quiet Street") == 1
    with act_as(an_actor(SEATS["police"])):
        row = Disclosure.objects.get(record_kind="card", channel="page")
    assert row.from_program_id == an_actor(ANNA).program_id


def test_the_page_says_until_when_it_is_good_which_is_the_first_end_of_what_it_shows(
    records: dict[str, UUID],
) -> None:
    """The release that lasts is what it rests on; one that opens nothing here does not count."""

    def good_until() -> list[datetime]:
        found = re.findall(r'data-good-until="([^"]+)"', page("outreach", records))
        return [datetime.fromisoformat(each) for each in found]

    at, center, outreach = now(), an_actor(SEATS["center"]), an_actor(SEATS["outreach"])
    before = good_until()
    for days, to in (
        (3, outreach.program_id),
        (2, outreach.program_id),
        (1, program_id("tpd/deflection")),
    ):
        a_release(
            center,
            at=at,
            plan=Plan.CARE,
            until_at=at + timedelta(days=days),
            told_program_id=to,
            teller_id=center.program_id,
            person_id=records["center"],
        )

    assert good_until() == [at + timedelta(days=3)]
    assert before == [] or before[0] > at + timedelta(days=3)
