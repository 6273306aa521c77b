"""What the database keeps of who may see agreements, releases and the ledger."""

from nowrongdoor.rows.policies import AGENCY, MEMBER, PROGRAM

OFFICER = (
    f"EXISTS (SELECT FROM agencies_position p WHERE p.member_id = {MEMBER} AND p.program_id = {PROGRAM} "
    "AND p.role = 'privacy_officer' AND p.until_at IS NULL)"
)
"""SQL: whoever asks is a privacy officer here. Asked of their position, since a program has other roles too."""


def officer_of(*agencies: str) -> str:
    """SQL: whoever asks is the privacy officer of one of these agencies, which are columns of the row."""
    ours = " OR ".join(f"{each} = {AGENCY}" for each in agencies)
    return f"(({ours}) AND {OFFICER})"
