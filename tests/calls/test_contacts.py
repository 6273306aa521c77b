"""Entering calls: live, and afterwards with their true times."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import CallerFacts, Channel, ContactFacts, Medium, Stages
from nowrongdoor.calls.forms import channel_of
from nowrongdoor.calls.models import Contact
from nowrongdoor.calls.rules import already_taken, may_enter
from nowrongdoor.episodes.facts import CardFacts, Source
from nowrongdoor.episodes.models import Episode
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Refused
from tests.makers import NOON, an_actor, later, program_id

CALL = ContactFacts(at=NOON, class_code="psych_distress", behavioral=True)
OLD = replace(
    CALL,
    source=Source.IMPORT,
    external_ref="INC1",
    outcome="unknown",
    stages=Stages(closed_at=later(900)),
)


@pytest.mark.parametrize(
    ("contact", "rule"),
    [
        (CALL, "contact.possible"),
        (replace(CALL, at=later(99_999)), "contact.future"),
        (replace(CALL, outcome="unknown"), "contact.live_closed"),
        (OLD, "contact.possible"),
        (replace(OLD, stages=Stages(closed_at=later(-1))), "contact.closed_before"),
        (replace(OLD, stages=Stages(dispatched_at=later(9), enroute_at=later(8))), "contact.order"),
        (replace(OLD, stages=Stages(arrived_at=later(-1))), "contact.order"),
        # a first unit may clear before another arrives
        (replace(OLD, stages=Stages(arrived_at=later(9), cleared_at=later(5))), "contact.possible"),
    ],
)
def test_what_may_be_entered(contact: ContactFacts, rule: str) -> None:
    assert may_enter(contact, at=later(3600)).rule == rule


@pytest.fixture
def importing(db: None) -> Actor:
    floor = an_actor()
    return system(program_id=floor.program_id, agency_id=floor.agency_id, code="import")


@pytest.mark.parametrize(
    ("holder", "rule", "said"),
    [
        ("Anna", "contact.taken", "Already entered: T26-000001, owner Anna."),
        ("", "contact.taken_closed", "Already entered: T26-000001, now closed. Clear the CAD incident number to start a new call."),
    ],
)  # fmt: skip
def test_a_number_that_is_taken_says_by_whom(holder: str, rule: str, said: str) -> None:
    verdict = already_taken("T26-000001", holder)

    assert (verdict.rule, verdict.allowed, verdict.because) == (rule, False, said)


@pytest.mark.usefixtures("db")
def test_a_live_call_opens_an_episode_with_its_card() -> None:
    anna = an_actor()
    row = commands.take_contact(
        by=anna, at=NOON, contact=replace(CALL, card=CardFacts(place="12 Quiet Street"))
    )

    with act_as(anna):
        episode = Episode.objects.get(pk=row.episode_id)
        assert (episode.opened_at, episode.source, episode.holder_member_id) == (
            NOON,
            "live",
            anna.member_id,
        )


def test_back_entry_keeps_the_true_times_and_says_when_it_was_typed(importing: Actor) -> None:
    commands.take_contact(by=importing, at=later(99_999), contact=OLD)

    with act_as(importing):
        episode, contact = Episode.objects.get(), Contact.objects.get()
    assert (episode.opened_at, episode.closed_at, episode.outcome) == (NOON, later(900), "unknown")
    assert (episode.holder_program_id, episode.holder_member_id) == (program_id("911/floor"), None)
    assert contact.received_at == NOON
    assert contact.recorded_at != NOON


def test_an_import_writes_the_same_journal_lines_as_a_hand(importing: Actor) -> None:
    anna = an_actor()
    commands.take_contact(by=anna, at=later(60), contact=replace(CALL, source=Source.PAPER))
    commands.take_contact(
        by=importing, at=later(99_999), contact=replace(OLD, outcome="", stages=Stages())
    )

    with act_as(anna):
        rows = list(Entry.objects.order_by("recorded_at").values_list("kind", "by"))
    assert [kind for kind, _ in rows[:2]] == [kind for kind, _ in rows[2:]]
    assert rows[2][1] == "import"


def test_the_same_number_is_not_entered_twice(importing: Actor) -> None:
    from django.db import IntegrityError

    commands.take_contact(by=importing, at=later(99_999), contact=OLD)
    with pytest.raises(IntegrityError, match="contact_once"):
        commands.take_contact(by=importing, at=later(99_999), contact=OLD)


def test_counted_contacts_are_one_journal_line(importing: Actor) -> None:
    counted = [
        replace(OLD, behavioral=False, outcome="", external_ref=f"INC{n}") for n in range(30)
    ]

    assert commands.count_contacts(by=importing, at=later(99_999), contacts=counted) == 30
    assert commands.count_contacts(by=importing, at=later(99_999), contacts=[]) == 0

    with act_as(importing):
        [entry] = Entry.objects.all()
        assert (entry.kind, '"count":30' in entry.ids) == ("calls.counted", True)
        assert not Episode.objects.exists()


@pytest.mark.usefixtures("db")
def test_who_takes_no_calls_enters_none() -> None:
    with pytest.raises(NotPermitted):
        commands.take_contact(by=an_actor("judith.park"), at=NOON, contact=CALL)
    with pytest.raises(BadInput):
        commands.take_contact(by=an_actor(), at=NOON, contact=replace(CALL, class_code="ghost"))


@pytest.mark.usefixtures("db")
def test_an_import_cannot_close_what_a_person_holds(importing: Actor) -> None:
    from nowrongdoor.episodes import commands as episodes
    from nowrongdoor.episodes.facts import Closing

    row = commands.take_contact(by=an_actor(), at=NOON, contact=CALL)

    assert row.episode_id is not None
    with pytest.raises(Refused):
        episodes.close_episode(
            by=importing, at=later(1), episode_id=row.episode_id, closing=Closing("unknown")
        )


@pytest.mark.usefixtures("db")
def test_the_constraint_stands_behind_the_rule(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    """A bug that closed an episode with nobody accountable would meet the database."""
    commands.take_contact(by=an_actor(), at=NOON, contact=CALL)

    with pytest.raises(psycopg.errors.CheckViolation, match="accountable"):
        admin.execute(
            "UPDATE episodes_episode SET closed_at = %s, outcome = 'x'", [NOON + timedelta(hours=1)]
        )


@pytest.mark.parametrize(
    ("who", "medium", "channel"),
    [
        ("anna.miller", Medium.AUDIO, Channel.CALL_911),
        ("anna.miller", Medium.VIDEO, Channel.CALL_911),
        ("maria.lopez", Medium.AUDIO, Channel.LINE),
        ("maria.lopez", Medium.TEXT, Channel.TEXT),
        ("anna.miller", Medium.IN_PERSON, Channel.WALK_IN),
    ],
)
def test_a_contact_came_as_its_medium_says_or_by_whose_telephone_it_is(
    who: str, medium: Medium, channel: Channel
) -> None:
    assert channel_of(an_actor(who), medium) is channel


@pytest.mark.usefixtures("db")
def test_who_is_on_the_line_is_said_again_by_whoever_takes_calls() -> None:
    anna = an_actor()
    row = commands.take_contact(by=anna, at=NOON, contact=CALL)
    say = partial(
        commands.change_caller, at=later(1), contact_id=row.pk, caller=CallerFacts(language="es")
    )

    changed = say(by=anna)

    assert (changed.caller_language, changed.caller_name) == ("es", "")
    with pytest.raises(Refused):
        say(by=an_actor("carl.jensen"))
