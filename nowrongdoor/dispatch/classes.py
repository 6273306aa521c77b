"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS, classes, entirely

CLASSES = {
    "Kind": NOBODYS,
    "Unit": NOBODYS,
    "UnitAuthority": NOBODYS,
    "CadStatus": NOBODYS,
    "Unavailable": NOBODYS,
    "Qualification": entirely("staff", "whole"),
    "Crew": entirely("staff", "whole"),
    "CrewMember": entirely("staff", "whole"),
    "Position": entirely("staff", "whole"),
    "CheckIn": entirely("staff", "whole"),
    "Request": classes(
        nobody="alerts choose_step next_try_at source version",
        incident={
            "card": "kind asked_at note language queued_at promised_at accepted_at declined_at withdrawn_at"
            " reason without kept_at released_at",
            "safety": "kind note without",
            "status": "ended_at outcome returned",
        },
    ),
    "Choice": classes(incident={"card": "step choose promised_at at"}),
    "Assignment": classes(
        nobody="source override missed",
        incident={
            "card": "eta_min assigned_at en_route_at staged_at on_scene_at engaged_at transporting_at"
            " left_behind facility_code",
            "status": "on_scene_at cleared_at outcome took_somebody facility_code",
        },
    ),
    "MemberTime": classes(incident={"card": "en_route_at on_scene_at left_at"}),
    "Duress": classes(incident={"card": "at way ended_at", "safety": "at way ended_at"}),
    "Notification": classes(incident={"card": "whom at"}),
    "Caution": classes(
        nobody="appealed_at appeal decided_at kept",
        incident={
            "card": "of place code text evidence at expires_at ended_at",
            "safety": "of place code text evidence at expires_at ended_at",
        },
    ),
}
