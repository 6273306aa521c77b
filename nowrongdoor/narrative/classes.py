"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import classes

CLASSES = {
    "Note": classes(
        nobody="written_at data_class apart acknowledged_at",
        by_holder={"card": "text", "treatment": "text"},
    ),
}
