"""Writing the places, as the owner, from a community's files. Safe to run again."""

from datetime import datetime

from nowrongdoor.community.loading import OWNER, put, row_id
from nowrongdoor.community.schema import Community, FacilityRow
from nowrongdoor.directory.models import Facility


def write(files: Community, *, at: datetime) -> None:
    """A place that is no longer listed is retired from now on."""
    rows = [_facility(files, position, row) for position, row in enumerate(files.facilities)]
    put(rows)
    gone = Facility.objects.using(OWNER).filter(retired_at=None)
    gone.exclude(pk__in=[row.pk for row in rows]).update(retired_at=at)


def _facility(files: Community, position: int, row: FacilityRow) -> Facility:
    code = files.about.code
    centres = {zone.code: (zone.centre_lon, zone.centre_lat) for zone in files.zones}
    lon, lat = row.point or centres[row.zone]
    staffed = {each.program for member in files.members for each in member.positions}
    return Facility(
        id=row_id(code, "facility", row.code),
        code=row.code,
        kind=row.kind,
        names=row.name,
        program_id=row_id(code, "program", *row.program.split("/")) if row.program else None,
        staffed=row.program in staffed,
        zone_id=row_id(code, "zone", row.zone) if row.zone else None,
        lon=lon,
        lat=lat,
        hours=row.hours,
        takes=row.takes.model_dump(mode="json"),
        places=row.places,
        phone=row.phone,
        position=position,
        source=row.source,
    )
