"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS, classes

CLASSES = {
    "Facility": NOBODYS,
    "Capacity": classes(nobody="said_at state free reason review_at", staff={"whole": "told_by"}),
}
