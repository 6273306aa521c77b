"""Writing down that somebody searched."""

from datetime import datetime

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.identity import kinds
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor


@command(needs=(Action.KEEP_PERSONS, Action.GOVERN_SHARING))
def record_search(*, by: Actor, at: datetime, count: int) -> None:
    """Write down that `by` searched the records, and how many they were shown.

    Journal: identity.searched.
    """
    record(kinds.SEARCHED, by=by, at=at, count=count)
