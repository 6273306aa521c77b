"""Of which class a record is whose table says `BY_HOLDER`: by the kind of the program that holds it.

What makes a record clinical, or a police report, is who holds it and not what it is about: what a caller says
to 911 is an incident, the same words said to the crisis line are a contact with the line.

Doubtful, and therefore the stricter of what it could be:
- fire_ems: a crew keeps a health record of whom it treats: clinical, not incident.
- le_deflection: police employees write it, the co-worker of a treatment program beside them has their own program:
  police_report. le_outreach writes what outreach writes, into HMIS: homeless, which police learn by release alone.
- rbha: a plan holds claims, which are health records: clinical.
- peer_org: peers who find people on the street: homeless. Where a peer works for a clinic or a Part 2 program, the
  program is of that kind.
- prosecutor, defense: what they hold comes from police or a client; of both the one that less is open of: court_order.
- evaluator: holds counts. Rows about people it would get by research alone, and never passes on.
- A kind that is not here, or none: sud_notes, of which the table opens the least.

A minor's record is not known by its holder: whoever asks about a minor asks for `juvenile`.
"""

from collections.abc import Mapping

from nowrongdoor.kernel.field_classes import BY_HOLDER, NOBODY, FieldClass

HELD_BY: Mapping[str, str] = {
    "psap": "incident",
    **dict.fromkeys(("crisis_line", "cmt_provider"), "crisis_contact"),
    **dict.fromkeys(("crc", "hospital", "clinic", "jail_health", "fire_ems", "rbha"), "clinical"),
    "part2_program": "sud",
    **dict.fromkeys(
        ("le_patrol", "le_mhst", "le_deflection", "le_detectives", "other_le"), "police_report"
    ),
    **dict.fromkeys(("le_outreach", "homeless_provider", "peer_org"), "homeless"),
    "victim_service": "victim",
    **dict.fromkeys(("court", "county", "prosecutor", "defense"), "court_order"),
    **dict.fromkeys(("jail", "pretrial"), "custody"),
    "evaluator": "aggregate",
}
STRICTEST = "sud_notes"


def held_by(kind: str) -> str:
    """The class of what a program of this kind writes about people."""
    return HELD_BY.get(kind, STRICTEST)


def class_held(field: FieldClass, kind: str) -> str | None:
    """The class of one field in a row that a program of this kind holds. None: it is nobody's."""
    if field.data == NOBODY:
        return None
    return held_by(kind) if field.data == BY_HOLDER else field.data
