"""Every change to units' crews, requests, assignments, signs of life and cautions. Nothing else writes them.

Lock order: episode, request, unit, members (by advisory locks), crew, assignment. What `episodes` does
is called before anything is written here; the journal line comes last.
"""

from nowrongdoor.dispatch.commands.assignments import (
    assign,
    call_off,
    clear,
    name_destination,
    notify_caller,
    step,
    step_member,
)
from nowrongdoor.dispatch.commands.backentry import complete_visit, record_visit
from nowrongdoor.dispatch.commands.cautions import appeal, decide_appeal, end_caution, warn
from nowrongdoor.dispatch.commands.deadlines import alert_choice, alert_follow, alert_unanswered
from nowrongdoor.dispatch.commands.police import keep_police, release_police
from nowrongdoor.dispatch.commands.requests import (
    accept_request,
    ask,
    choose,
    close_without_response,
    decline_request,
    queue_request,
    withdraw_request,
)
from nowrongdoor.dispatch.commands.rollcall import (
    put_in_service,
    report_cad_status,
    report_position,
    sign_off,
    sign_on,
    take_out_of_service,
)
from nowrongdoor.dispatch.commands.safety import (
    activate_duress,
    alert_check_in,
    alert_duress,
    alert_silent,
    check_in,
    end_duress,
)

__all__ = [
    "accept_request",
    "activate_duress",
    "alert_check_in",
    "alert_choice",
    "alert_duress",
    "alert_follow",
    "alert_silent",
    "alert_unanswered",
    "appeal",
    "ask",
    "assign",
    "call_off",
    "check_in",
    "choose",
    "clear",
    "close_without_response",
    "complete_visit",
    "decide_appeal",
    "decline_request",
    "end_caution",
    "end_duress",
    "keep_police",
    "name_destination",
    "notify_caller",
    "put_in_service",
    "queue_request",
    "record_visit",
    "release_police",
    "report_cad_status",
    "report_position",
    "sign_off",
    "sign_on",
    "step",
    "step_member",
    "take_out_of_service",
    "warn",
    "withdraw_request",
]  # fmt: skip
