"""What can have happened to agreements, releases and disclosures. Ids only: whose they are stands in their rows."""

from nowrongdoor.journal.kinds import Kind

RELEASE_DRAFTED = Kind("sharing.release_drafted", ("release_id",))
RELEASE_CHANGED = Kind("sharing.release_changed", ("release_id",))
RELEASE_SIGNED = Kind("sharing.release_signed", ("release_id", "teller_id"))
RELEASE_REFUSED = Kind("sharing.release_refused", ("release_id",))
RELEASE_REVOKED = Kind("sharing.release_revoked", ("release_id", "teller_id"))
COPY_GIVEN = Kind("sharing.copy_given", ("release_id",))
SUBJECT_SAID = Kind("sharing.subject_said", ("subject_id", "release_id", "person_id"))
SUBJECT_UNDONE = Kind("sharing.subject_undone", ("subject_id", "release_id", "person_id"))
ALL: tuple[Kind, ...] = (
    RELEASE_DRAFTED,
    RELEASE_CHANGED,
    RELEASE_SIGNED,
    RELEASE_REFUSED,
    RELEASE_REVOKED,
    COPY_GIVEN,
    SUBJECT_SAID,
    SUBJECT_UNDONE,
)
