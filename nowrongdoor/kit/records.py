"""A record that several people change: what stands, and what is newer than a page.

Whoever saves says again what stands, under its lock, of all that they did not touch. What somebody
else wrote meanwhile where they did is shown beside what they typed, and never replaced unseen.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import QueryDict

from nowrongdoor.community.queries import CODES
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import no
from nowrongdoor.kit.posted import WAS, text_of, touched
from nowrongdoor.web.inputs import Inputs

Stands = Callable[..., object]
"""Called as stands(by, **ids): locks a record, and answers the values in force as its attributes."""
Values = Mapping[str, object]
"""By parameter."""
CHANGED = no(
    "field.changed",
    "Someone else changed this in the meantime. Review both, then save the correct one.",
)


def in_force(stands: Stands, inputs: Inputs, by: Actor, ids: Mapping[str, UUID]) -> Values:
    """The values of a record, which is locked until the transaction ends."""
    row = stands(by, **ids)
    return {each.name: getattr(row, each.name) for each in inputs}


def check(inputs: Inputs, typed: Values) -> None:
    """Let each field have its say before any row is looked at. Errors: BadInput."""
    for each in inputs:
        if each.name in typed:
            each.check(typed[each.name], CODES)


def newer(inputs: Inputs, posted: QueryDict, standing: Values) -> dict[str, str]:
    """What somebody else wrote since the page was drawn, of the fields that were touched on it.

    That is what is neither what the page began with nor what is typed.
    """
    found: dict[str, str] = {}
    for each in inputs:
        name, value = each.sent_as, in_words(standing[each.name])
        known = (text_of(posted, WAS + name), text_of(posted, name))
        if WAS + name in posted and touched(posted, name) and value not in known:
            found[name] = value
    return found


def in_words(value: object) -> str:
    """A value as a page sends it."""
    if value is True:
        return "yes"
    return "" if value is None or value is False else str(value)
