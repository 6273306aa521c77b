"""What can have happened to a deadline."""

from nowrongdoor.journal.kinds import Kind

FIRED = Kind("clocks.fired", ("deadline_id", "subject_id"))
ALL = (FIRED,)
