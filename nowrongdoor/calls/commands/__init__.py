"""Every change to contacts, lines, searches and what was sent. Nothing else writes them.

Lock order: episode, then leg (or search, sending, pull). What `episodes` and `triage` do is called
before anything is written here; the journal line comes last.
"""

from nowrongdoor.calls.commands.alarms import acknowledge_alarm
from nowrongdoor.calls.commands.arrivals import attest_arrival, receive_person
from nowrongdoor.calls.commands.call_requests import (
    decline_request,
    hand_over,
    request_call,
    write_plan,
)
from nowrongdoor.calls.commands.callbacks import (
    alert_call_back,
    promise_call_back,
    record_call_back,
)
from nowrongdoor.calls.commands.contacts import (
    change_caller,
    count_contacts,
    lock_caller,
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
from nowrongdoor.calls.commands.external_responders import (
    alert_rescue,
    escalate,
    record_contact_made,
    record_dispatched,
    record_not_located,
)
from nowrongdoor.calls.commands.later import complete_contact, complete_counted
from nowrongdoor.calls.commands.legs import (
    accept_watch,
    join_line,
    leave_line,
    lose_line,
    offer_watch,
)
from nowrongdoor.calls.commands.lines import report_line_down, report_line_up
from nowrongdoor.calls.commands.searches import (
    alert_search,
    change_card,
    lose_caller,
    record_attempt,
    start_search,
)
from nowrongdoor.calls.commands.seeing import acknowledge_level, answer
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
    "acknowledge_alarm",
    "acknowledge_level",
    "alert_alone",
    "alert_call_back",
    "alert_reminder",
    "alert_rescue",
    "alert_search",
    "alert_watch",
    "alert_watch_supervisor",
    "answer",
    "assume_all",
    "assume_call",
    "attest_arrival",
    "attest_transfer",
    "change_caller",
    "change_card",
    "close_call",
    "complete_contact",
    "complete_counted",
    "count_contacts",
    "decline_request",
    "escalate",
    "hand_over",
    "join_line",
    "leave_line",
    "lock_caller",
    "lose_caller",
    "lose_line",
    "offer_transfer",
    "offer_watch",
    "promise_call_back",
    "reattach",
    "receive_person",
    "record_attempt",
    "record_call_back",
    "record_contact_made",
    "record_dispatched",
    "record_not_located",
    "relieve_all",
    "report_line_down",
    "report_line_up",
    "request_call",
    "return_person",
    "start_search",
    "take_back",
    "take_contact",
    "take_from_queue",
    "write_plan",
]
