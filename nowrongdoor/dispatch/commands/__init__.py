"""Every change to units' crews, requests, assignments, signs of life and cautions. Nothing else writes them.

Lock order: episode, request, unit, members (by advisory locks), crew, assignment. What `episodes` does
is called before anything is written here; the journal line comes last.
"""

from nowrongdoor.dispatch.commands.assignments import (
    assign,
    call_off,
    clear,
    name_destination,
    step,
    step_member,
    tell_coming,
)
from nowrongdoor.dispatch.commands.backentry import record_visit
from nowrongdoor.dispatch.commands.cautions import appeal, decide_appeal, end_caution, warn
from nowrongdoor.dispatch.commands.police import keep_police, release_police
from nowrongdoor.dispatch.commands.requests import (
    accept_request,
    ask,
    choose,
    decline_request,
    do_without,
    queue_request,
    withdraw_request,
)
from nowrongdoor.dispatch.commands.rollcall import (
    put_in_service,
    say_cad,
    say_position,
    sign_off,
    sign_on,
    take_out_of_service,
)
from nowrongdoor.dispatch.commands.safety import (
    alert_check_in,
    check_in,
    end_duress,
    ring_duress,
)
from nowrongdoor.dispatch.commands.waiting import alert_choice, alert_follow, alert_unanswered

__all__ = [
    "accept_request", "alert_check_in", "alert_choice", "alert_follow", "alert_unanswered", "appeal", "ask",
    "assign", "call_off", "check_in", "choose", "clear", "decide_appeal", "decline_request", "do_without",
    "end_caution", "end_duress", "keep_police", "name_destination", "put_in_service", "queue_request", "record_visit",
    "release_police", "ring_duress", "say_cad", "say_position", "sign_off", "sign_on", "step", "step_member",
    "take_out_of_service", "tell_coming", "warn", "withdraw_request",
]  # fmt: skip
