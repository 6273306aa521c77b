"""Facts beside the journal: what a row said when a command wrote it down, as an HMAC in the entry.

A model names the columns that somebody's safety hangs on in `COVERED` (and says with `LOADED` that the owner
writes it with the community's files). `record` puts an HMAC of its row into
the entry, under a key that the database never sees (NWD_FACTS_KEY): so whoever rules the database can change,
take away or put in neither row nor entry without `verify` finding it. Never a bare hash, which three guesses
would open. The HMAC is bound to its entry: an older one cannot be put into a later entry.

What the owner writes (a community's files, a backfill) has no entry: `journal.baseline`.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import JSONField, Model

from nowrongdoor.journal.chain import Link

OWN = ""
"""Under this name stands the HMAC of the entry itself, and of what it says of rows."""
CHARACTERS = 22
"""Of an HMAC-SHA-256: 132 bits."""


def key() -> bytes:
    """Empty where this installation has none: then nothing is covered."""
    return str(settings.FACTS_KEY).encode()


def covered(row: object) -> bool:
    return bool(getattr(row, "COVERED", ()))


def covered_models() -> tuple[type[Model], ...]:
    """Every model that names columns as `COVERED`."""
    return tuple(model for model in apps.get_models() if getattr(model, "COVERED", ()))


def name(row: Model) -> str:
    """How a row is called among facts."""
    return f"{row._meta.db_table}:{row.pk}"


def text(row: Model) -> str:
    """The one text of a row: what `COVERED` names, each by its column."""
    return row_text(type(row), name(row), [getattr(row, each) for each in columns(type(row))])


def columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(model.COVERED)  # type: ignore[attr-defined]  # `covered` was asked


def row_text(model: type[Model], called: str, values: Sequence[object]) -> str:
    """As `text`, of values that were read from the table."""
    said = {
        each: value if _is_json(model, each) else plain(value)
        for each, value in zip(columns(model), values, strict=True)
    }
    return canonical([called, said])


def of_entry(link: Link, rows: Mapping[str, str]) -> str:
    """What an entry says of these rows (name to text), and of itself: canonical JSON. Empty without a key."""
    secret = key()
    if not secret:
        return ""
    said = {called: of_row(secret, str(link.id), body) for called, body in rows.items()}
    said[OWN] = of_itself(secret, link, said)
    return canonical(said)


def of_row(secret: bytes, where: str, body: str) -> str:
    """The HMAC of one row in the entry, or at the place of the baseline, called `where`."""
    return mac(secret, f"{where}\n{body}")


def of_itself(secret: bytes, link: Link, said: Mapping[str, str]) -> str:
    """The HMAC of an entry. Its place and when it was recorded are not known yet when it is written."""
    rows = {called: each for called, each in said.items() if called != OWN}
    whose = [plain(each) for each in (link.agency_id, link.program_id, link.episode_id)]
    return mac(
        secret,
        canonical([plain(link.id), link.kind, plain(link.at), link.by, *whose, link.ids, rows]),
    )


def mac(secret: bytes, body: str) -> str:
    return urlsafe_b64encode(hmac.digest(secret, body.encode(), "sha256"))[:CHARACTERS].decode()


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def plain(value: object) -> object:
    """A column's value as JSON has it, whether a command holds it or the database gave it back."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):  # an enum's value too
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(f"a covered column holds a {type(value).__name__}")


def _is_json(model: type[Any], column: str) -> bool:
    return isinstance(model._meta.get_field(column), JSONField)
