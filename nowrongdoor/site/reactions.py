"""What follows when a deadline passes: one table from its kind to a command. No logic."""

from collections.abc import Mapping

from nowrongdoor.clocks.commands import Reaction
from nowrongdoor.episodes.commands import alert_unanswered
from nowrongdoor.episodes.commands.handoffs import UNANSWERED

DEADLINES: Mapping[str, Reaction] = {
    UNANSWERED: alert_unanswered,
}
