"""What follows when a deadline passes: one table from its kind to a command. No logic."""

from collections.abc import Mapping

from nowrongdoor.clocks.commands import Reaction
from nowrongdoor.episodes.commands import alert_not_met, alert_unanswered
from nowrongdoor.episodes.commands.handoffs import NOT_MET, UNANSWERED

DEADLINES: Mapping[str, Reaction] = {
    UNANSWERED: alert_unanswered,
    NOT_MET: alert_not_met,
}
