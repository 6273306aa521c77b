"""Rows in every table of `triage`: answers, a duty that was done, a protocol in force and a retired one.

And how its acts are tried.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from nowrongdoor.triage import commands
from nowrongdoor.web.clock import now
from tests.makers import a_screening, an_actor, an_episode, later
from tests.triage.drafts import SIGNERS, activated, changed, drafted, loaded, retire, sign

_versions = count()
CALM = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"} | {
    "ABU": "N", "BHN": "Y", "SI": "none", "HI": "none", "AGE": "adult", "TALK": "Y", "PSY": "N", "SCN": "N"
}  # fmt: skip
REFUSED = {
    "triage_answer_stands": "UPDATE triage_answer SET value = 'x'",
    "triage_clinical_need_stands": "UPDATE triage_clinical_need SET clinical = 'team'",
    "triage_protocol_is_never_rewritten": "UPDATE triage_protocol SET text = 'x' WHERE retired_at IS NULL",
    "triage_protocol_decision_stands": (
        "UPDATE triage_protocol SET active_from = proved_at WHERE active_from IS NOT NULL"
    ),
}
"""What each table that is never rewritten refuses, where no column's own value would show it."""


def full() -> None:
    anna = an_actor()
    episode = an_episode(anna)
    a_screening(episode, HI="named", VIO="Y")
    commands.do_duty(by=anna, at=later(1), episode_id=episode.pk, duty="duty_to_warn_task")
    activated(from_at=later(100))
    retire(loaded(), at=later(100))


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    version = f"1.3.{next(_versions)}"  # each try has one of its own
    row = drafted(changed(version=version), at=now())
    one = {"protocol_id": row.pk}
    first, *others = SIGNERS
    yield SIGNERS[first], "approve_protocol", one, {"approver": first}
    sign(row, *others, at=now())
    yield "ruth.palmer", "activate_protocol", one, {"from_at": ""}
    yield "brian.hale", "retire_protocol", one, {}
    yield from _screened()


def _screened() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    """A call whose level is told by whoever has it, and lowered again."""
    maria = an_actor("maria.lopez")
    warned, episode = an_episode(maria, at=now()), an_episode(maria, at=now())
    a_screening(warned, maria, at=now(), HI="named")
    duty = {"duty": "duty_to_warn_task"}
    yield "maria.lopez", "do_duty", {"episode_id": warned.pk}, duty
    danger = an_episode(maria, at=now())
    a_screening(danger, maria, at=now(), SI="active", WPN="in_reach", GUN="Y")
    owed = {"episode_id": danger.pk}
    yield "maria.lopez", "send_clinician", owed, {}
    yield "maria.lopez", "end_clinical_need", owed, {"reason": "declined"}
    here = {"episode_id": episode.pk}
    a_screening(episode, maria, at=now(), **CALM)
    yield "maria.lopez", "recommend", here, {"level": "3B"}
    commands.recommend(by=maria, at=now(), level="2", **here)
    yield "thomas.baker", "lower", here, {"level": "2", "reason": "new_facts"}
