"""What the database keeps of guest links, whatever a command forgets."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.guests import commands
from nowrongdoor.guests.models import Link
from tests.guests.links import BELL, a_link, guest_of, link_row
from tests.makers import NOON, an_actor, later

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    ("change", "keeper"),
    [
        ({"answered_at": later(5), "answered_how": "accepted"}, "link_answered_while_open"),
        ({"answered_how": "accepted"}, "link_answer_says_how"),
        ({"opened_at": NOON, "answered_at": later(99999), "answered_how": "declined"}, "link_answered_while_open"),
        ({"opened_at": NOON, "answered_at": NOON, "answered_how": "declined", "ended_at": NOON}, "link_ends_one_way"),
    ],
)  # fmt: skip
def test_the_database_keeps_an_answer_true(change: dict[str, object], keeper: str) -> None:
    made = a_link()

    with pytest.raises(IntegrityError, match=keeper), act_as(an_actor()):
        Link.objects.filter(pk=made.link_id).update(**change)


def test_the_database_lets_no_answer_be_changed() -> None:
    made = a_link(opened=True)
    commands.accept_by_link(by=guest_of(made), at=later(1), link_id=made.link_id, receiver=BELL)

    with pytest.raises(IntegrityError, match="guests_answer_stands"), act_as(an_actor()):
        Link.objects.filter(pk=made.link_id).update(answered_how="declined")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("expires_at", NOON + timedelta(days=9)),
        ("token_digest", "x"),
        ("code_digest", "x"),
        ("code_expires_at", NOON + timedelta(hours=9)),
    ],
)
def test_what_a_link_opens_and_until_when_is_never_changed(column: str, value: object) -> None:
    made = a_link()

    with pytest.raises(ProgrammingError, match="permission denied"), act_as(an_actor()):
        Link.objects.filter(pk=made.link_id).update(**{column: value})


def test_the_database_knows_one_open_link_of_an_offer() -> None:
    made = a_link()
    row = link_row(made.link_id)
    row.id, row.token_digest, row.code_digest = row.handoff_id, "t", "c"

    with pytest.raises(IntegrityError, match="link_one_open_per_offer"), act_as(an_actor()):
        row.save(force_insert=True)


def test_a_guests_answer_has_a_name_in_the_database_too() -> None:
    made = a_link()

    with pytest.raises(IntegrityError, match="handoff_guest_gives_name"), act_as(an_actor()):
        Handoff.objects.filter(episode_id=made.episode_id).update(guest=True)
    with pytest.raises(IntegrityError, match="handoff_declined_with_reason"), act_as(an_actor()):
        Handoff.objects.filter(episode_id=made.episode_id).update(
            declined_at=later(1), reason="capacity"
        )
