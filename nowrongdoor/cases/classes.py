"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import classes

_TIMES = "opened_at starts_at closed_at version number"
CLASSES = {
    "Case": classes(
        nobody=_TIMES,
        by_holder={"attendance": "kind plan state outcome", "treatment": "reason"},
    ),
    "Task": classes(
        nobody="opens_at due_at tries over_at", by_holder={"attendance": "code result"}
    ),
    "Attempt": classes(
        nobody="at written_at", by_holder={"attendance": "result", "treatment": "said"}
    ),
    "Move": classes(
        nobody="at", by_holder={"attendance": "from_state to_state", "treatment": "reason"}
    ),
}
