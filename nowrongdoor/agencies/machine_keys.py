"""What is read of the keys by which machines act. One query each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.models import Program, Token
from nowrongdoor.community.queries import in_language
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A machine's key. `shows_people`: asked for; `agreed_at`: since when it does, by `agreed_by`."""

    id: UUID
    label: str
    program: str
    scopes: tuple[str, ...]
    expires_at: datetime
    shows_people: bool
    agreed_at: datetime | None
    agreed_by: str


def tokens_of(by: Actor, *, at: datetime) -> tuple[TokenRow, ...]:
    """The keys of machines that are in force in `by`'s agency."""
    return _tokens(Token.objects.filter(program__agency_id=by.agency_id), by, at)


def tokens_that_show(by: Actor, *, at: datetime) -> tuple[TokenRow, ...]:
    """The keys that may show what describes a person in `by`'s program."""
    rows = Token.objects.filter(program_id=by.program_id, agreed_at__isnull=False)
    return _tokens(rows, by, at)


def _tokens(rows: QuerySet[Token], by: Actor, at: datetime) -> tuple[TokenRow, ...]:
    in_force = rows.filter(revoked_at=None, expires_at__gt=at)
    return tuple(
        TokenRow(
            row.pk,
            row.label,
            "" if row.program is None else in_language(row.program.names, by.language),
            tuple(scope for scope in row.scopes if scope != Action.SEE_PEOPLE),
            row.expires_at,
            Action.SEE_PEOPLE in row.scopes,
            row.agreed_at,
            "" if row.agreed_by is None else row.agreed_by.name,
        )
        for row in in_force.select_related("program", "agreed_by").order_by("expires_at")
    )


def programs_of(by: Actor) -> tuple[tuple[UUID, str], ...]:
    """The programs of `by`'s agency: what a key may act for."""
    rows = Program.objects.filter(agency_id=by.agency_id).order_by("code")
    return tuple((row.pk, in_language(row.names, by.language)) for row in rows)
