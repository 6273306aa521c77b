"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS

CLASSES = {
    "Deadline": NOBODYS,
}
