"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS, classes

CLASSES = {
    "Protocol": NOBODYS,
    "Approval": NOBODYS,
    "Screening": classes(
        nobody="step cause at provisional screened rose",
        incident={
            "card": "reason level rule duties said standing shown police ems clinical shown_police"
            " shown_ems shown_clinical",
            "safety": "level standing shown police shown_police",
            "rescue": "shown",
            "threat": "shown",
        },
    ),
    "Answer": classes(
        nobody="step asked_together at travels",
        by_holder=dict.fromkeys(
            ("card", "treatment", "rescue", "threat", "safety"), "question value"
        ),
    ),
    "DutyDone": classes(by_holder={"treatment": "duty at"}),
    "ClinicalNeed": classes(incident={"card": "clinical began_at reason", "status": "ended_at"}),
}
