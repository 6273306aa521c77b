"""Which class a record has by whoever holds it: what an officer writes is a report, what a clinician writes is clinical."""

HELD_AS = {
    "psap": "incident",
    "crisis_line": "crisis_contact",
    "cmt_provider": "crisis_contact",
    "le_patrol": "police_report",
    "le_mhst": "police_report",
    "le_deflection": "police_report",
    "le_detectives": "police_report",
    "other_le": "police_report",
    "le_outreach": "homeless",
    "homeless_provider": "homeless",
    "peer_org": "homeless",
    "fire_ems": "clinical",
    "crc": "clinical",
    "hospital": "clinical",
    "clinic": "clinical",
    "jail_health": "clinical",
    "rbha": "clinical",
    "part2_program": "sud",
    "victim_service": "victim",
    "court": "court_order",
    "county": "court_order",
    "prosecutor": "court_order",
    "defense": "court_order",
    "pretrial": "custody",
    "jail": "custody",
    "evaluator": "aggregate",
}
STRICTEST = "sud_notes"


def of_holder(kind: str) -> str:
    """The class of what a program of this kind writes. An unknown kind's is the strictest: told to nobody.

    Source: CONFIDENTIALITY: labeled by origin, not by topic. Homeless outreach of a police department writes
    HMIS records, which its own department may not read either.
    """
    return HELD_AS.get(kind, STRICTEST)
