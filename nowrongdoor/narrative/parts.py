"""The log, as a part of a call's desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part
from nowrongdoor.narrative import pages, queries
from nowrongdoor.narrative.own import class_name
from nowrongdoor.sharing.said import DATA, said


def read_log(by: Actor, episode_id: UUID, /, *, at: datetime) -> dict[str, Any] | None:
    """The log as a call's desk shows it; None to whoever writes on no call or does not work on this one."""
    log = queries.log(by, episode_id) if granted(by, Action.WRITE_NOTE) else None
    if log is None:
        return None
    with act_as(by):
        own = said(DATA, class_name(by))
    return {"log": log, "own": own} | pages.choices(by, at=at)


LOG = Part("log", "narrative/log.html", read_log)
