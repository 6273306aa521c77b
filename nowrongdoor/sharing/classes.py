"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import BY_HOLDER, NOBODYS, classes, entirely

CLASSES = {
    "Ruleset": NOBODYS,
    "SignOff": NOBODYS,
    "Paper": NOBODYS,
    "Agreement": classes(
        nobody="code version title tells told agencies data purposes fields legal_basis from_at until_at"
        " remind_days made_at ended_at",
        staff={"whole": "signed_by"},
    ),
    "Agreed": NOBODYS,
    "Release": entirely(BY_HOLDER, "whole"),
    "Subject": entirely(BY_HOLDER, "whole"),
    "Ground": entirely(BY_HOLDER, "whole"),
    "Disclosure": entirely(BY_HOLDER, "whole"),
    "Review": entirely(BY_HOLDER, "whole"),
    "Look": entirely(BY_HOLDER, "whole"),
    "Ask": entirely(BY_HOLDER, "whole"),
    "Suspension": entirely(BY_HOLDER, "whole"),
}
