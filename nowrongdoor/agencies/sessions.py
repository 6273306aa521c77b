"""What a member is signed in to, and whether what they sign in with was replaced. One query each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from nowrongdoor.agencies import rules
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.models import Member, Position
from nowrongdoor.kernel.actor import Actor

_WAYS = {
    "password": gettext_noop("Password"),
    "mfa": gettext_noop("Second factor"),
    "socialaccount": gettext_noop("Your agency's sign-in"),
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Something a member is signed in to. `key` is its secret; `id` tells it from others and opens nothing."""

    key: str
    began_at: datetime | None
    how: tuple[str, ...]
    expires_at: datetime

    @property
    def id(self) -> str:
        return sha256(self.key.encode()).hexdigest()[:16]


def sessions_of(member_id: UUID) -> tuple[SessionRow, ...]:
    """What a member is signed in to, the last one first. Sessions are few; each is opened to see whose it is."""
    found = [
        _session(row, read)
        for row in Session.objects.order_by("-expire_date").iterator()
        if (read := row.get_decoded()).get(SESSION_KEY) == str(member_id)
    ]
    return tuple(found)


def _session(row: Session, read: dict[str, Any]) -> SessionRow:
    shown = [each for each in read.get(AUTHENTICATION_METHODS_SESSION_KEY, ()) if "at" in each]
    began = datetime.fromtimestamp(shown[0]["at"], tz=UTC) if shown else None
    ways = dict.fromkeys(each["method"] for each in shown)
    how = tuple(gettext(_WAYS[way]) for way in ways if way in _WAYS)
    return SessionRow(row.session_key, began, how, row.expire_date)


@dataclass(frozen=True, slots=True)
class Replaced:
    """That somebody gave a member what they sign in with, and who confirmed that it is they."""

    at: datetime
    by: str
    unconfirmed: bool
    confirmed_by: str
    chosen: bool
    """Whether they have a password of their own since."""


@dataclass(frozen=True, slots=True)
class UnconfirmedRow:
    """A member who waits until somebody confirms that it is they. `own_doing`: the reader gave it."""

    member_id: UUID
    name: str
    username: str
    replaced_at: datetime | None
    replaced_by: str
    chosen: bool
    own_doing: bool

    @property
    def id(self) -> UUID:
        return self.member_id


def replaced(member_id: UUID) -> Replaced | None:
    """When a member's sign-in was replaced and by whom, until they say that they have read it."""
    rows = Member.objects.filter(pk=member_id, replaced_at__isnull=False)
    row = rows.select_related("replaced_by", "confirmed_by").first()
    if row is None or row.replaced_at is None:
        return None
    by, other = row.replaced_by, row.confirmed_by
    return Replaced(
        row.replaced_at,
        "" if by is None else by.name,
        row.unconfirmed,
        "" if other is None else other.name,
        not row.password_given,
    )


def to_confirm(by: Actor, *, at: datetime) -> tuple[UnconfirmedRow, ...]:
    """Who waits to be confirmed, of those for whom `by` vouches (`rules.vouches_for`)."""
    whom = Q(pk__in=[])
    if rules.vouches_for(by, works_here=True, employed=False):
        here = _in_force(at) & Q(program_id=by.program_id)
        whom |= Q(pk__in=Position.objects.filter(here).values("member_id"))
    if rules.vouches_for(by, works_here=False, employed=True):
        whom |= Q(employer_id=by.agency_id)
    rows = Member.objects.filter(whom, replaced_at__isnull=False, confirmed_at=None)
    rows = rows.filter(access_ended_at=None).exclude(pk=by.member_id)
    return tuple(
        UnconfirmedRow(
            row.pk,
            row.name,
            row.username,
            row.replaced_at,
            "" if row.replaced_by is None else row.replaced_by.name,
            not row.password_given,
            row.replaced_by_id == by.member_id,
        )
        for row in rows.select_related("replaced_by").order_by("name")
    )


def confirmers(member_id: UUID, *, at: datetime) -> tuple[str, ...]:
    """The names of those who may confirm that it is this member who signed in. Two queries."""
    member = Member.objects.get(pk=member_id)
    own = Position.objects.filter(_in_force(at), member_id=member_id).values("program_id")
    supervise, manage = _roles(Action.ASSUME), _roles(Action.MANAGE_ACCESS, Action.AGREE_TO_KEY)
    theirs = Q(program_id__in=own, role__in=supervise)
    theirs |= Q(program__agency_id=member.employer_id, role__in=manage)
    rows = Position.objects.filter(_in_force(at) & theirs, member__access_ended_at=None)
    rows = rows.exclude(member_id__in=[member_id, member.replaced_by_id or member_id])
    rows = rows.exclude(member__replaced_at__isnull=False, member__confirmed_at=None)
    return tuple(rows.order_by("member__name").values_list("member__name", flat=True).distinct())


def _roles(*actions: Action) -> list[str]:
    """The roles that are granted any of these."""
    return [role.value for role, granted in rules.GRANTS.items() if granted & set(actions)]


def _in_force(at: datetime) -> Q:
    return Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))
