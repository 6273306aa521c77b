"""Whom a program knows the person of an episode as: its own to say, and nobody else's."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands, identified, parts
from nowrongdoor.episodes.models import Episode, Party
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonHeard
from nowrongdoor.kernel.verdict import NotFound, Refused
from tests.clients import Desk
from tests.identity.full import a_person
from tests.makers import NOON, accepted, an_actor, an_episode, later

pytestmark = pytest.mark.usefixtures("db")
ANNA, MARIA, STRANGER = "anna.miller", "maria.lopez", "judith.park"


@pytest.fixture
def call() -> Episode:
    """Anna's call at 911, which Maria of the line has accepted: both programs work on it."""
    episode = an_episode(name="Rosa Villa", callback="520-555-0119")
    accepted(episode)
    return episode


def identify(call: Episode, person_id: object, by: str = ANNA) -> Party:
    return commands.identify_person(
        by=an_actor(by),
        at=later(1),
        episode_id=call.pk,
        person_id=person_id,  # type: ignore[arg-type]
    )


def test_each_program_says_for_itself_who_it_is_and_sees_no_other(call: Episode) -> None:
    ours, theirs = a_person(), a_person(by=MARIA)

    identify(call, ours.pk)
    identify(call, theirs.pk, MARIA)

    assert identified.person_of(an_actor(), call.pk) == ours.pk
    assert identified.person_of(an_actor(MARIA), call.pk) == theirs.pk
    with pytest.raises(Refused) as again:
        identify(call, a_person().pk)
    assert again.value.verdict.rule == "identify.known"


def test_only_ones_own_record_and_only_of_a_call_one_works_on(call: Episode) -> None:
    for by, person in ((ANNA, a_person(by=MARIA)), (STRANGER, a_person(by=STRANGER))):
        with pytest.raises(NotFound):
            identify(call, person.pk, by)


def test_the_database_takes_no_other_programs_record_and_no_other_programs_word(
    call: Episode,
) -> None:
    theirs = a_person(by=MARIA)
    identify(call, theirs.pk, MARIA)
    with act_as(an_actor()):
        own = Party.objects.filter(episode=call, program_id=an_actor().program_id)
        other = Party.objects.filter(episode=call, program_id=an_actor(MARIA).program_id)
        with pytest.raises(IntegrityError, match="episodes_own_person"):
            own.update(person=theirs.pk)
    for person_id in (None, a_person().pk):
        with (
            act_as(an_actor()),
            pytest.raises(IntegrityError, match="episodes_own_person"),
        ):
            other.update(person=person_id)


def test_what_was_reported_proposes_records_before_anything_is_typed(call: Episode) -> None:
    rosa = a_person(phone="520-555-0119")

    row, found = identified.reported(an_actor(), call.pk, at=NOON)

    assert (row.given, row.family) == ("Rosa", "Villa")
    assert [each.id for each in found.rows] == [rosa.pk]
    assert identified.reported(an_actor(MARIA), call.pk, at=NOON)[1].rows == ()


def test_a_merged_record_is_shown_as_the_one_that_it_is_in(call: Episode) -> None:
    rosa, whole = a_person(), a_person("Rosalba")
    identify(call, rosa.pk)

    identity.merge_person(by=an_actor(), at=later(2), person_id=rosa.pk, into_id=whole.pk)

    given = parts.PERSON.read(an_actor(), call.pk, at=NOON)
    assert given is not None
    assert (given["person"].id, given["person"].name) == (whole.pk, "Rosalba Villa Soto")


def test_a_new_record_of_an_unknown_person_is_made_on_the_call_and_taken_back(
    call: Episode,
) -> None:
    heard = PersonHeard(moniker="Blue Jacket", description="Limps")
    of = {"by": an_actor(), "episode_id": call.pk}

    party = commands.new_person(**of, at=later(1), heard=heard)
    person_id = party.person_id
    commands.forget_person(**of, at=later(2))

    assert identified.person_of(an_actor(), call.pk) is None
    identify(call, person_id)  # the record stayed
    commands.forget_person(**of, at=later(3))
    with pytest.raises(Refused) as twice:
        commands.forget_person(**of, at=later(4))
    assert twice.value.verdict.rule == "identify.nobody"


def test_what_is_typed_is_answered_with_candidates_and_stands_in_no_address(call: Episode) -> None:
    rosa = a_person(born="3/4/1980")
    a_person(by=MARIA)
    url = reverse("episodes:like_person", args=[call.pk])

    html = Desk(ANNA).htmx(url, {"given": "Roza", "born": "4/3/1980"}).content.decode()

    assert html.count("Villa Soto") == 1
    assert "birth date with day and month swapped" in html
    assert str(rosa.pk) in html
    assert Desk(ANNA).get(url).status_code == 405
    assert Desk(STRANGER).htmx(url, {"given": "Roza"}).status_code == 404


def test_the_part_is_nobodys_who_keeps_no_records(call: Episode) -> None:
    assert parts.PERSON.read(an_actor("grace.webb"), call.pk, at=NOON) is None
    assert parts.PERSON.read(an_actor(STRANGER), call.pk, at=NOON) is None
