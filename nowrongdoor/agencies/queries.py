"""Every read of the agencies. One query each, unless it says otherwise."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from nowrongdoor.agencies import rules
from nowrongdoor.agencies.facts import PLAYED, Action, Role
from nowrongdoor.agencies.models import (
    Desk,
    Member,
    Position,
    Presence,
    Program,
    Shift,
)
from nowrongdoor.community.queries import in_language
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ProgramRow:
    id: UUID
    code: str
    program: str
    agency_id: UUID
    agency_code: str
    agency: str
    kind: str


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    member_id: UUID
    name: str
    role: str
    present: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One of an agency's own people, for its administrator."""

    member_id: UUID
    name: str
    username: str
    positions: tuple[str, ...]
    present: bool
    access_ended_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.member_id


@dataclass(frozen=True, slots=True)
class DutyRow:
    """Somebody on duty. `until_at` None: until somebody takes them off."""

    member_id: UUID
    name: str
    supervises: bool
    from_at: datetime
    until_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.member_id


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position somebody may choose: at sign-in, or in the demo's picker."""

    id: UUID
    member_id: UUID
    name: str
    role: str
    program: str
    agency: str
    agency_code: str
    takes_part: bool
    """Whether the role has a board of people; the picker shows those first."""


def goes_out(position_id: UUID) -> bool:
    """Whether who has this position goes out in a unit, and has no desk."""
    return Position.objects.filter(pk=position_id, role__in=CREWS).exists()


CREWS = (Role.TEAM_CLINICIAN.value, Role.CO_RESPONDER.value)
_ROLE_NAMES = {
    Role.CALL_TAKER: gettext_noop("Call-taker"),
    Role.DISPATCHER: gettext_noop("Dispatcher"),
    Role.PSAP_SUPERVISOR: gettext_noop("911 shift supervisor"),
    Role.IN_CENTER_CLINICIAN: gettext_noop("In-center clinician"),
    Role.COUNSELOR: gettext_noop("Counselor"),
    Role.LINE_SUPERVISOR: gettext_noop("Line supervisor"),
    Role.TEAM_DISPATCHER: gettext_noop("Team dispatcher"),
    Role.TEAM_CLINICIAN: gettext_noop("Team clinician"),
    Role.OFFICER: gettext_noop("Officer"),
    Role.MHST_SERGEANT: gettext_noop("MHST sergeant"),
    Role.DETECTIVE: gettext_noop("Detective"),
    Role.CO_RESPONDER: gettext_noop("Co-responder"),
    Role.CHARGE_NURSE: gettext_noop("Charge nurse"),
    Role.ADMITTING_OFFICER: gettext_noop("Admitting officer"),
    Role.CENTER_CLINICIAN: gettext_noop("Center clinician"),
    Role.PEER: gettext_noop("Peer"),
    Role.PEER_SUPERVISOR: gettext_noop("Peer supervisor"),
    Role.OUTREACH_WORKER: gettext_noop("Outreach worker"),
    Role.FOLLOW_UP_COORDINATOR: gettext_noop("Follow-up coordinator"),
    Role.COURT_LIAISON: gettext_noop("Court liaison"),
    Role.EMS_CREW: gettext_noop("EMS crew"),
    Role.NEGOTIATOR: gettext_noop("Negotiator"),
    Role.PROGRAM_SUPERVISOR: gettext_noop("Program supervisor"),
    Role.PROGRAM_MANAGER: gettext_noop("Program manager"),
    Role.MEDICAL_DIRECTOR: gettext_noop("Medical director"),
    Role.PRIVACY_OFFICER: gettext_noop("Privacy officer"),
    Role.JAIL_COORDINATOR: gettext_noop("Jail coordinator"),
    Role.TRAINING_COORDINATOR: gettext_noop("Training coordinator"),
    Role.ADMINISTRATOR: gettext_noop("Administrator"),
    Role.MACHINE: gettext_noop("The system"),
}


def role_name(role: str) -> str:
    """What a role is called on screen."""
    return gettext(_ROLE_NAMES[Role(role)])


def program(program_id: UUID, *, language: str) -> ProgramRow:
    row = Program.objects.select_related("agency").get(pk=program_id)
    return _program(row, language)


def programs(language: str) -> tuple[ProgramRow, ...]:
    rows = Program.objects.select_related("agency").order_by("agency__code", "code")
    return tuple(_program(row, language) for row in rows)


def kind_of(program_id: UUID) -> str:
    """What kind of agency a program is of; '' for a program that there is not."""
    rows = Program.objects.filter(pk=program_id).values_list("agency__kind", flat=True)
    return rows.first() or ""


def code_of(program_id: UUID) -> str:
    """The short name of a program's agency, as it is said: `crc`."""
    return Program.objects.values_list("agency__code", flat=True).get(pk=program_id)


def path_of(program_id: UUID) -> str:
    """A program as the community's files name it: `agency/program`."""
    row = Program.objects.values_list("agency__code", "code").get(pk=program_id)
    return "/".join(row)


def agency_of(program_id: UUID) -> UUID:
    return UUID(str(Program.objects.values_list("agency_id", flat=True).get(pk=program_id)))


def keeps_records_at_home(program_id: UUID) -> bool:
    return Program.objects.filter(pk=program_id, agency__pointer=True).exists()


def desks(program_id: UUID, *, language: str) -> tuple[tuple[UUID, str], ...]:
    rows = Desk.objects.filter(program_id=program_id).order_by("code")
    return tuple((row.pk, in_language(row.names, language)) for row in rows)


def positions_of(member_id: UUID, *, at: datetime, language: str) -> tuple[PositionRow, ...]:
    return _positions(_in_force(at).filter(member_id=member_id), language)


def pickable(*, at: datetime, language: str) -> tuple[PositionRow, ...]:
    """Every position of a synthetic member: the demo's picker."""
    rows = _in_force(at).filter(member__synthetic=True, member__access_ended_at=None)
    rows = rows.exclude(member__username__startswith=PLAYED)
    found = _positions(rows, language)
    return tuple(sorted(found, key=lambda each: (each.agency_code, not each.takes_part)))


def demo_members(program_id: UUID, role: Role, *, at: datetime) -> tuple[UUID, UUID] | None:
    """The first in this role whom a newcomer may sign in as: (member, position). One query."""
    rows = _in_force(at).filter(member__synthetic=True, member__access_ended_at=None)
    rows = rows.exclude(member__username__startswith=PLAYED)
    here = rows.filter(program_id=program_id, role=role.value).order_by("member__username")
    return here.values_list("member_id", "id").first()


def colleagues(by: Actor, *, at: datetime) -> tuple[ColleagueRow, ...]:
    """Who works in `by`'s program, with those at their desks first. Two queries."""
    rows = (
        _in_force(at)
        .filter(program_id=by.program_id, member__access_ended_at=None)
        .select_related("member")
    )
    here = set(
        Presence.objects.filter(program_id=by.program_id, ended_at=None).values_list(
            "member_id", flat=True
        )
    )
    found = [
        ColleagueRow(row.member_id, row.member.name, row.role, row.member_id in here)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (not each.present, each.name)))


def to_put_on_duty(by: Actor, *, at: datetime) -> list[tuple[str, str]]:
    """`colleagues`, to be chosen from."""
    away = gettext("Not at a desk")
    return [
        (str(each.member_id), each.name if each.present else f"{each.name} ({away})")
        for each in colleagues(by, at=at)
    ]


def people(by: Actor, *, at: datetime) -> tuple[PersonRow, ...]:
    """Everybody whom `by`'s agency employs, those with access first. Three queries."""
    members = list(Member.objects.filter(employer_id=by.agency_id).order_by("name"))
    ids = [member.pk for member in members]
    held: dict[UUID, list[str]] = {}
    rows = _in_force(at).filter(member_id__in=ids).select_related("program__agency")
    for row in rows.order_by("program__agency__code", "program__code", "role"):
        where = in_language(row.program.names, by.language)
        held.setdefault(row.member_id, []).append(f"{role_name(row.role)}, {where}")
    here = set(
        Presence.objects.filter(member_id__in=ids, ended_at=None).values_list(
            "member_id", flat=True
        )
    )
    found = [
        PersonRow(
            member.pk,
            member.name,
            member.username,
            tuple(held.get(member.pk, ())),
            member.pk in here,
            member.access_ended_at,
        )
        for member in members
    ]
    return tuple(sorted(found, key=lambda each: (each.access_ended_at is not None, each.name)))


def on_duty(by: Actor, *, at: datetime) -> tuple[DutyRow, ...]:
    """Who is on duty in `by`'s program, its supervisor first."""
    rows = Shift.objects.filter(program_id=by.program_id, from_at__lte=at)
    rows = rows.filter(Q(until_at=None) | Q(until_at__gt=at)).select_related("member")
    return tuple(
        DutyRow(row.member_id, row.member.name, row.supervises, row.from_at, row.until_at)
        for row in rows.order_by("-supervises", "member__name")
    )


def role_in(member_id: UUID, program_id: UUID, *, at: datetime) -> tuple[UUID, str] | None:
    """The role somebody has in a program, as (program, role); None where they have none."""
    rows = _in_force(at).filter(member_id=member_id, program_id=program_id)
    row = rows.filter(member__access_ended_at=None).order_by("role").first()
    return None if row is None else (row.program_id, row.role)


def position_in(member_id: UUID, program_id: UUID, *, at: datetime) -> bool:
    rows = _in_force(at).filter(member_id=member_id, program_id=program_id)
    return rows.filter(member__access_ended_at=None).exists()


def acts_in_other_program(member_id: UUID, *, at: datetime) -> bool:
    """Whether somebody has more than one position to act in."""
    return _in_force(at).filter(member_id=member_id).count() > 1


def may_supervise(by: Actor) -> bool:
    return rules.may(by, Action.ASSUME).allowed


def supervisor_of(program_id: UUID, *, at: datetime) -> str:
    """Who answers for a program's queue: on shift as supervisor, else at a desk in that role, else ''.

    Two queries at most.
    """
    on_shift = (
        Shift.objects.filter(program_id=program_id, supervises=True, from_at__lte=at)
        .filter(Q(until_at=None) | Q(until_at__gt=at))
        .select_related("member")
        .order_by("-from_at")
        .first()
    )
    if on_shift is not None:
        return on_shift.member.name
    supervising = [role.value for role, granted in rules.GRANTS.items() if Action.ASSUME in granted]
    here = Presence.objects.filter(program_id=program_id, ended_at=None).values("member_id")
    row = (
        _in_force(at)
        .filter(program_id=program_id, role__in=supervising, member_id__in=here)
        .select_related("member")
        .order_by("member__name")
        .first()
    )
    return "" if row is None else row.member.name


def member_reachable(member_id: UUID, lost_after_s: int, *, at: datetime) -> bool:
    return member_id in reachable_members({member_id}, lost_after_s, at=at)


def reachable_members(
    member_ids: Iterable[UUID], lost_after_s: int, *, at: datetime
) -> frozenset[UUID]:
    """Those of these members whose desk was heard lately."""
    rows = Presence.objects.filter(member_id__in=list(member_ids), ended_at=None)
    return frozenset(
        row.member_id
        for row in rows
        if rules.reachable(row.facts(), lost_after_s=lost_after_s, at=at).allowed
    )


def anybody_present(program_id: UUID, lost_after_s: int, *, at: datetime) -> bool:
    since = at - timedelta(seconds=lost_after_s)
    return Presence.objects.filter(
        program_id=program_id, ended_at=None, heard_at__gte=since
    ).exists()


def names_of(member_ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(Member.objects.filter(pk__in=member_ids).values_list("pk", "name"))


def members_with(name_is: Callable[[str], bool]) -> frozenset[UUID]:
    """Every member whose name is so, also those whose access ended: they owned calls. One query."""
    rows = Member.objects.values_list("pk", "name")
    return frozenset(id for id, name in rows if name_is(name))


def staff_of(program_id: UUID, *, at: datetime) -> tuple[tuple[UUID, str, str], ...]:
    """Everybody with a position in a program: (member, name, role), by name. One query."""
    rows = _in_force(at).filter(program_id=program_id, member__access_ended_at=None)
    found = rows.select_related("member").order_by("member__name", "role")
    return tuple((row.member_id, row.member.name, row.role) for row in found)


def member_named(username: str) -> Member | None:
    return Member.objects.filter(username=username).first()


def _in_force(at: datetime) -> QuerySet[Position]:
    return Position.objects.filter(from_at__lte=at).filter(Q(until_at=None) | Q(until_at__gt=at))


def _positions(rows: QuerySet[Position], language: str) -> tuple[PositionRow, ...]:
    joined = rows.select_related("member", "program__agency")
    return tuple(
        PositionRow(
            row.pk,
            row.member_id,
            row.member.name,
            role_name(row.role),
            in_language(row.program.names, language),
            in_language(row.program.agency.names, language),
            row.program.agency.code,
            Action.SEE_BOARD in rules.GRANTS[Role(row.role)],
        )
        for row in joined.order_by("program__agency__code", "program__code", "role", "member__name")
    )


def _program(row: Program, language: str) -> ProgramRow:
    return ProgramRow(
        row.pk,
        row.code,
        in_language(row.names, language),
        row.agency_id,
        row.agency.code,
        in_language(row.agency.names, language),
        row.agency.kind,
    )
