"""What follows when a deadline passes: one table from its kind to a command. No logic."""

from collections.abc import Mapping

from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.commands.legs import ALONE, REMINDER, WATCH_CHECK, WATCH_SUPERVISOR
from nowrongdoor.calls.commands.searches import SEARCH
from nowrongdoor.calls.commands.sent import RESCUE
from nowrongdoor.calls.facts import CALL_BACK
from nowrongdoor.clocks.commands import Reaction
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.commands import held as dispatching
from nowrongdoor.episodes.commands import alert_not_met, alert_unanswered
from nowrongdoor.episodes.commands.handoffs import NOT_MET, UNANSWERED
from nowrongdoor.guests.commands import TOO_OLD, end_too_old
from nowrongdoor.site.modules import MODULES

DEADLINES: Mapping[str, Reaction] = {
    UNANSWERED: alert_unanswered,
    NOT_MET: alert_not_met,
    TOO_OLD: end_too_old,
    WATCH_CHECK: calls.alert_watch,
    WATCH_SUPERVISOR: calls.alert_watch_supervisor,
    REMINDER: calls.alert_reminder,
    ALONE: calls.alert_alone,
    SEARCH: calls.alert_search,
    RESCUE: calls.alert_rescue,
    CALL_BACK: calls.alert_call_back,
    dispatching.UNANSWERED: dispatch.alert_unanswered,
    dispatching.CHOICE: dispatch.alert_choice,
    dispatching.FOLLOW: dispatch.alert_follow,
    dispatching.CHECK_IN: dispatch.alert_check_in,
} | {kind: reaction for module in MODULES for kind, reaction in module.clocks.items()}
