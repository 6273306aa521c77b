"""What class of information each field of the tables holds."""

from nowrongdoor.kernel.field_classes import NOBODYS, classes

CLASSES = {
    "Contact": classes(
        nobody="source recorded_at received_either",
        incident={
            "card": "channel class_code external_ref received_at queued_at dispatched_at enroute_at"
            " caller_name caller_callback caller_language caller_relay caller_unverified",
            "status": "arrived_at cleared_at closed_at",
            "rescue": "caller_name caller_callback caller_language caller_relay",
            "identify": "caller_name",
            "need": "caller_name caller_language",
        },
    ),
    "Leg": classes(
        nobody="alone_since alone_s", incident={"card": "medium began_at ended_at ended_as"}
    ),
    "Participant": classes(
        nobody="seen_step reminders",
        incident={"card": "medium attested_name mode since_at until_at ended_as"},
    ),
    "Search": classes(
        nobody="alerts", incident={"card": "seeking began_at found_at", "rescue": "seeking"}
    ),
    "SearchAttempt": classes(incident={"card": "at how found", "rescue": "how found"}),
    "ExternalResponder": classes(
        incident={"card": "axis value at rescue", "status": "met_at not_found_at"}
    ),
    "CallRequest": classes(incident={"card": "asked_at answered_at given"}),
    "PlanNote": classes(nobody="at", by_holder={"treatment": "text wishes_follow_up"}),
    "LineStatus": NOBODYS,
    "Psap": NOBODYS,
}
