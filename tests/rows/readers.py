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
