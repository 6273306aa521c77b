"""Every change to episodes, parties, cards and handoffs. Nothing else writes them.

Lock order: episode (the one joined into first, then by id), then handoff. A deadline is written
or cancelled after both. The journal line comes last.
"""

from nowrongdoor.episodes.commands.arrivals import (
    attest_arrival,
    receive_arrival,
    receive_as_guest,
)
from nowrongdoor.episodes.commands.closing import close_episode
from nowrongdoor.episodes.commands.guest import (
    accept_as_guest,
    decline_as_guest,
    hold_for_guest,
)
from nowrongdoor.episodes.commands.handoffs import (
    accept_offer,
    alert_not_met,
    alert_unanswered,
    attest_offer,
    confirm_contact,
    decline_offer,
    offer_episode,
    withdraw_offer,
)
from nowrongdoor.episodes.commands.joining import join_by_number, join_episode, separate_episode
from nowrongdoor.episodes.commands.opening import (
    change_card,
    classify_episode,
    lock_card,
    lock_class,
    lock_episode,
    open_episode,
    reclassify,
    set_pointer,
)
from nowrongdoor.episodes.commands.persons import forget_person, identify_person, new_person
from nowrongdoor.episodes.commands.relief import (
    accept_relief,
    assume_episode,
    batch_episodes,
    relieve,
    take_back_episode,
    take_episode,
)
from nowrongdoor.episodes.commands.searching import record_search
from nowrongdoor.episodes.commands.sharing import (
    grant_program,
    hold_if_free,
    lock_episodes,
    release_program,
)

__all__ = [
    "accept_as_guest",
    "accept_offer",
    "accept_relief",
    "alert_not_met",
    "alert_unanswered",
    "assume_episode",
    "attest_arrival",
    "attest_offer",
    "batch_episodes",
    "change_card",
    "classify_episode",
    "close_episode",
    "confirm_contact",
    "decline_as_guest",
    "decline_offer",
    "forget_person",
    "grant_program",
    "hold_for_guest",
    "hold_if_free",
    "identify_person",
    "join_by_number",
    "join_episode",
    "lock_card",
    "lock_class",
    "lock_episode",
    "lock_episodes",
    "new_person",
    "offer_episode",
    "open_episode",
    "receive_arrival",
    "receive_as_guest",
    "reclassify",
    "record_search",
    "release_program",
    "relieve",
    "separate_episode",
    "set_pointer",
    "take_back_episode",
    "take_episode",
    "withdraw_offer",
]
