"""What can have happened to a place's capacity. Ids only: the row says what was reported."""

from nowrongdoor.journal.kinds import Kind

CAPACITY_REPORTED = Kind("directory.capacity_said", ("facility_id", "capacity_id"))
ALL = (CAPACITY_REPORTED,)
