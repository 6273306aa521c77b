"""Writing agencies, people and routes, as the owner, from a community's files. Safe to run again.

A person's password, sign-in and language are theirs and stay as they are; so does ended access.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import models
from nowrongdoor.community.loading import OWNER, midnight, put, row_id
from nowrongdoor.community.schema import Community, MemberRow


def write(files: Community, *, at: datetime) -> None:
    """Agencies with programs and desks, members with positions, routes. What is gone, ends now."""
    code = files.about.code
    put(
        models.Agency(
            id=row_id(code, "agency", agency.code),
            code=agency.code,
            kind=agency.kind,
            names=agency.name,
            pointer=agency.pointer,
        )
        for agency in files.agencies
    )
    put(
        models.Program(
            id=row_id(code, "program", agency.code, program.code),
            agency_id=row_id(code, "agency", agency.code),
            code=program.code,
            names=program.name,
            disclosure_kind=program.disclosure_kind or agency.kind,
        )
        for agency in files.agencies
        for program in agency.programs
    )
    put(
        models.Desk(
            id=row_id(code, "desk", agency.code, program.code, desk.code),
            program_id=row_id(code, "program", agency.code, program.code),
            code=desk.code,
            names=desk.name,
        )
        for agency in files.agencies
        for program in agency.programs
        for desk in program.desks
    )
    listed = add_members(code, files.members, synthetic=files.about.synthetic, at=at)
    gone = models.Position.objects.using(OWNER).filter(until_at=None)
    gone.exclude(pk__in=listed).update(until_at=at)
    _routes(files, at)


def add_members(
    code: str, members: Sequence[MemberRow], *, synthetic: bool, at: datetime
) -> frozenset[UUID]:
    """People and what they work as, besides whoever is there already. Answers their positions."""
    for member in members:
        facts = {
            "username": member.username,
            "name": member.name,
            "employer_id": row_id(code, "agency", member.employer),
            "languages": list(member.languages),
            "synthetic": synthetic,
        }
        models.Member.objects.using(OWNER).update_or_create(
            pk=row_id(code, "member", member.username),
            defaults=facts,
            create_defaults=facts | {"password": "!"},
        )
    return _positions(code, members, at)


def _positions(code: str, members: Sequence[MemberRow], at: datetime) -> frozenset[UUID]:
    wanted = {
        row_id(code, "position", member.username, position.program, position.role): (
            row_id(code, "member", member.username),
            row_id(code, "program", *position.program.split("/")),
            position.role,
        )
        for member in members
        for position in member.positions
    }
    rows = models.Position.objects.using(OWNER)
    known = set(rows.filter(pk__in=wanted).values_list("pk", flat=True))
    rows.bulk_create(
        models.Position(id=id, member_id=member, program_id=program, role=role, from_at=at)
        for id, (member, program, role) in wanted.items()
        if id not in known
    )
    # taken out once and listed again; never for somebody whose access was ended
    back = rows.filter(pk__in=wanted, until_at__isnull=False, member__access_ended_at=None)
    back.update(from_at=at, until_at=None)
    return frozenset(wanted)


def _routes(files: Community, at: datetime) -> None:
    code = files.about.code
    routes = [
        models.Route(
            id=row_id(code, "route", row.kind, row.sender, receiver, row.since.isoformat()),
            kind=row.kind,
            from_program_id=row_id(code, "program", *row.sender.split("/")),
            to_program_id=row_id(code, "program", *receiver.split("/")),
            basis=row.basis,
            source=row.source,
            from_at=midnight(row.since, files.about.time_zone),
        )
        for row in files.routes
        for receiver in row.receivers
    ]
    put(routes)
    gone = models.Route.objects.using(OWNER).filter(until_at=None)
    gone.exclude(pk__in=[route.pk for route in routes]).update(until_at=at)
