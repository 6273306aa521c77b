"""The one next step of a call for whoever has its page open. Pure.

Source: the call page follows the level: what it asks for is done in order, police and ambulance first.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

ASK = "ask"
"""The step that puts the hand on the next question."""


@dataclass(frozen=True, slots=True)
class Need:
    """One axis of the response. `button`: what does it here, '' where nothing can; `urgent`: now, before all else."""

    key: str
    button: str
    open: bool
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a call decides its next step, for one person.

    `acts`: the keys of the acts that are open to them on the page. `holds`: they own it, and it is open.
    """

    acts: frozenset[str]
    holds: bool
    screens: bool = False
    screened: bool = False
    stops_open: bool = False
    needs: tuple[Need, ...] = ()
    transfer: str = ""
    """The label of the first way on; '' where there is none or one is offered already."""
    offered: bool = False
    """An offer of theirs waits for an answer."""
    may_leave: bool = False
    """They monitor a line that somebody else owns."""
    counselor_needed: bool = False
    """The level asks for a counselor on the phone, and none has the call."""


@dataclass(frozen=True, slots=True)
class Step:
    """`key`: of the act that the button does, or ASK."""

    key: str
    label: str


def next_step(now: Standing) -> Step | None:
    """The step, or None where nothing is left to do or somebody else's answer is waited for.

    Shape: what was offered to them, and what they must have seen, before all else; then, for the owner, who is
        needed now, the emergency questions, the team, the counselor. A transfer never waits for a question that
        is not an emergency question.
    """
    first = _answers(now)
    if first is not None:
        return first
    if not now.holds:
        return Step("l", gettext("Drop off")) if now.may_leave else None
    return _owner(now)


def _answers(now: Standing) -> Step | None:
    labels = (
        ("v", gettext("Acknowledge the higher level")),
        ("a", gettext("Accept by name")),
        ("c", gettext("Contact made")),
        ("t", gettext("Take the call")),
    )
    return next((Step(key, label) for key, label in labels if key in now.acts), None)


def _owner(now: Standing) -> Step | None:
    needs = [each for each in now.needs if each.open and each.button]
    urgent = [each for each in needs if each.urgent]
    for each in urgent or (() if _asking(now) else needs):
        return Step(each.key, each.button)
    if _asking(now):
        finish = gettext("Finish the emergency questions")
        return Step(ASK, finish if now.screened else gettext("Ask the emergency questions"))
    if now.offered:
        return None
    if now.counselor_needed and now.transfer:
        return Step("t", now.transfer)
    return Step("f", gettext("Close call")) if "f" in now.acts else None


def _asking(now: Standing) -> bool:
    return now.screens and (now.stops_open or not now.screened)
