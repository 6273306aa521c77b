"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS, entirely

CLASSES = {
    "Agency": NOBODYS,
    "Program": NOBODYS,
    "Desk": NOBODYS,
    "Route": NOBODYS,
    "Token": NOBODYS,
    "Member": entirely("staff", "whole"),
    "Position": entirely("staff", "whole"),
    "Shift": entirely("staff", "whole"),
    "Presence": entirely("staff", "whole"),
}
