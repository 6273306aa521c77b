"""The gate: what of an offer a guest may read. The one place that decides it."""

from dataclasses import dataclass

from nowrongdoor.episodes.offer_queries import OfferedRow
from nowrongdoor.guests.facts import State


@dataclass(frozen=True, slots=True)
class Fields:
    """Class D1: incident, location, safety. '' where it is not known, or not shown."""

    happened: str = ""
    place: str = ""
    zone: str = ""
    callback: str = ""
    name_given: str = ""
    note: str = ""


def fields(offer: OfferedRow, state: State) -> Fields:
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
        )
    if state is State.ACCEPTED and offer.stands:
        return Fields(callback=card.callback, name_given=card.name_given)
    return Fields()
