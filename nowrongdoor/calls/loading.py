"""Writing the other 911 centres and the clip's profile, as the owner, from a community's files."""

from datetime import datetime
from pathlib import Path

from nowrongdoor.calls.clip import SETTING, read_profile
from nowrongdoor.calls.models import Psap
from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.loading import put, put_setting, row_id
from nowrongdoor.community.schema import Community

CLIP = "clip.yaml"


def write(files: Community, folder: Path, *, at: datetime) -> None:
    """Errors: BadCommunity where the clip's profile cannot be read, or names a class that is not listed."""
    put(
        (
            Psap(
                program_id=row_id(files.about.code, "program", *row.program.split("/")),
                zones=list(row.zones),
                emergency_number=row.emergency_number,
                source=row.source,
            )
            for row in files.psaps
        ),
        key="program",
    )
    if files.clip:
        _clip(files, folder / CLIP, at=at)


def _clip(files: Community, file: Path, *, at: datetime) -> None:
    profile = read_profile(file)
    known = {
        value.code
        for each in files.lists
        if each.list == "incident_classes"
        for value in each.values
    }
    if strangers := sorted(profile.class_codes - known):
        because = f"not in the list incident_classes: {', '.join(strangers)}"
        raise BadCommunity([Problem(CLIP, 1, "natures", because)])
    value = profile.model_dump(mode="json")
    put_setting(files, SETTING, value, unit="profile", source=profile.source, at=at)
