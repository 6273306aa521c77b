"""What is answered, and what becomes of the level: raised by itself, lowered by a named act."""

import json
from dataclasses import replace

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.journal.models import Entry
from nowrongdoor.triage import commands, queries, screen, step
from nowrongdoor.triage.facts import Level
from nowrongdoor.triage.models import DutyDone, Screening
from tests.makers import NOON, a_screening, accepted, an_actor, an_episode, later
from tests.triage.desks import STOPS, kinds, refusal_of, screened, shared
from tests.triage.drafts import activated, changed

pytestmark = pytest.mark.usefixtures("db")


def test_before_a_hard_stop_is_answered_a_call_is_not_screened() -> None:
    episode, anna = an_episode(), an_actor()

    row = a_screening(episode, REL="self", AGE="adult")

    assert (row.screened, row.level, row.provisional, row.rose) == (False, "E", True, False)
    assert queries.levels(anna, [episode.pk]) == queries.shown(anna, [episode.pk]) == {}
    need = screen.need(anna, at=NOON, episode_id=episode.pk)
    assert (need.level, need.why, need.response, need.provisional) == ("", "", None, True)
    assert a_screening(episode, HI="named").rose  # what is said rises all the same
    [duty] = [
        each
        for each in screen.need(anna, at=NOON, episode_id=episode.pk).duties
        if each.id == "duty_to_warn_task"
    ]
    assert not duty.done
    unscreened = {"by": an_actor("denise.wright"), "at": NOON, "episode_id": episode.pk}
    assert refusal_of(lambda: commands.recommend(**unscreened, level="3A"))


def test_a_level_so_far_is_shown_names_only_what_was_answered_and_does_not_stick() -> None:
    episode, anna = an_episode(), an_actor()

    first = a_screening(episode, ACT="N")
    so_far = queries.needs(anna, [episode.pk])[episode.pk]
    denied = a_screening(episode, **STOPS)
    asked = screened(episode)

    assert (first.shown, first.standing, first.provisional, first.rule) == ("E", "X", True, "")
    assert so_far.because == "Questions still open"
    assert (so_far.response.police, so_far.response.ems) == ("now", "now")
    assert (denied.shown, denied.provisional) == ("2", True)  # the minimum is open
    assert (asked.shown, asked.standing, asked.provisional, asked.rule) == ("2", "2", False, "L23")


def test_what_is_not_known_sticks_only_once_the_minimum_was_asked() -> None:
    episode = an_episode()

    first = a_screening(episode, **STOPS | {"WPN": "U"})
    asked = screened(episode, WPN="U")
    cleared = a_screening(episode, WPN="none")

    assert (first.shown, first.standing, first.provisional) == ("3B", "X", True)
    assert (asked.standing, asked.provisional) == ("3B", False)
    assert (cleared.level, cleared.standing) == ("2", "3B")


def test_a_follow_up_that_was_not_asked_is_shown_as_unknown_and_does_not_stick() -> None:
    episode = an_episode()

    thoughts = screened(episode, SI="active", TALK="N")
    denied = a_screening(episode, PLAN="N", MEANS="N", TIME="none")

    assert (thoughts.shown, thoughts.standing, thoughts.rule) == ("3B", "3A", "L09")
    assert (denied.shown, denied.standing, denied.rule) == ("3A", "3A", "L21")


def test_an_answered_hard_stop_sticks_though_the_answer_changes() -> None:
    episode = an_episode()

    danger = screened(episode, WPN="in_hand")
    taken_away = a_screening(episode, WPN="none")

    assert (danger.shown, danger.standing, danger.rule) == ("4", "4", "L02")
    assert (taken_away.level, taken_away.standing, taken_away.shown) == ("2", "4", "4")
    assert taken_away.police == "now"


def test_each_axis_keeps_the_most_whichever_level_stands() -> None:
    episode = an_episode()

    medical = screened(episode, MED="Y")
    danger = a_screening(episode, MED="N", VIO="Y")

    assert (medical.standing, medical.police, medical.ems) == ("E", "none", "now")
    assert (danger.level, danger.standing) == ("4", "4")  # of E and 4 what was found last
    assert (danger.police, danger.ems, danger.rose) == ("now", "now", True)


def test_a_step_tells_the_journal_that_and_whether_it_rose_and_nothing_else() -> None:
    episode, anna = an_episode(), an_actor()

    screened(episode)
    a_screening(episode, WPN="in_hand")

    assert kinds(anna) == ["triage.screened", "triage.screened", "triage.rose", "triage.need_began"]
    with act_as(anna):
        told = json.loads(Entry.objects.get(kind="triage.rose").ids)
    assert set(told) == {"screening_id", "step"}


def test_what_the_weather_says_is_weighed_and_cannot_be_answered() -> None:
    episode = an_episode()
    heat = refusal_of(lambda: a_screening(episode, HOT="Y"))

    with act_as(an_actor()):
        known = step.so_far(episode.pk, at=NOON).known
    assert heat == "answer.external"
    assert known == {"HOT": "N"}


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "answers.none"),
        ({"GHOST": "Y"}, "answer.question"),
        ({"WPN": "sword"}, "answer.value"),
    ],
)
def test_an_answer_that_the_protocol_does_not_know_is_refused(
    given: dict[str, str], rule: str
) -> None:
    episode = an_episode()

    assert refusal_of(lambda: a_screening(episode, **given)) == rule
    with act_as(an_actor()):
        assert not Screening.objects.exists()


def test_who_only_knows_that_somebody_is_there_screens_nobody() -> None:
    episode, maria = an_episode(), an_actor("maria.lopez")

    assert refusal_of(lambda: screened(episode, maria)) == "screen.not_working"
    accepted(episode, an_actor(), to=maria)
    assert screened(episode, maria).step == 1


def test_nobody_screens_a_closed_episode() -> None:
    episode, anna = an_episode(), an_actor()
    screened(episode)
    over = Closing("information", declined_by_person=True)
    episodes.close_episode(by=anna, at=later(1), episode_id=episode.pk, closing=over)

    assert refusal_of(lambda: a_screening(episode, WPN="in_hand")) == "screen.closed"


def test_a_counselor_raises_alone_and_at_once() -> None:
    episode, _anna, maria = shared()
    screened(episode)

    row = commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="4")

    assert (row.standing, row.shown, row.said, row.rose) == ("4", "4", "4", True)
    assert (row.level, row.rule) == ("2", "L23")  # what the rules say stays beside it
    assert (row.police, row.ems) == ("now", "staged")
    assert kinds(maria)[-2:] == ["triage.recommended", "triage.rose"]


def test_e_beside_4_raises_the_ambulance_and_keeps_the_police() -> None:
    episode, _anna, maria = shared()
    screened(episode, WPN="in_hand")

    row = commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="E")

    assert (row.standing, row.shown, row.said) == ("E", "E", "E")
    assert (row.police, row.ems, row.rose) == ("now", "now", True)


def test_a_counselor_lifts_a_person_out_of_the_standard_protocol() -> None:
    episode, _anna, maria = shared()
    assert screened(episode, BHN="N").standing == "X"

    row = commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="3A")

    assert (row.standing, row.shown, row.clinical) == ("3A", "3A", "team")


@pytest.mark.parametrize("lower", ["2", "X"])
def test_a_lower_recommendation_is_written_down_and_lowers_nothing(lower: str) -> None:
    episode, _anna, maria = shared()
    screened(episode, WPN="in_reach")

    row = commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level=lower)

    assert (row.standing, row.shown, row.said, row.rose) == ("3B", "3B", lower, False)
    assert (row.police, row.clinical) == ("staged", "pair")


def test_recommending_the_standard_protocol_adds_nothing_to_what_goes() -> None:
    """Even where a community's file says that something goes with X."""
    activated(changed(("X: {standard: true}", "X: {police: now, standard: true}")))
    episode, _anna, maria = shared()
    screened(episode, WPN="in_reach")

    row = commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="X")

    assert (row.standing, row.police) == ("3B", "staged")


def test_a_provisional_level_stays_above_a_recommendation() -> None:
    episode, _anna, maria = shared()
    a_screening(episode, **STOPS | {"VIO": "U"})

    row = commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="3A")

    assert (row.standing, row.shown, row.provisional) == ("3A", "3B", True)
    assert row.shown_police == "staged"


def test_a_counselor_s_lower_level_needs_a_second_person() -> None:
    episode, _anna, maria = shared()
    screened(episode, WPN="in_reach")
    lower = {"episode_id": episode.pk, "to": "2", "reason": "new_facts"}
    thomas = an_actor("thomas.baker")
    unsaid = refusal_of(lambda: commands.lower(by=thomas, at=later(1), **lower))
    commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="2")

    alone = refusal_of(lambda: commands.lower(by=maria, at=later(2), **lower))
    row = commands.lower(by=thomas, at=later(3), **lower)

    assert (unsaid, alone) == ("lower.role", "lower.alone")
    assert (row.standing, row.shown, row.reason) == ("2", "2", "new_facts")
    assert (row.by_member_id, row.agreed_with_id) == (thomas.member_id, maria.member_id)
    assert (row.police, row.clinical) == ("staged", "pair")  # what was sent is not recalled
    assert kinds(maria)[-1] == "triage.lowered"


def test_whoever_screens_may_agree_to_what_a_counselor_said() -> None:
    episode, anna, maria = shared()
    screened(episode, WPN="in_reach")
    commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="2")

    row = commands.lower(by=anna, at=later(2), episode_id=episode.pk, to="2", reason="caller_tone")

    assert row.standing == "2"


def test_what_a_counselor_said_before_the_need_rose_lowers_nothing() -> None:
    episode, anna, maria = shared()
    screened(episode, WPN="in_reach")
    commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="2")
    a_screening(episode, WPN="in_hand", at=later(2))

    rule = refusal_of(
        lambda: commands.lower(
            by=anna, at=later(3), episode_id=episode.pk, to="2", reason="caller_tone"
        )
    )

    assert rule == "lower.role"


def test_a_supervisor_lowers_alone() -> None:
    episode, _anna, _maria = shared()
    screened(episode, WPN="in_hand")
    denise = an_actor("denise.wright")

    row = commands.lower(
        by=denise, at=later(1), episode_id=episode.pk, to="3A", reason="supervisor_order"
    )

    assert (row.standing, row.shown, row.agreed_with_id) == ("3A", "3A", None)
    assert (row.level, row.rule) == ("4", "L02")


@pytest.mark.parametrize(
    ("who", "to", "reason", "rule"),
    [
        ("denise.wright", "2", "", "field.needed"),
        ("denise.wright", "2", "because", "code.unknown"),
        ("denise.wright", "9", "new_facts", "code.unknown"),
        ("denise.wright", "4", "new_facts", "lower.not_lower"),
        ("denise.wright", "E", "new_facts", "lower.not_lower"),
        ("anna.miller", "2", "new_facts", "lower.role"),
        ("maria.lopez", "2", "new_facts", "lower.role"),
        ("denise.wright", "2", "new_facts", ""),
    ],
)
def test_when_a_level_is_not_lowered(who: str, to: str, reason: str, rule: str) -> None:
    episode, _anna, _maria = shared()
    screened(episode, WPN="in_hand")
    by = an_actor(who)

    def act() -> None:
        commands.lower(by=by, at=later(1), episode_id=episode.pk, to=to, reason=reason)

    if rule:
        assert refusal_of(act) == rule
    else:
        act()
    with act_as(by):
        assert Screening.objects.filter(cause="lowered").exists() is (rule == "")


def test_a_provisional_level_is_not_lowered_and_an_unscreened_person_has_none() -> None:
    episode, _anna, _maria = shared()
    ruth = an_actor("ruth.palmer")

    def act() -> None:
        commands.lower(by=ruth, at=later(1), episode_id=episode.pk, to="1", reason="new_facts")

    unscreened = refusal_of(act)
    a_screening(episode, WPN="in_hand")
    provisional = refusal_of(act)
    screened(episode)
    act()

    assert (unscreened, provisional) == ("recommend.unscreened", "lower.provisional")


def test_a_duty_is_done_once_and_by_name() -> None:
    episode, anna = an_episode(), an_actor()
    screened(episode, HI="named", GUN="N")

    def do(duty: str) -> DutyDone:
        return commands.do_duty(by=anna, at=later(1), episode_id=episode.pk, duty=duty)

    unasked = refusal_of(lambda: do("mandated_report"))
    row = do("duty_to_warn_task")
    again = refusal_of(lambda: do("duty_to_warn_task"))

    assert (unasked, again) == ("duty.not_named", "duty.done")
    assert row.by_member_id == anna.member_id
    need = queries.needs(anna, [episode.pk])[episode.pk]
    assert need.open_duties == ()
    assert kinds(anna)[-1] == "triage.duty_done"


@pytest.mark.parametrize("command", ["screen", "recommend", "lower", "do_duty"])
def test_a_role_that_screens_nobody_is_refused_by_the_command(command: str) -> None:
    """An officer in a program that works on it, for instance."""
    episode, _anna, maria = shared()
    screened(episode, WPN="in_hand")
    officer = replace(maria, role="officer")
    more = {
        "screen": {"given": STOPS},
        "recommend": {"level": "2"},
        "lower": {"to": "2", "reason": "new_facts"},
        "do_duty": {"duty": "ems_now"},
    }

    act = getattr(commands, command)
    rule = refusal_of(lambda: act(by=officer, at=later(2), episode_id=episode.pk, **more[command]))

    assert rule == "role.not_granted"
    assert queries.needs(officer, [episode.pk])[episode.pk].shown is Level.DANGER
