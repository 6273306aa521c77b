"""Rows in every table of `triage`: answers, a duty that was done, a protocol in force and a retired one."""

from nowrongdoor.triage import commands
from tests.makers import a_screening, an_actor, an_episode, later
from tests.triage.drafts import activated, loaded, retire

REFUSED = {
    "triage_answer_stands": "UPDATE triage_answer SET value = 'x'",
    "triage_protocol_is_never_rewritten": "UPDATE triage_protocol SET text = 'x' WHERE retired_at IS NULL",
    "triage_protocol_decision_stands": (
        "UPDATE triage_protocol SET active_from = proved_at WHERE active_from IS NOT NULL"
    ),
}
"""What each table that is never rewritten refuses, where no column's own value would show it."""


def full() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    a_screening(episode, HI="named")
    commands.do_duty(by=anna, at=later(1), episode_id=episode.pk, duty="duty_to_warn_task")
    activated(from_at=later(100))
    retire(loaded(), at=later(100))
