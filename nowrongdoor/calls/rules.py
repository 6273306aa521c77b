"""What may be entered as a contact."""

from datetime import datetime
from itertools import pairwise

from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.episodes.facts import Source
from nowrongdoor.kernel.verdict import Verdict, no, yes


def may_enter(contact: ContactFacts, *, at: datetime) -> Verdict:
    """Say whether a contact's times can be true.

    Units: `at` is when it is entered. A live contact is received now; one entered afterwards
        was received earlier. What is missing is missing, never refused for it.
    Source: DECISIONS 7: "an impossible order is a reject"; TIMES in order of CAD's own chain.
    """
    if contact.at > at:
        return no("contact.future", "This time lies in the future.")
    if contact.source is Source.LIVE and contact.outcome:
        return no("contact.live_closed", "A live call is closed on its own page.")
    stages = contact.stages
    chain = (contact.at, stages.dispatched_at, stages.enroute_at, stages.arrived_at)
    known = [each for each in chain if each is not None]
    if any(later < earlier for earlier, later in pairwise(known)):
        return no("contact.order", "These times are in an impossible order.")
    if stages.closed_at is not None and stages.closed_at < contact.at:
        return no("contact.closed_before", "It was closed before it was received.")
    return yes("contact.possible")
