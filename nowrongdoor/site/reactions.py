"""What follows when a deadline passes: one table from its kind to a command. No logic."""

from collections.abc import Mapping

from nowrongdoor.clocks.commands import Reaction
from nowrongdoor.site.modules import MODULES

DEADLINES: Mapping[str, Reaction] = {
    kind: reaction for module in MODULES for kind, reaction in module.clocks.items()
}
