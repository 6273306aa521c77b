"""Every read of guest links. A stranger finds one only through a narrow function of the owner's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from nowrongdoor.episodes import offer_queries
from nowrongdoor.episodes.offer_queries import OfferedRow
from nowrongdoor.guests import keys, rules
from nowrongdoor.guests.facts import Found, State
from nowrongdoor.guests.gate import KNOWN, Fields, fields

_COLUMNS = "SELECT id, agency_id, program_id, handoff_id, expires_at, ended_at, answered_at FROM"


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a guest is shown: the offer as it stands, and no more of the card than the gate lets through."""

    link: Found
    state: State
    fields: Fields
    phone: str
    number: str
    kind_name: str
    from_name: str
    from_program: str
    from_agency: str
    to_program: str
    signed: str
    operator: str
    ended_at: datetime | None
    received_by: str
    received_at: datetime | None


def by_token(token: str) -> Found | None:
    """The link with this address, whatever became of it. One query, no context needed."""
    return _found("guests_by_token", keys.token_digest(token))


def by_code(place: str, code: str) -> Found | None:
    """The link that nobody has answered or ended with this code of this place; it may be too old.

    Its `expires_at` is the code's own. One query for each secret that is believed.
    """
    for digest in keys.code_digests(place, code):
        if (found := _found("guests_by_code", digest)) is not None:
            return found
    return None


def by_id(link_id: UUID) -> Found | None:
    """The link that a browser has opened before. One query."""
    return _found("guests_by_id", link_id)


def look(link_id: UUID, *, at: datetime, language: str) -> LinkView | None:
    """The offer as its guest may see it now; None where the link opens nothing any more. Four queries,
    and those of what else is known.
    """
    found = by_id(link_id)
    if found is None or not rules.may_look(found, at=at).allowed:
        return None
    offer = offer_queries.one(found.guest(language), found.handoff_id)
    state = _state(found, offer)
    known = KNOWN.get()(found.guest(language), offer.episode_id, at)
    return LinkView(
        link=found,
        state=state,
        fields=fields(offer, state, known),
        phone=known.phone,
        number=offer.number,
        kind_name=offer.kind_name,
        from_name=offer.from_name,
        from_program=offer.from_program,
        from_agency=offer.from_agency,
        to_program=offer.to_program,
        signed=offer.signed if found.answered_at is not None else "",
        operator=offer.operator if found.answered_at is not None else "",
        ended_at=offer.ended_at,
        received_by=offer.received_by,
        received_at=offer.received_at,
    )


def _state(found: Found, offer: OfferedRow) -> State:
    if found.answered_at is not None:
        return State.PROMISED if offer.coming else State(offer.ended)
    return State.OVER if offer.ended else State.OPEN


def _found(function: str, key: str | UUID) -> Found | None:
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} {function}(%s)", [key])
        row = cursor.fetchone()
    return None if row is None else Found(*row)
