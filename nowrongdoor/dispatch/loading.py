"""Writing kinds of help, units, whose desk sends them and what people have learned, as the owner."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from nowrongdoor.community.loading import OWNER, midnight, put, row_id
from nowrongdoor.community.schema import Community, MemberRow, UnitRow
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
    listed = add_units(code, files.units, time_zone=zone)
    gone = models.Unit.objects.using(OWNER).filter(retired_at=None)
    gone.exclude(pk__in=listed).update(retired_at=at)
    add_qualifications(code, files.members, time_zone=zone)


def add_units(code: str, units: Sequence[UnitRow], *, time_zone: str) -> frozenset[UUID]:
    """Units and whose desk sends them, besides whatever is there already. Answers the units."""
    rows = [
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
        for row in units
    ]
    put(rows)
    put(
        models.UnitAuthority(
            id=row_id(code, "authority", row.code, each.program, each.since.isoformat()),
            unit_id=row_id(code, "unit", row.code),
            program_id=row_id(code, "program", *each.program.split("/")),
            from_at=midnight(each.since, time_zone),
            until_at=None if each.until is None else midnight(each.until, time_zone),
        )
        for row in units
        for each in row.sent_by
    )
    return frozenset(row.pk for row in rows)


def add_qualifications(code: str, members: Sequence[MemberRow], *, time_zone: str) -> None:
    """What people have learned, and until when it holds."""
    put(
        models.Qualification(
            id=row_id(code, "qualification", member.username, each.code),
            member_id=row_id(code, "member", member.username),
            code=each.code,
            until_at=None if each.until is None else midnight(each.until, time_zone),
        )
        for member in members
        for each in member.qualifications
    )
