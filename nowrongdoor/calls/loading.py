"""Writing the other 911 centres and the clip's profile, as the owner, from a community's files."""

from nowrongdoor.calls.models import Psap
from nowrongdoor.community.loading import put, row_id
from nowrongdoor.community.schema import Community


def write(files: Community) -> None:
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
