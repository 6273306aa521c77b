"""Every change to access, presence, shifts and tokens.

Lock order: member, then presence. Nothing here holds an episode.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from nowrongdoor.agencies import kinds, queries, rules, sessions
from nowrongdoor.agencies.acting import act_as, act_as_anonymous, command, named
from nowrongdoor.agencies.facts import MACHINE_SCOPES, Action
from nowrongdoor.agencies.models import Member, Position, Presence, Program, Shift, Token
from nowrongdoor.agencies.system import system
from nowrongdoor.journal.kinds import Kind, record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Pick, Text, Tick

Whom = Pick(
    label=_("Name"),
    options=queries.to_put_on_duty,
    sent_as="member",
    wrong=_("Choose from the list."),
)


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What a key shall do: its name on boards and in rows, at most these actions, until then."""

    label: Annotated[str, Text()]
    scopes: frozenset[str]
    expires_at: datetime


@command
def occupy_desk(*, by: Actor, at: datetime, desk_id: UUID | None = None) -> Presence:
    """Take a desk in the program one acts for; an earlier desk is left.

    Journal: agencies.signed_in.
    """
    member_id = named(by)
    locked(Member, member_id)
    Presence.objects.filter(member_id=member_id, ended_at=None).update(ended_at=at)
    presence = Presence.objects.create(
        id=new_id(at),
        member_id=member_id,
        program_id=by.program_id,
        desk_id=desk_id,
        signed_in_at=at,
        heard_at=at,
    )

    record(kinds.SIGNED_IN, presence, by=by, at=at)
    return presence


@command
def vacate_desk(*, by: Actor, at: datetime, holding: int) -> None:
    """Sign out. `holding`: how many the member still holds, as the caller counted it.

    Refused: as `agencies.rules.may_sign_out` says.
    Journal: agencies.signed_out.
    """
    member_id = named(by)
    locked(Member, member_id)

    require(rules.may_sign_out(holding=holding))

    Presence.objects.filter(member_id=member_id, ended_at=None).update(ended_at=at)
    record(kinds.SIGNED_OUT, by=by, at=at, member_id=member_id)


@command
def lock_screen(*, by: Actor, at: datetime, holding: int) -> None:
    """Lock an idle screen; its stream ends. Never over somebody who is held.

    Refused: as `agencies.rules.may_lock` says.
    Journal: agencies.locked.
    """
    require(rules.may_lock(holding=holding))

    record(kinds.LOCKED, by=by, at=at, member_id=named(by))


def heartbeat(member_ids: frozenset[UUID], *, at: datetime) -> None:
    """Keep when these members' screens were last heard. Kept, not logged."""
    if not member_ids:
        return
    with act_as_anonymous():
        rows = Presence.objects.filter(member_id__in=member_ids, ended_at=None)
        rows.filter(heard_at__lt=at).update(heard_at=at)
        back = list(rows.exclude(lost_at=None).values_list("id", flat=True))
    for presence_id in back:
        _mark(presence_id, lost=False, at=at)


def mark_lost_desks(*, at: datetime, lost_after_s: int) -> int:
    """Notice desks that fell silent, each once, and tell its program. Answers how many.

    Journal: agencies.presence_lost, as that program's timer.
    """
    since = at - timedelta(seconds=lost_after_s)
    with act_as_anonymous():
        silent = list(
            Presence.objects.filter(ended_at=None, lost_at=None, heard_at__lt=since).values_list(
                "id", flat=True
            )
        )
    return sum(_mark(presence_id, lost=True, at=at) for presence_id in silent)


def _mark(presence_id: UUID, *, lost: bool, at: datetime) -> bool:
    """Mark one desk lost or found, unless another process just did."""
    with act_as_anonymous():
        where = Presence.objects.filter(pk=presence_id).select_related("program").first()
    if where is None:
        return False
    by = system(program_id=where.program_id, agency_id=where.program.agency_id, code="timer")
    with act_as(by):
        row = Presence.objects.select_for_update(skip_locked=True).filter(pk=presence_id).first()
        if row is None or row.ended_at is not None or (row.lost_at is not None) is lost:
            return False
        row.lost_at = at if lost else None
        row.save(update_fields=["lost_at"])
        kind = kinds.PRESENCE_LOST if lost else kinds.PRESENCE_FOUND
        record(kind, row, by=by, at=at)
    return True


@command(needs=Action.MANAGE_ACCESS)
def end_access(*, by: Actor, at: datetime, member_id: UUID) -> Member:
    """End a person's access at once: positions, sessions and (by the feed) streams. No key is in a person's name.

    What they hold stays in their name and shows as unreachable until a supervisor assumes it.
    Refused: to whoever may not manage access; to another employer's people; as `rules.may_end_access` says.
    Journal: agencies.access_ended.
    """
    member = locked(Member, member_id)

    if member.employer_id != by.agency_id:
        raise missing()
    require(rules.may_end_access(own=member_id == by.member_id), NotPermitted)

    member.access_ended_at = at
    member.set_unusable_password()
    member.save(update_fields=["access_ended_at", "password"])
    Position.objects.filter(member=member).exclude(until_at__lte=at).update(until_at=at)
    Presence.objects.filter(member=member, ended_at=None).update(ended_at=at)
    end_sessions(member_id)

    record(kinds.ACCESS_ENDED, member, *Position.objects.filter(member=member), by=by, at=at)
    return member


@command(needs=Action.MANAGE_ACCESS)
def give_password(*, by: Actor, at: datetime, member_id: UUID) -> str:
    """Give one of the own people a first password, or a new one. It is shown this once.

    Whoever signs in with it is asked for one of their own before anything else. Whatever they were
    signed in to ends, and their second factor stays as it was.
    Refused: to whoever may not manage access; to another employer's people; where access ended.
    Journal: agencies.password_set.
    """
    member = locked(Member, member_id)

    if member.employer_id != by.agency_id or member.access_ended_at is not None:
        raise missing()

    password = secrets.token_urlsafe(16)
    member.set_password(password)
    member.password_given = True
    member.save(update_fields=["password", "password_given"])
    end_sessions(member_id)

    record(kinds.PASSWORD_SET, member, by=by, at=at)
    return password


@command(needs=Action.MANAGE_ACCESS)
def replace_sign_in(*, by: Actor, at: datetime, member_id: UUID) -> str:
    """Take away what somebody signs in with, and give them a first password: they lost a second factor.

    Their factors go, and what connects them to their agency's provider; whoever else knows their old
    password is left with nothing. They are told at their next sign-in, before anything opens.
    Refused: as `rules.may_replace_sign_in` says; to another employer's people; where access ended.
    Journal: agencies.sign_in_replaced.
    """
    require(rules.may_replace_sign_in(own=member_id == by.member_id), NotPermitted)
    member = locked(Member, member_id)
    if member.employer_id != by.agency_id or member.access_ended_at is not None:
        raise missing()

    Authenticator.objects.filter(user_id=member_id).delete()
    SocialAccount.objects.filter(user_id=member_id).delete()
    password = secrets.token_urlsafe(16)
    member.set_password(password)
    member.password_given = True
    member.replaced_at, member.replaced_by_id = at, by.member_id
    member.save(update_fields=["password", "password_given", "replaced_at", "replaced_by"])
    end_sessions(member_id)

    record(kinds.SIGN_IN_REPLACED, member, by=by, at=at)
    return password


@command
def see_replaced(*, by: Actor, at: datetime) -> None:
    """Say that one has read that one's sign-in was replaced.

    Journal: agencies.replaced_seen.
    """
    member = locked(Member, named(by))
    member.replaced_at = member.replaced_by_id = None
    member.save(update_fields=["replaced_at", "replaced_by"])
    record(kinds.REPLACED_SEEN, member, by=by, at=at)


@command
def end_own_sessions(*, by: Actor, at: datetime, keys: frozenset[str]) -> None:
    """End sessions of one's own: those of these keys that are.

    Journal: agencies.sessions_ended.
    """
    own = frozenset(row.key for row in sessions.sessions_of(named(by)))
    Session.objects.filter(session_key__in=own & keys).delete()
    record(kinds.SESSIONS_ENDED, by=by, at=at, member_id=named(by))


@command(needs=Action.RUN_SHIFT)
def start_shift(
    *,
    by: Actor,
    at: datetime,
    member_id: Annotated[UUID, Whom],
    until_at: datetime | None = None,
    supervises: Annotated[bool, Tick(label=_("Queue supervisor"))] = False,
) -> Shift:
    """Put a member of the program on duty, as its supervisor or not.

    Refused: to whoever does not run shifts; BadInput for a stranger to the program.
    Journal: agencies.shift_started.
    """
    works_here = Position.objects.filter(
        member_id=member_id, program_id=by.program_id, until_at=None
    )
    if not works_here.exists():
        raise BadInput("member", "member.elsewhere", "That person does not work in that program.")

    _on_duty(by, member_id, at=at).update(until_at=at)
    shift = Shift.objects.create(
        id=new_id(at),
        program_id=by.program_id,
        member_id=member_id,
        supervises=supervises,
        from_at=at,
        until_at=until_at,
    )
    record(kinds.SHIFT_STARTED, shift, by=by, at=at)
    return shift


@command(needs=Action.RUN_SHIFT)
def end_shift(*, by: Actor, at: datetime, member_id: UUID) -> Shift:
    """Take a member off duty.

    Refused: to whoever does not run shifts; NotFound where they are not on duty.
    Journal: agencies.shift_ended.
    """
    shift = _on_duty(by, member_id, at=at).first()
    if shift is None:
        raise missing()

    shift.until_at = at
    shift.save(update_fields=["until_at"])
    record(kinds.SHIFT_ENDED, shift, by=by, at=at)
    return shift


@command(needs=Action.MANAGE_ACCESS)
def issue_token(*, by: Actor, at: datetime, program_id: UUID, wish: TokenWish) -> tuple[Token, str]:
    """Make a key by which a machine acts for a program of the own agency. It is shown this once.

    It shows nothing that describes a person before a privacy officer agrees.
    Refused: to whoever may not manage access; BadInput for what no machine does, or no expiry ahead.
    Journal: agencies.token_issued.
    """
    program = Program.objects.filter(pk=program_id, agency_id=by.agency_id).first()
    if program is None:
        raise missing()
    if not wish.scopes or wish.scopes - {action.value for action in MACHINE_SCOPES}:
        raise BadInput("scopes", "token.scopes", "Choose what the key may do from the list.")
    if wish.expires_at <= at:
        raise BadInput("expires_at", "token.expiry", "The expiry must be in the future.")

    key = secrets.token_urlsafe(32)
    token = Token.objects.create(
        id=new_id(at),
        program=program,
        issued_by_id=by.member_id,
        label=wish.label,
        digest=digest(key),
        scopes=sorted(wish.scopes),
        created_at=at,
        expires_at=wish.expires_at,
    )
    record(kinds.TOKEN_ISSUED, token, by=by, at=at, to_program_id=program.pk)
    return token, key


@command(needs=(Action.MANAGE_ACCESS, Action.AGREE_TO_KEY))
def revoke_token(*, by: Actor, at: datetime, token_id: UUID) -> Token:
    """End a key at once.

    Refused: to whoever neither manages access nor agrees to keys; NotFound for another agency's key.
    Journal: agencies.token_revoked.
    """
    token = _own_token(by, token_id)

    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(kinds.TOKEN_REVOKED, token, by=by, at=at, to_program_id=token.program_id)
    return token


@command(needs=Action.AGREE_TO_KEY)
def agree_to_key(*, by: Actor, at: datetime, token_id: UUID) -> Token:
    """Let a key show what describes a person: names, needs, notes. Its program's supervisors are told.

    Refused: as `rules.may_agree_to_key` says; NotFound for another agency's key.
    Journal: agencies.token_agreed.
    """
    token = _own_token(by, token_id)

    own = token.issued_by_id == named(by)
    shows = Action.SEE_PEOPLE.value in token.scopes
    require(
        rules.may_agree_to_key(shows_people=shows, revoked=token.revoked_at is not None, own=own)
    )

    token.agreed_at, token.agreed_by_id = at, by.member_id
    token.save(update_fields=["agreed_at", "agreed_by"])
    record(kinds.TOKEN_AGREED, token, by=by, at=at, to_program_id=token.program_id)
    return token


def _own_token(by: Actor, token_id: UUID) -> Token:
    """The key of a program of one's own agency, with nobody else changing it."""
    token = locked(Token, token_id)
    program = token.program_id and Program.objects.get(pk=token.program_id)
    if not program or program.agency_id != by.agency_id:
        raise missing()
    return token


def digest(key: str) -> str:
    """What is kept of a key. It has 256 bits of chance, so a plain hash is enough."""
    return sha256(key.encode()).hexdigest()


def _on_duty(by: Actor, member_id: UUID, *, at: datetime) -> QuerySet[Shift]:
    rows = Shift.objects.filter(member_id=member_id, program_id=by.program_id, from_at__lte=at)
    return rows.filter(Q(until_at=None) | Q(until_at__gt=at))


@command
def write_own(*, by: Actor, at: datetime, changed: Kind) -> None:
    """Write down what a member changed about how they sign in. The change itself is allauth's.

    Journal: agencies.password_changed, factor_added, factor_removed or recovery_codes_made.
    """
    record(changed, by=by, at=at, member_id=named(by))


def chose_password(member_id: UUID) -> None:
    """A member has a password of their own now, whoever gave them the one before.

    Whatever they were signed in to ends.
    """
    Member.objects.filter(pk=member_id).update(password_given=False)
    end_sessions(member_id)


def end_sessions(member_id: UUID, *, but: str | None = None) -> None:
    """Delete every session of a member, `but` one; their open screens end within a second or so."""
    mine = [row.key for row in sessions.sessions_of(member_id) if row.key != but]
    Session.objects.filter(session_key__in=mine).delete()
