"""The gate: what of an offer a guest may read. The one place that decides it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.episodes.offer_queries import OfferedRow
from nowrongdoor.guests.facts import Known, State
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook

NOTHING = Known()
KNOWN: Hook[Callable[[Actor, UUID, datetime], Known]] = Hook("what else a guest is told")
"""Given by the modules above, which know of levels and units: the guest, the episode, now."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Class D1: incident, location, safety. '' where it is not known, or not shown."""

    happened: str = ""
    place: str = ""
    zone: str = ""
    callback: str = ""
    name_given: str = ""
    note: str = ""
    known: Known = NOTHING
    """What else is told while somebody is asked, or on the way."""


def fields(offer: OfferedRow, state: State, known: Known = NOTHING) -> Fields:
    """What travels with the offer while it is open, and while the person is still on the way to whoever
    said yes; whom to call back while it was accepted.

    Afterwards nothing: not once it was declined, withdrawn, answered by somebody else, or once
    the person went on to another holder.
    """
    card = offer.card
    if state in (State.OPEN, State.PROMISED):
        return Fields(
            happened=offer.happened,
            place=card.place,
            zone=offer.zone,
            callback=card.callback,
            name_given=card.name_given,
            note=card.note,
            known=known,
        )
    if state is State.ACCEPTED and offer.stands:
        return Fields(callback=card.callback, name_given=card.name_given)
    return Fields()
