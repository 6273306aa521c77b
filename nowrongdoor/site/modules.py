"""The modules of this house that say of themselves what they bring: the one list of them.

From here follow their addresses and operations, what their deadlines do, their alerts, their boards
and their screens.
"""

from nowrongdoor.agencies import kinds as agencies
from nowrongdoor.calls import kinds as calls
from nowrongdoor.clocks import kinds as clocks
from nowrongdoor.desks.views.answers import CALL
from nowrongdoor.directory.module import MODULE as DIRECTORY
from nowrongdoor.dispatch import kinds as dispatch
from nowrongdoor.episodes import kinds as episodes
from nowrongdoor.guests import kinds as guests
from nowrongdoor.journal.kinds import Kind
from nowrongdoor.kit.desks import open_desks
from nowrongdoor.kit.module import Module
from nowrongdoor.narrative.module import MODULE as NARRATIVE
from nowrongdoor.triage import kinds as triage

MODULES: tuple[Module, ...] = (NARRATIVE, DIRECTORY)
open_desks((CALL,))

KINDS: tuple[Kind, ...] = (
    *agencies.ALL,
    *clocks.ALL,
    *episodes.ALL,
    *guests.ALL,
    *dispatch.ALL,
    *triage.ALL,
    *calls.ALL,
    *(kind for module in MODULES for kind in module.kinds),
)
"""Every kind of entry, once: a module in `MODULES` brings its own."""
