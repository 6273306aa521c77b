"""Every change to contacts, lines, searches and what was sent. Nothing else writes them.

Lock order: episode, then leg (or search, sending, pull). What `episodes` and `triage` do is called
before anything is written here; the journal line comes last.
"""

from nowrongdoor.calls.commands.callbacks import (
    alert_call_back,
    promise_call_back,
    say_called_back,
)
from nowrongdoor.calls.commands.contacts import (
    change_caller,
    count_contacts,
    reattach,
    take_contact,
)
from nowrongdoor.calls.commands.endings import (
    alert_alone,
    alert_reminder,
    alert_watch,
    alert_watch_supervisor,
    close_call,
)
from nowrongdoor.calls.commands.legs import (
    accept_watch,
    join_line,
    leave_line,
    lose_line,
    offer_watch,
)
from nowrongdoor.calls.commands.lines import say_line_down, say_line_up
from nowrongdoor.calls.commands.pulls import ask_for, give, keep, write_plan
from nowrongdoor.calls.commands.searches import (
    alert_search,
    change_card,
    lose_caller,
    seek,
    try_to_find,
)
from nowrongdoor.calls.commands.seeing import answer, see_level
from nowrongdoor.calls.commands.sent import (
    alert_rescue,
    escalate,
    say_met,
    say_not_found,
    say_sent,
)
from nowrongdoor.calls.commands.transfers import (
    accept_relief,
    accept_transfer,
    assume_all,
    assume_call,
    attest_transfer,
    offer_transfer,
    relieve_all,
    return_person,
    take_back,
    take_from_queue,
)

__all__ = [
    "accept_relief",
    "accept_transfer",
    "accept_watch",
    "alert_alone",
    "alert_call_back",
    "alert_reminder",
    "alert_rescue",
    "alert_search",
    "alert_watch",
    "alert_watch_supervisor",
    "answer",
    "ask_for",
    "assume_all",
    "assume_call",
    "attest_transfer",
    "change_caller",
    "change_card",
    "close_call",
    "count_contacts",
    "escalate",
    "give",
    "join_line",
    "keep",
    "leave_line",
    "lose_caller",
    "lose_line",
    "offer_transfer",
    "offer_watch",
    "promise_call_back",
    "reattach",
    "relieve_all",
    "return_person",
    "say_called_back",
    "say_line_down",
    "say_line_up",
    "say_met",
    "say_not_found",
    "say_sent",
    "see_level",
    "seek",
    "take_back",
    "take_contact",
    "take_from_queue",
    "try_to_find",
    "write_plan",
]
