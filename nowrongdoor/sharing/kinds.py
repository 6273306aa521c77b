"""What can have happened to agreements, releases and disclosures. Ids only: whose they are stands in their rows."""

from nowrongdoor.journal.kinds import Kind

ALL: tuple[Kind, ...] = ()
