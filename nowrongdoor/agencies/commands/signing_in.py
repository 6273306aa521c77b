"""Every change to what members sign in with: passwords, factors, sessions, and who confirms that it is they."""

import secrets
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session

from nowrongdoor.agencies import kinds, queries, rules, sessions
from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.models import Member
from nowrongdoor.journal.kinds import Kind, record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, require
from nowrongdoor.rows.locks import locked, missing


@command(needs=Action.MANAGE_ACCESS)
def give_password(*, by: Actor, at: datetime, member_id: UUID) -> str:
    """Give one of the own people a first password, or a new one. It is shown this once.

    Whoever signs in with it is asked for one of their own before anything else. Whatever they were
    signed in to ends, and their second factor stays as it was. Where they could sign in before,
    somebody else confirms first that it is they, as with `replace_sign_in`; not where the machine's
    operator gave it.
    Refused: to whoever may not manage access; to another employer's people; where access ended.
    Journal: agencies.password_set.
    """
    member = locked(Member, member_id)

    if member.employer_id != by.agency_id or member.access_ended_at is not None:
        raise missing()

    if by.member_id is not None and _signs_in(member):
        _unconfirmed(member, by=by, at=at)
    password = _given(member)

    record(kinds.PASSWORD_SET, member, by=by, at=at)
    return password


@command(needs=Action.MANAGE_ACCESS)
def replace_sign_in(*, by: Actor, at: datetime, member_id: UUID) -> str:
    """Take away what somebody signs in with, and give them a first password: they lost a second factor.

    Their factors go, and what connects them to their agency's provider; whoever else knows their old
    password is left with nothing. Nothing opens to whoever signs in with it before somebody else
    confirmed that it is they (`confirm_sign_in`); then they are told.
    Refused: as `rules.may_replace_sign_in` says; to another employer's people; where access ended.
    Journal: agencies.sign_in_replaced.
    """
    require(rules.may_replace_sign_in(own=member_id == by.member_id), NotPermitted)
    member = locked(Member, member_id)
    if member.employer_id != by.agency_id or member.access_ended_at is not None:
        raise missing()

    Authenticator.objects.filter(user_id=member_id).delete()
    SocialAccount.objects.filter(user_id=member_id).delete()
    _unconfirmed(member, by=by, at=at)
    password = _given(member)

    record(kinds.SIGN_IN_REPLACED, member, by=by, at=at)
    return password


@command(needs=rules.VOUCHING)
def confirm_sign_in(*, by: Actor, at: datetime, member_id: UUID) -> Member:
    """Say that it is this member who signs in with what somebody else gave them: they were asked in person.

    Refused: as `rules.may_confirm_sign_in` and `rules.can_be_confirmed` say; NotFound to whoever does not
    vouch for them (`rules.vouches_for`), and where access ended.
    Journal: agencies.sign_in_confirmed.
    """
    member = locked(Member, member_id)
    works_here = queries.position_in(member_id, by.program_id, at=at)
    employed = member.employer_id == by.agency_id
    vouches = rules.vouches_for(by, works_here=works_here, employed=employed)
    if not vouches or member.access_ended_at is not None:
        raise missing()

    replaced_it = by.member_id is not None and by.member_id == member.replaced_by_id
    own = by.member_id == member_id
    require(rules.may_confirm_sign_in(own=own, replaced_it=replaced_it), NotPermitted)
    chosen = not member.password_given
    require(rules.can_be_confirmed(waits=member.unconfirmed, chosen=chosen))

    member.confirmed_at, member.confirmed_by_id = at, by.member_id
    member.save(update_fields=["confirmed_at", "confirmed_by"])
    record(kinds.SIGN_IN_CONFIRMED, member, by=by, at=at)
    return member


@command
def see_replaced(*, by: Actor, at: datetime) -> None:
    """Say that one has read that one's sign-in was replaced, and that somebody confirmed it.

    Refused: as `rules.may_go_on` says.
    Journal: agencies.replaced_seen.
    """
    member = locked(Member, named(by))
    require(rules.may_go_on(waits=member.unconfirmed))

    member.replaced_at = member.replaced_by_id = None
    member.confirmed_at = member.confirmed_by_id = None
    member.save(update_fields=["replaced_at", "replaced_by", "confirmed_at", "confirmed_by"])
    record(kinds.REPLACED_SEEN, member, by=by, at=at)


@command
def end_own_sessions(*, by: Actor, at: datetime, keys: frozenset[str]) -> None:
    """End sessions of one's own: those of these keys that are.

    Journal: agencies.sessions_ended.
    """
    own = frozenset(row.key for row in sessions.sessions_of(named(by)))
    Session.objects.filter(session_key__in=own & keys).delete()
    record(kinds.SESSIONS_ENDED, by=by, at=at, member_id=named(by))


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


def _signs_in(member: Member) -> bool:
    """Whether they have anything to sign in with already: on somebody's first day they have nothing."""
    return (
        member.has_usable_password()
        or Authenticator.objects.filter(user_id=member.pk).exists()
        or SocialAccount.objects.filter(user_id=member.pk).exists()
    )


def _unconfirmed(member: Member, *, by: Actor, at: datetime) -> None:
    """From now on, whoever signs in waits until somebody confirms that it is this member."""
    member.replaced_at, member.replaced_by_id = at, by.member_id
    member.confirmed_at = member.confirmed_by_id = None
    member.save(update_fields=["replaced_at", "replaced_by", "confirmed_at", "confirmed_by"])


def _given(member: Member) -> str:
    """A new password, to be changed at once. Whatever they were signed in to ends."""
    password = secrets.token_urlsafe(16)
    member.set_password(password)
    member.password_given = True
    member.save(update_fields=["password", "password_given"])
    end_sessions(member.pk)
    return password
