"""What opens a link, and what is kept of it. Neither the address nor the code is stored."""

import secrets
from collections.abc import Iterator
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import salted_hmac

DIGITS = 8


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def token_digest(token: str) -> str:
    """A token has 256 bits of chance, so a plain hash is enough."""
    return sha256(token.encode()).hexdigest()


def code_digest(place: str, code: str) -> str:
    """A code opens only together with the short name of the place that it was given to, as people write it.

    Keyed: whoever reads the table without the server's secret cannot try all codes on it.
    """
    return next(code_digests(place, code))


def code_digests(place: str, code: str) -> Iterator[str]:
    """As `code_digest`: by the secret in force, then by those that are believed still."""
    said = f"{''.join(place.split()).casefold()} {code}"
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac(
            "nowrongdoor.guests.code", said, secret=key, algorithm="sha256"
        ).hexdigest()
