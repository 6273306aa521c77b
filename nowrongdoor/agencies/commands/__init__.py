"""Every change to access, presence, shifts and tokens.

Lock order: member, then presence. Nothing here holds an episode.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from django.db.models import Q, QuerySet

from nowrongdoor.agencies import kinds, queries, rules
from nowrongdoor.agencies.acting import act_as, act_as_anonymous, command, named
from nowrongdoor.agencies.commands.signing_in import (
    chose_password,
    confirm_sign_in,
    end_own_sessions,
    end_sessions,
    give_password,
    replace_sign_in,
    see_replaced,
    write_own,
)
from nowrongdoor.agencies.facts import MACHINE_SCOPES, Action
from nowrongdoor.agencies.models import Member, Position, Presence, Program, Shift, Token
from nowrongdoor.agencies.system import system
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Pick, Text, Tick

__all__ = [
    "TokenWish",
    "agree_to_key",
    "chose_password",
    "confirm_sign_in",
    "digest",
    "end_access",
    "end_own_sessions",
    "end_sessions",
    "end_shift",
    "give_password",
    "heartbeat",
    "issue_token",
    "lock_screen",
    "mark_lost_desks",
    "occupy_desk",
    "replace_sign_in",
    "revoke_token",
    "see_replaced",
    "start_shift",
    "vacate_desk",
    "write_own",
]

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
