"""Who acts: a position that was chosen, or a machine's key, becomes an Actor. One query each.

Asked by every request, so in plain SQL: the ORM takes as long for this as a command for its rows.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.agencies.models import Member
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput

_SEAT = """
FROM agencies_position p JOIN agencies_member m ON m.id = p.member_id
JOIN agencies_program g ON g.id = p.program_id JOIN agencies_agency a ON a.id = g.agency_id
"""
_ACTOR = f"""
SELECT m.id, m.name, m.language, g.id, g.agency_id, p.role, a.kind, p.id, p.until_at {_SEAT}
"""
_AT_A_DESK = """
SELECT m.id, m.name FROM agencies_presence d JOIN agencies_member m ON m.id = d.member_id
WHERE d.member_id = %(member)s AND d.program_id = %(program)s AND d.ended_at IS NULL
"""
_MACHINE = """
SELECT t.id, t.label, g.id, g.agency_id, a.kind, t.scopes::text, t.agreed_at IS NOT NULL
FROM agencies_token t JOIN agencies_program g ON g.id = t.program_id
JOIN agencies_agency a ON a.id = g.agency_id
WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND t.expires_at > %(at)s
"""
_IN_FORCE = """
AND p.from_at <= %(at)s AND (p.until_at IS NULL OR p.until_at > %(at)s) AND m.access_ended_at IS NULL
"""
_STILL_OPEN = f"""
SELECT k.session, k.position FROM unnest(%(sessions)s::text[], %(positions)s::uuid[]) AS k (session, position)
JOIN django_session s ON s.session_key = k.session AND s.expire_date > %(real_at)s
JOIN agencies_position p ON p.id = k.position JOIN agencies_member m ON m.id = p.member_id
WHERE true {_IN_FORCE}
"""
_SEATED = f"""
SELECT m.*, g.id AS program_id, g.agency_id, p.role, a.kind, p.until_at {_SEAT} WHERE p.id = %(id)s {_IN_FORCE}
"""


_AS_READ = """
SELECT id FROM agencies_position
WHERE id = %(id)s AND until_at IS NOT DISTINCT FROM %(until)s::timestamptz FOR SHARE
"""
_IN_FORCE_YET = "SELECT id FROM agencies_token WHERE id = %(id)s AND revoked_at IS NULL FOR SHARE"


class SessionPosition(NamedTuple):
    """What lets an open screen go on looking: its session, and the position it acts in."""

    session: str
    position_id: UUID


def still_open(
    seats: Collection[SessionPosition], *, at: datetime, real_at: datetime
) -> frozenset[SessionPosition]:
    """Those of `seats` whose session, position and access have not ended meanwhile. One query.

    Sessions last by our own clock, `real_at`; the rest by the city's, which may run faster.
    """
    asked: dict[str, Any] = {
        "sessions": [seat.session for seat in seats],
        "positions": [seat.position_id for seat in seats],
        "at": at,
        "real_at": real_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STILL_OPEN, asked)
        return frozenset(SessionPosition(*row) for row in cursor.fetchall())


class Seated(NamedTuple):
    """Who sits in a position: as Django knows them, and as whoever acts."""

    member: Member
    actor: Actor


def seated(position_id: UUID, *, at: datetime, language: str) -> Seated | None:
    """As `actor_at`, with the member whom a session has to be of."""
    found: list[Any] = list(Member.objects.raw(_SEATED, {"id": position_id, "at": at}))
    if not found:
        return None
    [m] = found
    row = (
        m.pk,
        m.name,
        m.language,
        m.program_id,
        m.agency_id,
        m.role,
        m.kind,
        position_id,
        m.until_at,
    )
    return Seated(m, _actor(row, language=language))


def actor_at(position_id: UUID, *, at: datetime, language: str = "") -> Actor | None:
    """Who acts in this position, or None where it ended or the member's access did."""
    found = _acting(f"{_ACTOR} WHERE p.id = %(id)s {_IN_FORCE}", {"id": position_id, "at": at})
    return None if found is None else _actor(found, language=language)


def actor_of(member_id: UUID, *, at: datetime) -> Actor | None:
    """Who a member acts as before they have chosen: the first of their positions, or None."""
    first = f"{_ACTOR} WHERE m.id = %(id)s {_IN_FORCE} ORDER BY p.from_at, p.id LIMIT 1"
    found = _acting(first, {"id": member_id, "at": at})
    return None if found is None else _actor(found)


def actors_at(position_ids: Collection[UUID], *, at: datetime) -> dict[UUID, Actor]:
    """Who acts in each of these positions, without those that have ended. One query."""
    query = f"{_ACTOR.replace('m.id,', 'p.id, m.id,', 1)} WHERE p.id = ANY(%(ids)s) {_IN_FORCE}"
    with connection.cursor() as cursor:
        cursor.execute(query, {"ids": list(position_ids), "at": at})
        return {found[0]: _actor(found[1:]) for found in cursor.fetchall()}


def machine(digest: str, *, at: datetime) -> Actor | None:
    """The machine that acts by a key, or None: unknown, revoked or expired. It is nobody, and has a name of its own."""
    found = _acting(_MACHINE, {"digest": digest, "at": at})
    if found is None:
        return None
    id, label, program_id, agency_id, kind, given, agreed = found
    scopes = frozenset(json.loads(given))
    return Actor(
        code=f"machine:{id}",
        agency_id=agency_id,
        program_id=program_id,
        role=Role.MACHINE.value,
        name=label,
        machine_id=id,
        agency_kind=kind,
        scopes=scopes if agreed else scopes - {Action.SEE_PEOPLE.value},
    )


def for_desk(by: Actor, member_id: UUID) -> Actor:
    """A telephone system, speaking of the line at the desk of this member of its own program.

    Errors: BadInput where nobody of that id is at a desk there.
    """
    found = _acting(_AT_A_DESK, {"member": member_id, "program": by.program_id})
    if found is None:
        raise BadInput(
            "member_id", "desk.empty", "No one with that ID is signed in at a desk of your program."
        )
    return replace(by, member_id=found[0], name=found[1])


def still_acting(by: Actor) -> bool:
    """Whether the position acted in is as it was read, and stays so until this transaction ends.

    Whoever ends it meanwhile waits for this transaction, or this one waited for them and sees the end.
    One query; nobody's position (a timer, a guest) does not end.
    """
    if by.machine_id is not None:
        return _acting(_IN_FORCE_YET, {"id": by.machine_id}) is not None
    if by.position_id is None:
        return True
    asked: dict[str, Any] = {"id": by.position_id, "until": by.until_at}
    return _acting(_AS_READ, asked) is not None


def _acting(query: str, asked: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cast("tuple[Any, ...] | None", cursor.fetchone())


def _actor(found: tuple[Any, ...], *, language: str = "") -> Actor:
    member_id, name, own_language, program_id, agency_id, role, kind, position_id, until_at = found[
        :9
    ]
    return Actor(
        code=f"member:{member_id}",
        agency_id=agency_id,
        program_id=program_id,
        role=role,
        name=name,
        member_id=member_id,
        agency_kind=kind,
        language=language or own_language,
        position_id=position_id,
        until_at=until_at,
    )
