"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS

CLASSES = {
    "Community": NOBODYS,
    "Version": NOBODYS,
    "Code": NOBODYS,
    "Zone": NOBODYS,
    "Streets": NOBODYS,
    "Setting": NOBODYS,
}
