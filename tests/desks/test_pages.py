"""The desks' pages: what they say, what they offer, and how many queries they make."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks import board
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import queries
from nowrongdoor.episodes.facts import Attested
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.floor import a_call
from tests.makers import an_actor, an_episode, an_offer, member_id
from tests.markup import closed_up

pytestmark = pytest.mark.usefixtures("db")
ASKED = ("2", "2", "", "E", "3B", "")  # the first rang last


def text(answer: object) -> str:
    return closed_up(answer.content.decode())  # type: ignore[attr-defined]


def test_the_board_makes_as_many_queries_for_twenty_as_for_one() -> None:
    anna = an_actor()
    agencies.occupy_desk(by=anna, at=now())

    def count(rows: int) -> int:
        while queries.count_open(anna) < rows:
            an_offer(an_episode(anna, at=now()), anna, at=now())
        board.rows(anna, at=now())  # reference rows are read once in a process
        with CaptureQueriesContext(connection) as captured:
            assert len(board.rows(anna, at=now())) == rows
        return len(captured)

    assert count(1) == count(20)


def test_the_board_lists_the_highest_level_first_and_of_equals_the_oldest() -> None:
    levels = {a_call(level, ago_s=60 * ago).pk: (level, ago) for ago, level in enumerate(ASKED, 1)}

    listed = [levels[UUID(row.key)] for row in board.rows(an_actor(), at=now())]

    assert listed == [("E", 4), ("3B", 5), ("", 6), ("", 3), ("2", 2), ("2", 1)]


def test_of_more_than_a_board_draws_the_highest_levels_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rang = enumerate(("E", "2", "2", "3B"), 1)
    levels = {a_call(level, ago_s=60 * ago).pk: level for ago, level in rang}
    monkeypatch.setattr(queries, "MOST", 2)
    desk = Desk("anna.miller")
    page = text(desk.get(reverse("calls:board")))

    drawn = [levels[UUID(row.key)] for row in board.rows(an_actor(), at=now())]

    assert drawn == ["E", "3B"]
    assert "Showing 2 of 4 calls, highest level first." in page
    for told in (
        page,
        text(desk.get(reverse("calls:board_rows"))),
    ):  # so that it is asked for again
        assert 'data-most="2"' in told
    monkeypatch.setattr(queries, "MOST", 5)
    assert "data-most" not in text(desk.get(reverse("calls:board_rows")))


def test_an_empty_board_says_what_to_do() -> None:
    assert "New calls and transfers appear here automatically" in text(
        Desk("anna.miller").get(reverse("calls:board"))
    )


def test_a_row_shows_who_holds_and_to_whom_it_is_offered() -> None:
    an_offer(an_episode(an_actor(), at=now(), place="12 Quiet Street"), at=now())

    ours, theirs = (
        text(Desk(name).get(reverse("calls:board"))) for name in ("anna.miller", "maria.lopez")
    )

    for page in (ours, theirs):
        assert "Anna Miller" in page
        assert "12 Quiet Street" in page
        assert "Warm transfer" in page
    assert "Cancel transfer" in ours
    assert "Accept <kbd>" not in ours
    assert "Accept <kbd>" in theirs
    assert "Awaiting your answer" in theirs


def test_a_filter_hides_the_others_and_counts_all() -> None:
    an_episode(an_actor(), at=now())
    an_offer(an_episode(an_actor(), at=now()), at=now())

    page = text(Desk("anna.miller").get(reverse("calls:board") + "?show=offered"))

    assert len(re.findall(r"<tr id=\"row-[^>]* hidden>", page)) == 1
    assert re.search(r'data-count="all">2<', page)
    assert re.search(r'data-count="offered">1<', page)


def test_what_is_typed_is_escaped_everywhere() -> None:
    hostile = '"><script>alert(1)</script>'
    desk = Desk("anna.miller")
    desk.post(
        reverse("calls:new_call"),
        {
            "incident_class": "psych_distress",
            "place": hostile,
            "note": hostile,
            "callback": hostile[:40],
            "name_given": hostile,
        },
    )
    with act_as(an_actor()):
        episode = Episode.objects.get()

    for url in (reverse("calls:board"), reverse("calls:episode", args=[episode.pk])):
        assert "<script>alert" not in desk.get(url).content.decode()


WHEN = {"came_at": "2026-11-24T14:05"}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"came_at": "yesterday", "incident_class": "psych_distress"},
        {"came_at": "0226-11-24T14:05", "incident_class": "psych_distress"},
        WHEN | {"incident_class": "ghost"},
        WHEN | {"incident_class": "psych_distress", "zone": "atlantis"},
        WHEN | {"incident_class": "psych_distress", "place": "x" * 201},
    ],
)
def test_bad_input_gets_one_sentence_and_loses_nothing(typed: dict[str, str]) -> None:
    answer = Desk("anna.miller").post(reverse("calls:paper"), typed | {"callback": "520 555 0134"})

    assert answer.status_code == 422
    assert 'class="error"' in text(answer)
    assert "520 555 0134" in text(answer)
    with act_as(an_actor()):
        assert not Episode.objects.exists()


@pytest.mark.parametrize(
    "send_to", ["warm_transfer:not-an-id", "warm_transfer:" + "0" * 32, "ghost:" + "0" * 32]
)
def test_a_call_sent_nowhere_is_not_entered_by_half(send_to: str) -> None:
    desk = Desk("anna.miller")

    typed = {"came_at": "2026-11-24T14:05", "incident_class": "psych_distress"}
    answer = desk.post(reverse("calls:paper"), typed | {"send_to": send_to})

    assert answer.status_code in (409, 422)
    with act_as(an_actor()):
        assert not Episode.objects.exists()


def test_an_episode_says_who_may_see_it_and_why() -> None:
    episode = an_episode(an_actor(), at=now())
    an_offer(episode, at=now())

    page = text(Desk("anna.miller").get(reverse("calls:episode", args=[episode.pk])))

    assert "By agreement" in page  # the in-center clinicians' standing feed
    assert "Full access" in page

    alone = an_episode(an_actor(), at=now())
    page = text(Desk("anna.miller").get(reverse("calls:episode", args=[alone.pk])))
    assert "Notified only" in page


def test_a_row_names_what_is_due_and_says_what_is_not_shared_or_not_screened() -> None:
    """A13: a dash was either, and a time was of anything."""
    offered, kept = (an_episode(an_actor(), at=now()) for _ in range(2))
    an_offer(offered, at=now())
    rows = {row.number: row for row in board.rows(an_actor(), at=now())}
    theirs = {row.number: row for row in board.rows(an_actor("maria.lopez"), at=now())}

    due = rows[offered.label]
    assert (due.due_name, due.due_whole) == ("Answer due", "Transfer: answer due")
    assert (rows[kept.label].shared, theirs[kept.label].shared) == (True, False)
    drawn = [text(Desk(who).get(reverse("calls:board"))) for who in ("anna.miller", "maria.lopez")]
    assert [("Not screened</span>" in each, "Not shared</span>" in each) for each in drawn] == [
        (True, False),
        (True, True),  # what was offered to her she may know
    ]


def test_an_informed_program_reads_no_card() -> None:
    episode = an_episode(an_actor(), at=now(), place="12 Quiet Street")

    page = text(Desk("maria.lopez").get(reverse("calls:episode", args=[episode.pk])))

    assert "12 Quiet Street" not in page
    assert "Caller information opens when the call is transferred to you." in page


def test_a_stranger_finds_neither_by_id_nor_by_number() -> None:
    episode = an_episode(an_actor(), at=now())
    nurse = Desk("judith.park")

    assert nurse.get(reverse("calls:episode", args=[episode.pk])).status_code == 404
    unseen = nurse.post(reverse("calls:find"), {"sought": episode.label})
    assert "No call found, or you don't have access to it." in text(unseen)
    for said in (episode.label.lower(), str(episode.number), episode.label.replace("-", "–")):
        ours = Desk("anna.miller").post(reverse("calls:find"), {"sought": said})
        assert str(episode.pk) in ours["Location"]


def test_a_number_that_is_nobodys_leaves_the_page_and_says_so_at_the_field() -> None:
    episode = an_episode(an_actor(), at=now())

    url = reverse("episodes:join_by_number", args=[episode.pk])
    joined = Desk("anna.miller").htmx(url, {"number": "T26-999999"}, key="k")

    assert joined.status_code == 422
    assert "No call with that number" in text(joined)
    assert 'value="T26-999999"' in text(joined)


def test_relief_moves_everything_by_name() -> None:
    anna, luis = Desk("anna.miller"), Desk("luis.ortega")
    for _ in range(2):
        an_episode(an_actor(), at=now())
    assert "You own 2 calls" in text(anna.get(reverse("calls:relief")))

    anna.post(reverse("calls:relief"), {"to_member": str(member_id("luis.ortega"))})
    page = text(luis.get(reverse("calls:relief")))
    assert "2 calls are handed to you" in page
    with act_as(an_actor()):
        batch = Handoff.objects.filter(purpose="relief").first()
        assert batch is not None
    luis.post(reverse("calls:accept_relief", args=[batch.batch_id]))

    with act_as(an_actor()):
        holders = set(Episode.objects.values_list("holder_member_id", flat=True))
    assert holders == {member_id("luis.ortega")}
    assert anna.post(reverse("account_logout")).status_code == 302


def test_an_accepted_row_comes_back_as_it_is_now() -> None:
    offer = an_offer(an_episode(an_actor(), at=now()), at=now())

    answer = Desk("maria.lopez").htmx(reverse("calls:accept_transfer", args=[offer.pk]))

    assert answer.status_code == 200
    assert text(answer).strip().startswith("<tr")
    assert "<strong><bdi>Maria Lopez</bdi></strong>" in text(answer)


def test_closing_needs_an_outcome_and_somebody() -> None:
    desk = Desk("anna.miller")
    episode = an_episode(an_actor(), at=now())
    url = reverse("calls:close_call", args=[episode.pk])

    assert desk.post(url, {"outcome": "information"}).status_code == 409
    assert desk.post(url, {"outcome": "ghost", "declined_by_person": "yes"}).status_code == 422
    assert (
        desk.post(url, {"outcome": "information", "declined_by_person": "yes"}).status_code == 302
    )
    page = text(desk.get(reverse("calls:episode", args=[episode.pk])))
    assert "Person declined follow-up" in page


def test_a_supervisor_takes_over_with_a_reason() -> None:
    episode = an_episode(an_actor(), at=now())
    ruth = Desk("ruth.palmer")

    assert "Owner offline" in text(ruth.get(reverse("calls:board")))
    told = ruth.htmx(
        reverse("calls:assume_call", args=[episode.pk]), {"reason": "holder_unreachable"}
    )

    assert "<strong><bdi>Ruth Palmer</bdi></strong>" in text(told)


def test_what_a_colleague_holds_is_not_offered_from_here() -> None:
    episode = an_episode(an_actor("luis.ortega"), at=now())
    desk = Desk("anna.miller")

    told = desk.post(
        reverse("calls:offer_transfer", args=[episode.pk]),
        {"kind:to_program_id": f"warm_transfer:{an_actor('maria.lopez').program_id}"},
    )

    assert told.status_code == 409
    assert "Your colleague owns this call" in text(told)


def test_a_field_that_saves_itself_is_answered_with_a_word_and_its_form_stays() -> None:
    url = reverse("calls:change_card", args=[an_episode(an_actor(), at=now()).pk])
    asked = {"HX-Request": "true", "HX-Target": "saved"}

    saved, refused = (
        Desk(who).post(url, {"place": "12 Quiet Street"}, headers=asked)
        for who in ("anna.miller", "maria.lopez")
    )

    assert (saved.status_code, text(saved)) == (200, "Saved")
    assert (refused.status_code, refused["HX-Retarget"]) == (409, "#notice")


def test_joining_and_separating_by_number() -> None:
    one, two = (an_episode(an_actor(), at=now()) for _ in range(2))
    desk = Desk("anna.miller")

    desk.post(reverse("episodes:join_by_number", args=[two.pk]), {"number": one.label})
    page = text(desk.get(reverse("calls:episode", args=[two.pk])))
    assert f"Linked to {one.label}" in page
    assert "New owner" in page
    desk.post(
        reverse("episodes:separate_episode", args=[two.pk]),
        {"to_member_id": str(member_id("anna.miller"))},
    )

    with act_as(an_actor()):
        assert Episode.objects.get(pk=two.pk).joined_into_id is None


def test_an_informed_program_is_not_told_a_queue_where_somebody_accepted_by_voice() -> None:
    karen = an_actor("karen.hughes")
    offer = an_offer(
        an_episode(karen, at=now()), karen, to="sheriff911/floor", kind="to_other_psap", at=now()
    )
    episodes.attest_offer(
        by=karen, at=now(), handoff_id=offer.pk, receiver=Attested("R. Bell", "PCSD 114")
    )

    [ours] = board.rows(karen, at=now())
    [theirs] = board.rows(an_actor("maria.lopez"), at=now())

    assert (ours.attested_name, ours.in_queue, ours.unreachable) == ("R. Bell", False, False)
    assert (theirs.attested_name, theirs.in_queue, theirs.unreachable) == ("", False, False)
    assert theirs.holder_program == "Sheriff's 911 floor"
