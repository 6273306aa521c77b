"""What may be passed on with a person: the answers that travel, and answers in words."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.models import Answer
from nowrongdoor.triage.queries import protocol


def travelling(by: Actor, episode_id: UUID) -> dict[str, str]:
    """Those of them that go with the call, whoever asked: what may be passed on with a person."""
    with act_as(by):
        rows = Answer.objects.filter(episode_id=episode_id, travels=True)
        latest = rows.order_by("question", "-step").distinct("question")
        return dict(latest.values_list("question", "value"))


def in_words(by: Actor, question: str, value: str, *, at: datetime) -> str:
    """An answer as the protocol in force says it; '' of none."""
    if not value:
        return ""
    if value == "U":
        return gettext("Unknown")
    asked = next((each for each in protocol(by, at=at).questions if each.id == question), None)
    said = {} if asked is None else asked.says.get(value, {})
    return said.get(by.language) or said.get("en", "")
