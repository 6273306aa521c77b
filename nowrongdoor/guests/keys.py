"""What opens a link, and what is kept of it. Neither the address nor the code is stored."""

import secrets
from hashlib import sha256

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
    said = f"{''.join(place.split()).casefold()} {code}"
    return salted_hmac("nowrongdoor.guests.code", said, algorithm="sha256").hexdigest()
