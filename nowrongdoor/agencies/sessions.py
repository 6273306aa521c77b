"""What a member is signed in to, and whether what they sign in with was replaced. One query each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext, gettext_noop

from nowrongdoor.agencies.models import Member

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


def replaced(member_id: UUID) -> tuple[datetime, str] | None:
    """When a member's sign-in was replaced and by whom, until they say that they have read it."""
    rows = Member.objects.filter(pk=member_id, replaced_at__isnull=False)
    row = rows.select_related("replaced_by").first()
    if row is None or row.replaced_at is None:
        return None
    return row.replaced_at, "" if row.replaced_by is None else row.replaced_by.name
