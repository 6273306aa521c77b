"""What an agency cannot do alone, by the machine's own command line: a first password, a confirmation."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import commands, queries
from nowrongdoor.agencies.facts import Role
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput


def set_first_password(username: str, *, at: datetime) -> str:
    """A new password for this member; the journal says that the machine's operator gave it.

    Errors: BadInput where there is no such member; NotFound where their access ended.
    """
    by, member_id = _operator(username)
    return commands.give_password(by=by, at=at, member_id=member_id)


def confirm(username: str, *, at: datetime) -> None:
    """Confirm that it is this member who signs in with what somebody gave them, where nobody else may.

    Errors: BadInput where there is no such member; Refused as `agencies.commands.confirm_sign_in` says.
    """
    by, member_id = _operator(username)
    commands.confirm_sign_in(by=by, at=at, member_id=member_id)


def _operator(username: str) -> tuple[Actor, UUID]:
    """Whoever runs the machine, for the agency that employs this member; and the member."""
    member = queries.member_named(username)
    if member is None:
        raise BadInput("username", "member.unknown", "No user named {name} here.", name=username)
    program = next(row for row in queries.programs("en") if row.agency_id == member.employer_id)
    operator = Actor(
        code="operator",
        agency_id=program.agency_id,
        program_id=program.id,
        role=Role.ADMINISTRATOR.value,
    )
    return operator, member.pk
