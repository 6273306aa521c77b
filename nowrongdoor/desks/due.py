"""What each kind of deadline is called, on a line of its own and in a column."""

from collections.abc import Mapping

from nowrongdoor.kernel.words import _

DUE: Mapping[str, str] = {
    "episodes.unanswered": _("Transfer: answer due"),
    "episodes.not_met": _("Contact due"),
    "calls.alone": _("Join due: caller on line"),
    "calls.watch_check": _("Monitoring: check due"),
    "calls.watch_supervisor": _("Monitoring: supervisor check due"),
    "calls.reminder": _("Outcome due"),
    "calls.search": _("Location attempt due"),
    "calls.rescue": _("Rescue: confirmation due"),
    "calls.call_back": _("Callback due"),
    "dispatch.unanswered": _("Request: answer due"),
    "dispatch.choice": _("Decision due: no team is on the way"),
    "dispatch.follow": _("Declined request: next step due"),
    "dispatch.check_in": _("Check-in due"),
    "dispatch.silent": _("Unit acknowledgment due"),
    "guests.too_old": _("Guest link ends"),
    "sharing.review": _("Disclosure: review due"),
    "sharing.renewal": _("Agreement: renewal due"),
    "cases.untaken": _("Case: owner due"),
    "cases.task_due": _("Follow-up task due"),
}
"""What each kind of deadline is called while it is still to come."""
SHORT: Mapping[str, str] = {
    "episodes.unanswered": _("Answer due"),
    "episodes.not_met": _("Contact due"),
    "calls.alone": _("Join due"),
    "calls.watch_check": _("Check due"),
    "calls.watch_supervisor": _("Supervisor check"),
    "calls.reminder": _("Outcome due"),
    "calls.search": _("Location due"),
    "calls.rescue": _("Rescue due"),
    "calls.call_back": _("Callback due"),
    "dispatch.unanswered": _("Request due"),
    "dispatch.choice": _("Decision due"),
    "dispatch.follow": _("Next step due"),
    "dispatch.check_in": _("Check-in due"),
    "dispatch.silent": _("Unit reply due"),
    "dispatch.duress": _("Duress"),
    "guests.too_old": _("Guest link ends"),
    "sharing.review": _("Review due"),
    "sharing.renewal": _("Renewal due"),
    "cases.untaken": _("Owner due"),
    "cases.task_due": _("Task due"),
}
"""The same in a column, where each row has one line."""
