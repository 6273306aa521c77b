"""A first password for whoever gives everybody else theirs. Only from the machine's own command line."""

from datetime import datetime

from nowrongdoor.agencies import commands, queries
from nowrongdoor.agencies.facts import Role
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput


def set_first_password(username: str, *, at: datetime) -> str:
    """A new password for this member; the journal says that the machine's operator gave it.

    Errors: BadInput where there is no such member; NotFound where their access ended.
    """
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
    return commands.give_password(by=operator, at=at, member_id=member.pk)
