"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import BY_HOLDER, entirely

CLASSES = {
    "Answer": entirely(BY_HOLDER, "whole"),
}
