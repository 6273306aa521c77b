"""The modules of this house that say of themselves what they bring: the one list of them.

From here follow their addresses and operations, what their deadlines do, their alerts, their boards
and their screens.
"""

from nowrongdoor.directory.module import MODULE as DIRECTORY
from nowrongdoor.kit.module import Module

MODULES: tuple[Module, ...] = (DIRECTORY,)
