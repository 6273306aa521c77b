"""How a stranger finds a link: only by what opens it.

Each function answers where a link belongs and whether it still opens, nothing else: not whose offer it
is, not the digests.
"""

from nowrongdoor.rows.functions import SqlFunction

_FOUND = """TABLE (
    id uuid, agency_id uuid, program_id uuid, handoff_id uuid,
    expires_at timestamptz, ended_at timestamptz, answered_at timestamptz
)"""


def _found(name: str, argument: str, condition: str, until: str = "expires_at") -> SqlFunction:
    return SqlFunction(
        name=name,
        arguments=argument,
        returns=_FOUND,
        body=f"""
    SELECT l.id, l.agency_id, l.program_id, l.handoff_id, l.{until}, l.ended_at, l.answered_at
    FROM guests_link l WHERE {condition}
""",
    )


LINK = (
    _found("guests_by_token", "digest text", "l.token_digest = digest"),
    # Digits can be guessed, an address cannot: a code ends sooner, and says so where a link says
    # its end. Who types a code meets one answer, whether it is unknown or too old.
    _found(
        "guests_by_code",
        "digest text",
        "l.code_digest = digest AND l.answered_at IS NULL AND l.ended_at IS NULL",
        until="code_expires_at",
    ),
    _found("guests_by_id", "link uuid", "l.id = link"),
)
