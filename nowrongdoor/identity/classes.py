"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import BY_HOLDER, classes, entirely

_NAMES = "kind given family second_family"
CLASSES = {
    "Person": classes(
        nobody="made_at version told_version merged_at what_helps_at",
        by_holder={
            "card": "moniker usual_place language safe_contact safe_contact_note",
            "identify": "born born_from born_until address description",
            "rescue": "moniker usual_place address description",
            "need": "moniker usual_place address language",
            "hmis": "born born_from born_until",
            "treatment": "born born_from born_until address usual_place language description safe_contact"
            " safe_contact_note",
            "named": "what_helps",
            "whole": "protections",
        },
    ),
    "Name": classes(
        nobody="made_at ended_at",
        by_holder=dict.fromkeys(
            ("card", "identify", "rescue", "need", "hmis", "treatment"), _NAMES
        ),
    ),
    "Phone": classes(
        nobody="made_at ended_at",
        by_holder=dict.fromkeys(("card", "rescue", "treatment"), "number"),
    ),
    "Key": classes(nobody="live", by_holder={"whole": "key"}),
    "Judgment": entirely(BY_HOLDER, "whole"),
}
