"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS, classes

CLASSES = {
    "Kind": NOBODYS,
    "Episode": classes(
        nobody="source recorded_at seen_by worked_by version",
        incident={
            "card": "number label kind class_code zone opened_at held_since",
            "status": "closed_at outcome declined_by_person",
        },
    ),
    "Party": classes(
        nobody="role basis since_at until_at",
        incident={
            "card": "person_name",
            "identify": "person_name",
            "pointer": "pointer_record pointer_status",
        },
    ),
    "Card": classes(
        nobody="made_at",
        incident={
            "card": "place callback name_given note",
            "rescue": "place callback name_given",
            "safety": "place",
            "identify": "name_given",
            "need": "place name_given",
        },
    ),
    "Handoff": classes(
        nobody="moves leg_id batch_id alerts guest",
        incident={
            "card": "purpose offered_at attested_name attested_operator attested_incident reason",
            "status": "accepted_at declined_at withdrawn_at",
        },
    ),
}
