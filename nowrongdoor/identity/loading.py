"""Writing the weights of matching, as the owner, from a community's `linkage.json` and `nicknames.csv`."""

from datetime import datetime
from pathlib import Path

from nowrongdoor.community.loading import put_setting
from nowrongdoor.community.schema import Community
from nowrongdoor.identity.records import SETTING
from nowrongdoor.identity.trained import LINKAGE, NICKNAMES, nicknames, read


def write(files: Community, folder: Path, *, at: datetime) -> None:
    """Errors: BadCommunity where the file cannot be read, or lacks a level. None of it: nobody is proposed."""
    file = folder / LINKAGE
    if not file.exists():
        return
    found = read(file)
    value = {
        "fields": {field: {"bits": each.bits} for field, each in found.fields.items()},
        "likely": found.likely,
        "possible": found.possible,
        "nicknames": nicknames(folder / NICKNAMES),
    }
    put_setting(files, SETTING, value, unit="bits", source=found.source, at=at)
