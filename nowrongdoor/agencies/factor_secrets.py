"""Secrets of second factors, encrypted by keys that the database does not have.

`NWD_FACTOR_KEYS` lists them, the newest first: that one encrypts, each of them decrypts. So whoever
has the database, or a backup, has no second factor (H11); and a key is replaced by putting a new one
in front, running `nowrongdoor factors`, and taking the old one out.
"""

import base64
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from nowrongdoor.kernel.verdict import Refused, no

_BEGINS = "gAAAAA"  # of what Fernet made; no secret of allauth's, base32 or hexadecimal, begins so
LOST = no(
    "factor.unreadable",
    "Your second factor cannot be read here. Ask your administrator to replace your sign-in.",
)


def encrypt(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """What was encrypted; what an earlier version kept as it was, as it is.

    Errors: Refused where none of the keys opens it. Never an empty secret: its codes could be computed.
    """
    if not kept.startswith(_BEGINS):
        return kept
    try:
        return _keys().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise Refused(LOST) from None


@transaction.atomic
def renew() -> int:
    """Encrypt every secret with the newest key, whatever it is kept by now. Answers how many were changed."""
    changed = 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        for name, kept in _secrets(row):
            if not _newest(kept):
                row.data[name] = encrypt(decrypt(kept))
                row.save(update_fields=["data"])
                changed += 1
    return changed


def _secrets(row: Any) -> Iterator[tuple[str, str]]:
    yield from ((name, row.data[name]) for name in ("secret", "seed") if name in row.data)


def _newest(kept: str) -> bool:
    try:
        _fernets()[0].decrypt(kept.encode())
    except InvalidToken:
        return False
    return True


def _fernets() -> list[Fernet]:
    digests = (sha256(f"factors:{key}".encode()).digest() for key in settings.FACTOR_KEYS)
    return [Fernet(base64.urlsafe_b64encode(digest)) for digest in digests]


def _keys() -> MultiFernet:
    return MultiFernet(_fernets())
