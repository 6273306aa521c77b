"""A call's card: whoever works on the call has a line of the ledger for the card that they read."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, Proposal
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.verdict import NotPermitted, Refused
from nowrongdoor.sharing.models import Disclosure
from tests.dispatch.floor import a_request
from tests.makers import accepted, an_actor, an_episode, an_offer, later, program_id, seen
from tests.sharing.tables import in_force, without

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
ANNA, MARIA = "anna.miller", "maria.lopez"
LINE = "line/counselors"
UNTOLD = """
SELECT e.label, p.code FROM episodes_episode e
CROSS JOIN LATERAL unnest(e.worked_by) AS works JOIN agencies_program p ON p.id = works
CROSS JOIN LATERAL (SELECT c.id FROM episodes_card c WHERE c.episode_id = e.id
    ORDER BY c.made_at DESC, c.id DESC LIMIT 1) latest
CROSS JOIN LATERAL (SELECT c.made_by_program_id AS program_id FROM episodes_card c WHERE c.episode_id = e.id
    ORDER BY c.made_at, c.id LIMIT 1) opened
WHERE works <> opened.program_id AND NOT EXISTS (SELECT FROM sharing_disclosure d
    WHERE d.record_kind = 'card' AND d.record_id = latest.id AND d.to_program_id = works)
"""
"""Programs that work on a call whose latest card nobody wrote down that they were told."""


def lines(episode_id: UUID, by: str = ANNA) -> list[Disclosure]:
    with act_as(an_actor(by)):
        return list(Disclosure.objects.filter(episode_id=episode_id).order_by("at", "id"))


def lines_to_the_line(episode: Episode) -> list[Disclosure]:
    return [each for each in lines(episode.pk) if each.to_program_id == program_id(LINE)]


def change(episode: Episode, by: str, at: datetime, place: str) -> None:
    card = CardFacts(place=place, callback="", name_given="")
    episodes.change_card(by=an_actor(by), at=at, episode_id=episode.pk, card=card)


def open_offer(episode: Episode) -> Handoff:
    with act_as(an_actor(ANNA)):
        return Handoff.objects.filter(
            episode_id=episode.pk, accepted_at=None, declined_at=None, withdrawn_at=None
        )[0]


def act(name: str, episode: Episode, at: datetime) -> None:
    """One thing that a desk may do with a call; most are refused, depending on how it stands."""
    anna, maria, carl = (an_actor(each) for each in (ANNA, MARIA, "carl.jensen"))
    to_line = Proposal(episode.pk, "warm_transfer", program_id(LINE), None)
    to_911 = Proposal(episode.pk, "return_to_911", program_id("911/floor"), None)
    acts: dict[str, Callable[[], object]] = {
        "anna changes": lambda: change(episode, ANNA, at, f"by Anna {at}"),
        "maria changes": lambda: change(episode, MARIA, at, f"by Maria {at}"),
        "offer": lambda: calls.offer_transfer(by=anna, at=at, proposal=to_line),
        "return": lambda: calls.offer_transfer(by=maria, at=at, proposal=to_911),
        "accept": lambda: calls.accept_transfer(by=maria, at=at, handoff_id=open_offer(episode).pk),
        "take back": lambda: calls.accept_transfer(
            by=anna, at=at, handoff_id=open_offer(episode).pk
        ),
        "decline": lambda: episodes.decline_offer(
            by=maria, at=at, handoff_id=open_offer(episode).pk, reason="capacity"
        ),
        "withdraw": lambda: episodes.withdraw_offer(
            by=anna, at=at, handoff_id=open_offer(episode).pk
        ),
        "ask for a team": lambda: a_request(episode, anna, at=at),
        "the line asks": lambda: a_request(episode, maria, at=at),
        "carl changes": lambda: change(episode, carl.code, at, "by the desk"),
    }
    acts[name]()


ACTS = (
    *("anna changes", "maria changes", "offer", "return", "accept", "take back", "decline"),
    *("withdraw", "ask for a team", "the line asks", "carl changes"),
)


@pytest.mark.parametrize("seed", range(4))
def test_no_program_works_on_a_call_whose_card_it_was_not_told(admin: Admin, seed: int) -> None:
    chance, episode = Random(seed), an_episode(place="12 Quiet Street")
    done = 0

    for step in range(14):
        with suppress(Refused, IndexError):
            act(chance.choice(ACTS), episode, later(step * 10 + 1))
            done += 1
        assert admin.execute(UNTOLD).fetchall() == [], step

    assert done > 3


def test_the_question_above_finds_who_was_not_told(admin: Admin) -> None:
    """The control: a card that somebody put there past the commands."""
    episode = an_episode()
    accepted(episode)
    assert admin.execute(UNTOLD).fetchall() == []

    admin.execute(
        "INSERT INTO episodes_card SELECT (jsonb_populate_record(c, jsonb_build_object("
        "'id', gen_random_uuid(), 'made_at', c.made_at + interval '1 h'))).* FROM episodes_card c"
    )

    untold = {code for _label, code in admin.execute(UNTOLD)}
    assert untold == {
        "counselors",
        "in-center",
    }  # 911's own clinicians work on it from its first second


def test_each_version_has_its_line_and_whoever_opened_the_call_has_none() -> None:
    episode = an_episode(place="12 Quiet Street")
    change(episode, ANNA, later(1), "14 Quiet Street")
    assert [each.record_kind for each in lines_to_the_line(episode)] == ["feed"]

    accepted(episode, at=later(2))
    change(episode, MARIA, later(3), "16 Quiet Street")

    told = [each for each in lines_to_the_line(episode) if each.record_kind == "card"]
    assert program_id("911/floor") not in {each.to_program_id for each in lines(episode.pk)}
    assert {each.from_program_id for each in told} == {program_id("911/floor")}
    assert len(told) == len({each.record_id for each in told}) == 2
    assert {each.row for each in told} == {"A01"}


def test_a_feed_is_told_while_its_agreement_runs_and_nobody_after_it() -> None:
    """MOU-01 runs until the end of June 2027."""
    while_it_runs, after = an_episode(), an_episode(at=datetime(2027, 7, 2, 19, tzinfo=UTC))

    assert seen(an_actor(MARIA), while_it_runs.pk) is not None
    assert seen(an_actor(MARIA), after.pk) is None
    [line] = lines_to_the_line(while_it_runs)
    assert (line.record_kind, line.channel) == ("feed", "stream")
    assert line.agreement_id is not None
    assert lines_to_the_line(after) == []


def test_a_gate_that_denies_undoes_the_whole_offer(admin: Admin) -> None:
    episode, anna = an_episode(), an_actor()
    before = admin.execute("SELECT count(*) FROM journal_entry").fetchone()
    with act_as(anna):
        working = Episode.objects.get(pk=episode.pk).worked_by

    with in_force(admin, without("A01")), pytest.raises(NotPermitted) as refused:
        an_offer(episode, anna, at=later(1))

    assert refused.value.verdict.rule == "gate.card"
    assert "911" in refused.value.verdict.because
    with act_as(anna):
        assert not Handoff.objects.exists()
        assert Episode.objects.get(pk=episode.pk).worked_by == working
    assert admin.execute("SELECT count(*) FROM journal_entry").fetchone() == before
    an_offer(episode, anna, at=later(2))  # and is made once the table is the community's again
