"""Writing the kinds of transfer, as the owner, from a community's files. Safe to run again."""

from nowrongdoor.community.loading import put
from nowrongdoor.community.schema import Community
from nowrongdoor.episodes.models import Kind


def write(files: Community) -> None:
    put(
        (
            Kind(
                code=row.code,
                names=row.name,
                moves=row.moves_holder,
                owner=row.owner,
                attestable=row.attestable,
                by_team=row.by_team,
                steps=[{"after_s": step.after_s, "tell": step.tell} for step in row.answer],
                source=row.source,
            )
            for row in files.handoffs
        ),
        key="code",
    )
