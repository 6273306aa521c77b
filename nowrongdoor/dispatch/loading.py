"""Writing kinds of help, units, whose desk sends them and what people have learned, as the owner."""

from datetime import datetime

from nowrongdoor.community.loading import OWNER, midnight, put, row_id
from nowrongdoor.community.schema import Community
from nowrongdoor.dispatch import models


def write(files: Community, *, at: datetime) -> None:
    """Safe to run again. A unit no longer listed is retired from now on, never removed."""
    code, zone = files.about.code, files.about.time_zone
    put(
        (
            models.Kind(
                code=row.code,
                names=row.name,
                axis=row.axis,
                mode=row.mode,
                unit_kinds=list(row.unit_kinds),
                needs=list(row.needs),
                clearances=list(row.clearances),
                least_crew=row.least_crew,
                clinician=row.clinician,
                answer_s=row.answer_s,
                position=position,
                source=row.source,
            )
            for position, row in enumerate(files.requests)
        ),
        key="code",
    )
    units = [
        models.Unit(
            id=row_id(code, "unit", row.code),
            code=row.code,
            program_id=row_id(code, "program", *row.program.split("/")),
            kind=row.kind,
            vehicle=row.vehicle,
            plain_clothes=row.plain_clothes,
            cad=row.cad,
            source=row.source,
        )
        for row in files.units
    ]
    put(units)
    gone = models.Unit.objects.using(OWNER).filter(retired_at=None)
    gone.exclude(pk__in=[unit.pk for unit in units]).update(retired_at=at)
    put(
        models.UnitAuthority(
            id=row_id(code, "authority", row.code, each.program, each.since.isoformat()),
            unit_id=row_id(code, "unit", row.code),
            program_id=row_id(code, "program", *each.program.split("/")),
            from_at=midnight(each.since, zone),
            until_at=None if each.until is None else midnight(each.until, zone),
        )
        for row in files.units
        for each in row.sent_by
    )
    put(
        models.Qualification(
            id=row_id(code, "qualification", member.username, each.code),
            member_id=row_id(code, "member", member.username),
            code=each.code,
            until_at=None if each.until is None else midnight(each.until, zone),
        )
        for member in files.members
        for each in member.qualifications
    )
