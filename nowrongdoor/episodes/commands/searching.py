"""That somebody looked for a call is on record; what for is nowhere."""

from datetime import datetime

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import kinds
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor


@command(needs=Action.SEE_BOARD)
def record_search(*, by: Actor, at: datetime, count: int) -> None:
    """Write down that `by` searched, and how many calls they were shown.

    Journal: episodes.searched.
    """
    record(kinds.SEARCHED, by=by, at=at, count=count)
