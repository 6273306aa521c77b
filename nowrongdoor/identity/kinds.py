"""What can have happened to records of people. Ids only: who somebody is stands in the record."""

from nowrongdoor.journal.kinds import Kind

KEPT = Kind("identity.kept", ("person_id",))
CHANGED = Kind("identity.changed", ("person_id",))
NAMED = Kind("identity.named", ("name_id", "person_id"))
NAME_ENDED = Kind("identity.name_ended", ("name_id", "person_id"))
PHONED = Kind("identity.phone_added", ("phone_id", "person_id"))
PHONE_ENDED = Kind("identity.phone_ended", ("phone_id", "person_id"))
CONTACT_SAID = Kind("identity.contact_said", ("person_id",))
WHAT_HELPS_SAID = Kind("identity.what_helps_said", ("person_id",))
JUDGED = Kind("identity.judged", ("judgment_id", "one_id", "other_id"))
UNDONE = Kind("identity.judgment_undone", ("judgment_id", "one_id", "other_id"))
MERGED = Kind("identity.merged", ("person_id", "merged_into_id"))
SEPARATED = Kind("identity.separated", ("person_id", "from_id"))
# that somebody looked, and how much they found; never for whom
SEARCHED = Kind("identity.searched", ("count",))
ALL = (
    KEPT, CHANGED, NAMED, NAME_ENDED, PHONED, PHONE_ENDED, CONTACT_SAID, WHAT_HELPS_SAID, JUDGED, UNDONE, MERGED,
    SEPARATED, SEARCHED,
)  # fmt: skip
