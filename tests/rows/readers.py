"""Who reads a table besides the program whose row it is, by hand, each with the reason."""

EVERYBODYS = {
    "calls_line_status": "whoever hands people on must know that a line is down",
    "directory_capacity": "how full a place is, of no person",
    "journal_seal": "a number and a hash",
    "sharing_agreed": "which agency agreed to what, of no person served",
    "sharing_agreement": "who agreed what is no secret to those who take part",
    "sharing_signoff": "a row of the table, signed by name; of no person served",
    "triage_approval": "a protocol describes nobody",
    "triage_protocol": "a protocol describes nobody",
}
"""Tables with row access that every program reads whole, each with why."""

_CARD = "of the call itself (D1): told with its card, for which `sharing.cards` writes a line first"
_SIDES = "of both sides of it, which it names"
_OFFICER = "; and the privacy officer of an agency that it names"
READERS = {
    "calls_leg": ("WORKED", _CARD),
    "calls_participant": ("WORKED", _CARD),
    "calls_search": ("WORKED", _CARD),
    "calls_search_attempt": ("WORKED", _CARD),
    "calls_external_responder": ("WORKED", _CARD),
    "calls_call_request": ("OWN OR holder_OWN", _SIDES),
    "clocks_deadline": (
        "PROGRAM = program_id OR PROGRAM = other_program_id OR WORKED",
        "a kind and times; nothing of what was said",
    ),
    "dispatch_request": ("WORKED", _CARD),
    "dispatch_choice": ("WORKED", _CARD),
    "dispatch_assignment": ("WORKED", _CARD),
    "dispatch_member_time": ("WORKED", "when staff came and went, on a call that is told"),
    "dispatch_check_in": ("WORKED", "staff are safe"),
    "dispatch_duress": ("WORKED", "staff are in danger"),
    "dispatch_notification": ("WORKED", _CARD),
    "dispatch_caution": ("OWN OR WORKED", _CARD),
    "episodes_episode": (
        "PROGRAM = ANY (seen_by) AND (closed_at IS NULL OR PROGRAM = ANY (worked_by))",
        "told with the card; to those who are informed, by a standing feed (`sharing.cards.line_of_feed`)",
    ),
    "episodes_party": ("OWN OR WORKED", _CARD),
    "episodes_card": ("WORKED", "the card itself: a line of the ledger for each version (test_cards.py)"),
    "episodes_handoff": (
        "PROGRAM = from_program_id OR PROGRAM = to_program_id OR WORKED",
        "an offer: the card goes to its receiver with a line, when it is offered",
    ),
    "journal_entry": (
        "OWN OR TASK IN ('sequencer', 'feed')",
        "ids and counts, to the machinery that numbers them and feeds boards",
    ),
    "narrative_note": (
        "(WORKED AND data_class = 'D1') OR (OWN AND (NOT apart OR employer_id = "
        "(SELECT m.employer_id FROM agencies_member m WHERE m.id = MEMBER)))",
        "what was written for everyone on the call, of the class of its card; a program's own notes stay with it",
    ),
    "sharing_paper": ("AGENCY = ANY (agencies)", "an agreement's scan, to those who signed it"),
    "sharing_release": (
        "OWN OR (activated_at IS NOT NULL AND (teller_id = PROGRAM OR PROGRAM = ANY (told))) OR "
        "(OFFICER AND EXISTS (SELECT FROM agencies_program g WHERE g.agency_id = AGENCY AND "
        "(g.id = program_id OR (g.id = teller_id AND activated_at IS NOT NULL))))",
        "the person signed that these programs are told by it, once it is signed" + _OFFICER,
    ),
    "sharing_subject": (
        "OWN OR EXISTS (SELECT FROM sharing_release r WHERE r.id = release_id AND "
        "r.teller_id = sharing_subject.program_id)",
        "what the teller says of its own record, as its release",
    ),
    "sharing_ground": (
        "PROGRAM IN (program_id, from_program_id, to_program_id) OR ((from_agency_id = AGENCY) AND OFFICER)",
        _SIDES + _OFFICER,
    ),
    "sharing_disclosure": (
        "PROGRAM IN (program_id, from_program_id, to_program_id) OR "
        "((from_agency_id = AGENCY OR to_agency_id = AGENCY) AND OFFICER)",
        "the ledger, " + _SIDES + _OFFICER,
    ),
    "sharing_review": ("PROGRAM IN (program_id, from_program_id, to_program_id)", _SIDES),
    "sharing_look": (
        "member_id = MEMBER OR ((agency_id = AGENCY OR of_agency_id = AGENCY) AND OFFICER)",
        "one's own looks" + _OFFICER,
    ),
    "sharing_ask": (
        "PROGRAM IN (program_id, of_program_id) OR ((of_agency_id = AGENCY) AND OFFICER)",
        _SIDES + _OFFICER,
    ),
    "sharing_suspension": (
        "((agency_id = AGENCY) AND OFFICER)",
        "the privacy officer of the agency that keeps the record, and no one else of it",
    ),
    "triage_screening": ("WORKED", _CARD),
    "triage_answer": (
        "by_OWN OR (travels AND WORKED)",
        "what was said stays with who asked, but for what its question lets travel with the card",
    ),
    "triage_duty_done": ("WORKED", "that a duty was done on the call, and by whom: the next desk must not repeat it"),
    "triage_clinical_need": ("WORKED", _CARD),
    "web_answer": (
        "member_id = MEMBER OR TASK = 'forget' AND asked_at < now() - interval '30 days'",
        "what one was answered oneself; the machinery deletes it",
    ),
}  # fmt: skip
"""What programs read of a table besides their own rows: the condition, and why it is no hole in the gate."""
NARROW = {
    "calls_participant_by": "ids",
    "calls_ears": "ids of staff",
    "cases_opened_for": "yes or no: whether one opened this case for that program, until it is taken",
    "clocks_cancel": "nothing: it ends a clock",
    "clocks_due": "ids",
    "clocks_overdue_since": "one time, of nobody",
    "episodes_of_record": "ids of calls, in one's own agency, for the accounting of a person",
    "episodes_records_of": "ids of one's own records of calls; a privacy officer's are the agency's",
    "dispatch_stages": "what one's own units do elsewhere: a stage and a time",
    "dispatch_done": "a count",
    "dispatch_on_clock": "ids",
    "dispatch_cautions": "a hazard at the place of a call, to those who work on that call",
    "episodes_held_by": "ids",
    "episodes_with_card": "ids",
    "guests_by_token": "ids and times of a guest link, to whoever has its secret",
    "guests_by_code": "the same",
    "guests_by_id": "the same",
    "identity_program_of": "one id",
    "triage_known": "what the rules weigh for a level, to those who work on that call; screens read `triage_answer`",
}
"""Functions that cross row access, and what they tell."""
