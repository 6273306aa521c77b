"""The guest link's pages: the sender makes it, a phone opens it, a name answers."""

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, Proposal
from nowrongdoor.guests import commands, qr
from nowrongdoor.guests.models import Link
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.sending import asked
from tests.dispatch.floor import ANA, an_assignment, holder, marias
from tests.guests.links import (
    BELL,
    SIGNED,
    a_guests_offer,
    a_link,
    guest_of,
    held,
    lines,
    offer_of,
    opened,
    phone,
    text,
)
from tests.makers import an_actor, program_id
from tests.markup import closed_up

pytestmark = pytest.mark.usefixtures("db")


def shown_once(desk: Desk) -> tuple[str, str, str]:
    """What the sender's page shows: the path of the address, the code, the page."""
    offer = a_guests_offer(now())
    page = desk.post(reverse("guests:make", args=[offer.pk])).content.decode()
    address = re.search(r'class="secret">http://localhost(/g/[\w-]+/)<', page)
    digits = re.search(r'id="digits">(\d{4} \d{4})<', page)
    assert address
    assert digits
    return address[1], digits[1], page


def test_the_sender_is_shown_address_code_and_picture() -> None:
    path, digits, page = shown_once(Desk("anna.miller"))

    assert "http://localhost/guest/" in page
    assert 'role="img" aria-label="QR code for the link"' in closed_up(page)
    assert qr.draw(f"http://localhost{path}").path in page
    client = phone()  # the same one, since no other is shown it then
    for url, typed in (
        (path, {}),
        (reverse("guests:code"), {"place": "sheriff911", "code": digits}),
    ):
        assert client.post(url, typed)["Location"] == reverse("guests:card")
        assert "12 Quiet Street" in text(client.get(reverse("guests:card")))


def test_the_sender_is_told_until_when_the_code_opens() -> None:
    page = shown_once(Desk("anna.miller"))[2]

    with act_as(an_actor()):
        until = Link.objects.get().code_expires_at
    shown = re.search(r'id="code-until" datetime="([^"]+)"', page)
    assert shown
    assert datetime.fromisoformat(shown[1]) == until


def test_the_picture_is_the_code_of_the_address() -> None:
    """Drawn again from the path, module by module, it is what segno drew."""
    import segno

    drawing = qr.draw("http://localhost/g/abc/")
    dark = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing.path)
        for step in range(int(width))
    }
    rows = list(segno.make("http://localhost/g/abc/", error="m", micro=False).matrix_iter(border=4))

    assert drawing.size == len(rows)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


def test_what_was_shown_once_is_no_answer_to_be_remembered() -> None:
    """A second click with the same key makes another link: the first is not told again."""
    offer, desk = a_guests_offer(now()), Desk("anna.miller")
    url = reverse("guests:make", args=[offer.pk])

    pages = [desk.post(url, {"idempotency_key": "k"}) for _ in range(2)]

    assert all("Idempotency-Replayed" not in page for page in pages)
    with act_as(an_actor()):
        assert Link.objects.count() == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM web_answer")
            assert cursor.fetchone() == (0,)


def test_whoever_may_not_attest_makes_no_link() -> None:
    offer = a_guests_offer(now())
    url = reverse("guests:make", args=[offer.pk])

    assert Desk("luis.ortega").post(url).status_code == 409
    assert Desk("maria.lopez").post(url).status_code == 404
    assert phone().post(url)["Location"].startswith("/account/sign-in/")


def test_the_card_shows_what_travels_and_nothing_else() -> None:
    offer = a_guests_offer(now())
    facts = CardFacts("9 New Street", "520 555 0134", "Jo", "gate on the left")
    episodes.change_card(by=an_actor(), at=now(), episode_id=offer.episode_id, card=facts)
    page = text(opened(a_link(offer, now())).get(reverse("guests:card")))

    for word in ("9 New Street", "520 555 0134", "Jo", "gate on the left", "Anna Miller"):
        assert word in page
    assert "12 Quiet Street" not in page  # the place was corrected after the offer
    for action in ("/board/", "/episodes/", "/account/sign-out/", "/people/"):
        assert action not in page


def test_a_guest_accepts_by_name() -> None:
    made = a_link(at=now())
    client = opened(made)

    answer = client.post(reverse("guests:accept"), SIGNED)

    assert answer["Location"] == reverse("guests:card")
    page = text(client.get(reverse("guests:card")))
    assert "Accepted at" in page
    assert "R. Bell" in page
    assert held(made).label in page
    assert "12 Quiet Street" not in page
    assert held(made).holder_program_id == program_id("sheriff911/floor")
    kinds = [kind for kind, by in lines() if by == f"guest:{made.link_id}"]
    assert kinds == ["guests.link_opened", "episodes.guest_accepted", "guests.link_answered"]


def test_who_says_yes_from_afar_owns_nobody_before_the_person_is_received() -> None:
    """A team brings somebody to an emergency department, whose nurse opens a link."""
    row = an_assignment(asked(), at=now())
    ana, to_ed = an_actor(ANA), program_id("ed/intake")
    offer = calls.offer_transfer(
        by=ana, at=now(), proposal=Proposal(row.episode_id, "ed_transfer", to_ed)
    )
    made = commands.make_link(by=ana, at=now(), handoff_id=offer.id)
    nurse = opened(made)
    nurse.post(reverse("guests:accept"), SIGNED)

    page = text(nurse.get(reverse("guests:card")))
    assert "You said yes. Arrival not recorded yet" in page
    assert "12 Quiet Street" in page  # whoever receives them gets ready
    assert 'value="R. Bell"' in page
    assert holder(row.episode_id) == marias()

    again = nurse.post(reverse("guests:arrived"), {"name": "", "operator": "ED 1"})
    assert again.status_code == 422
    nurse.post(reverse("guests:arrived"), {"name": "T. Moss", "operator": "ED 1"})

    assert holder(row.episode_id) == (to_ed, None)
    page = text(nurse.get(reverse("guests:card")))
    assert "Arrived and received by T. Moss" in page
    assert "12 Quiet Street" not in page
    twice = nurse.post(reverse("guests:arrived"), {"name": "X. Other", "operator": "ED 9"})
    assert twice["Location"] == reverse("guests:card")
    assert "T. Moss" in text(nurse.get(reverse("guests:card")))


def test_the_board_shows_a_guests_acceptance_like_an_attested_one() -> None:
    made = a_link(at=now())
    opened(made).post(reverse("guests:accept"), SIGNED)
    desk = Desk("anna.miller")

    board = text(desk.get(reverse("calls:board")))
    episode = text(desk.get(reverse("calls:episode", args=[made.episode_id])))

    assert "<strong><bdi>R. Bell</bdi></strong>" in board
    assert "Accepted verbally" in board
    assert "R. Bell" in episode


def test_whom_to_call_back_is_shown_while_it_stands() -> None:
    offer = a_guests_offer(now())
    facts = CardFacts("9 New Street", "520 555 0134", "Jo", "gate on the left")
    episodes.change_card(by=an_actor(), at=now(), episode_id=offer.episode_id, card=facts)
    client = opened(a_link(offer, now()))
    client.post(reverse("guests:accept"), SIGNED)

    page = text(client.get(reverse("guests:card")))
    assert "520 555 0134" in page
    assert "9 New Street" not in page

    episodes.assume_episode(
        by=an_actor("ruth.palmer"),
        at=now(),
        episode_id=offer.episode_id,
        reason="holder_unreachable",
    )
    page = text(client.get(reverse("guests:card")))
    assert "Accepted at" in page
    assert "520 555 0134" not in page


def test_a_guest_declines_with_a_reason() -> None:
    made = a_link(at=now())
    client = opened(made)
    assert 'value="capacity"' in text(client.get(reverse("guests:card")))

    client.post(reverse("guests:decline"), {"name": "R. Bell", "reason": "capacity"})

    page = text(client.get(reverse("guests:card")))
    assert "Declined at" in page
    assert "12 Quiet Street" not in page
    assert offer_of(made).ended == "declined"


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("guests:accept", {"name": "R. Bell"}, "Enter your operator/badge ID."),
        ("guests:accept", {"operator": "PCSD 114"}, "Enter your name."),
        ("guests:accept", {"name": "  ", "operator": "PCSD 114"}, "Enter your name."),
        ("guests:accept", {"name": "x" * 201, "operator": "PCSD 114"}, "200"),
        ("guests:decline", {"name": "R. Bell"}, "Choose a reason."),
        ("guests:decline", {"reason": "capacity"}, "Enter your name."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    name: str, typed: dict[str, str], told: str
) -> None:
    made = a_link(at=now())

    answer = opened(made).post(reverse(name), typed)

    assert answer.status_code == 422
    assert told in text(answer)
    assert all(value.strip() in text(answer) for value in typed.values())
    assert offer_of(made).ended == ""


def test_answering_twice_answers_once() -> None:
    made = a_link(at=now())
    client = opened(made)
    client.post(reverse("guests:accept"), SIGNED)

    for name, typed in (
        ("guests:accept", SIGNED | {"name": "Another"}),
        ("guests:decline", {"name": "R. Bell", "reason": "capacity"}),
    ):
        assert client.post(reverse(name), typed)["Location"] == reverse("guests:card")

    assert "Accepted at" in text(client.get(reverse("guests:card")))
    assert offer_of(made).attested_name == "R. Bell"


def test_a_guest_reads_spanish_where_their_phone_does() -> None:
    made = a_link(at=now())
    client = phone(**{"accept-language": "es"})
    client.post(reverse("guests:follow", args=[made.token]))

    assert "Aceptar con su nombre" in text(client.get(reverse("guests:card")))


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "abcdefgh", "٤٨٢٩١٣٠٧", "12 34", "x" * 41]
)
def test_half_a_code_is_said_to_be_half(typed: str) -> None:
    answer = phone().post(reverse("guests:code"), {"place": "sheriff911", "code": typed})

    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)


@pytest.mark.parametrize(
    "written",
    ["{0}{1}{2}{3} {4}{5}{6}{7}", "{0}{1}{2}{3}-{4}{5}{6}{7}", " {0} {1} {2} {3} {4} {5} {6} {7} "],
)
def test_a_code_is_read_as_people_write_it(written: str) -> None:
    made = a_link(at=now())

    answer = phone().post(
        reverse("guests:code"), {"place": made.place, "code": written.format(*made.code)}
    )

    assert answer.status_code == 302


def test_the_first_phone_that_opens_it_is_shown_it_and_no_other() -> None:
    made = a_link(at=now())
    first = opened(made)
    first.get(reverse("guests:card"))

    other = phone()
    for way in (
        lambda: other.post(reverse("guests:follow", args=[made.token])),
        lambda: other.post(reverse("guests:code"), {"place": made.place, "code": made.code}),
    ):
        answer = way()
        assert answer.status_code == 409
        assert "opened on another phone" in text(answer)
    assert other.get(reverse("guests:card")).status_code == 302  # to where a code is asked for
    assert first.post(reverse("guests:follow", args=[made.token])).status_code == 302
    assert "12 Quiet Street" in text(first.get(reverse("guests:card")))
    kinds = [kind for kind, _ in lines()]
    assert kinds[-3:] == ["guests.link_opened", "guests.link_tried", "guests.link_tried"]


def test_a_card_makes_few_queries() -> None:
    client = opened(a_link(at=now()))
    client.get(reverse("guests:card"))

    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("guests:card"))

    asked = [each["sql"] for each in captured if "set_config" not in each["sql"]]
    assert len(asked) <= 20, asked  # the card, its level, what travels, and who brings them


def test_an_opened_link_that_is_answered_meanwhile_shows_the_answer() -> None:
    """Two windows of one phone have it open; one of them answers."""
    made = a_link(at=now())
    other = opened(made)
    commands.accept_by_link(by=guest_of(made), at=now(), link_id=made.link_id, receiver=BELL)

    assert "Accepted at" in text(other.get(reverse("guests:card")))
