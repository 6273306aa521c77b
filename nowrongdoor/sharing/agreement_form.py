"""Reading an agreement as it is typed."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict

from nowrongdoor.agencies.parties import party
from nowrongdoor.kernel.text import line
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.sharing.agreeing import AgreementWish
from nowrongdoor.web.fields import can_be_shown

MOST = 200


def read_wish(posted: QueryDict, *, zone: str) -> AgreementWish:
    """Errors: BadInput under the field that cannot be read."""
    signed = [
        each.partition(",") for each in posted.get("signed_by", "").splitlines() if each.strip()
    ]
    begins = _day(posted, "from_at", zone)
    if begins is None:
        raise BadInput("from_at", "agreement.from", "Enter the day it begins.")
    return AgreementWish(
        code=_line(posted, "code"),
        title=_line(posted, "title"),
        tells=_programs(posted, "tells"),
        told=_programs(posted, "told"),
        data=tuple(posted.getlist("data")),
        purposes=tuple(posted.getlist("purposes")),
        fields=tuple(posted.getlist("fields")),
        legal_basis=_line(posted, "legal_basis"),
        from_at=begins,
        until_at=_day(posted, "until_at", zone),
        signed_by=tuple((line(name), line(agency)) for name, _comma, agency in signed),
    )


def _line(posted: QueryDict, name: str) -> str:
    text = line(posted.get(name, ""))
    if len(text) > MOST:
        said = "At most {most} characters. You entered {count}."
        raise BadInput(name, "text.long", said, most=str(MOST), count=str(len(text)))
    return text


def _programs(posted: QueryDict, name: str) -> tuple[UUID, ...]:
    try:
        return tuple(party(UUID(each)).program_id for each in posted.getlist(name))
    except (ValueError, KeyError):
        raise BadInput(name, "code.unknown", "Choose from the list.") from None


def _day(posted: QueryDict, name: str, zone: str) -> datetime | None:
    text = posted.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(name, "time.unreadable", "Enter a date.") from None
    found = datetime.combine(day, time(), ZoneInfo(zone))
    if not can_be_shown(found):
        raise BadInput(name, "time.unreadable", "Enter a date.")
    return found
