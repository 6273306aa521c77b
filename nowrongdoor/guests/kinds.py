"""What can have happened to a guest link. Ids only: never its address, its code or a name."""

from nowrongdoor.journal.kinds import Kind

LINK = ("link_id", "handoff_id")

# fmt: off
LINK_MADE = Kind("guests.link_made", LINK)
LINK_OPENED = Kind("guests.link_opened", LINK)  # by the first browser, which alone is shown the offer
LINK_TRIED = Kind("guests.link_tried", LINK)  # by another browser afterwards, which was shown nothing
LINK_ANSWERED = Kind("guests.link_answered", LINK)
LINK_ENDED = Kind("guests.link_ended", LINK)  # by the sender, by a newer link, or (as `timer`) by its age

ALL = (LINK_MADE, LINK_OPENED, LINK_TRIED, LINK_ANSWERED, LINK_ENDED)
