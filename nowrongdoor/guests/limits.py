"""How often a wrong code may be typed. Counted in the database's cache, so across server processes.

There are a few seats for each address. A guess takes one before it is looked at, so guesses made at
once are counted too; a right one gives it back, a wrong one keeps it for ten minutes. Nobody is shut
out by what strangers guess elsewhere: where many guess, it is logged, and a code has eight digits and
opens only with the short name of its place. The code itself is written nowhere.
"""

import logging
from dataclasses import dataclass
from ipaddress import IPv6Network, ip_address

from django.core.cache import cache

log = logging.getLogger(__name__)
KEPT_S = 600
FOR_AN_ADDRESS = 5
MANY = 50
"""Wrong codes from everywhere within `KEPT_S`: then somebody is guessing."""
_NETWORK_BITS = 64  # one connection at home or in a hospital has so many addresses of its own


@dataclass(frozen=True, slots=True)
class CodeAttempt:
    """The seats of one guess."""

    seats: tuple[str, ...]


def reserve(address: str) -> CodeAttempt | None:
    """A seat for one guess from this address, or None where none is free. At most 8 queries."""
    own = _seat(f"guests:code:{_network(address)}", FOR_AN_ADDRESS)
    if own is None:
        return None
    shared = _seat("guests:code:everybody", MANY)
    if shared is None and cache.add("guests:code:told", 1, KEPT_S):
        told = {"rule": "code.guessed", "wrong": MANY, "within_s": KEPT_S}
        log.warning(
            "guessing: %(wrong)s wrong guest codes within %(within_s)s s",
            told,
            extra={"told": told},
        )
    return CodeAttempt((own,) if shared is None else (own, shared))


def release(guess: CodeAttempt) -> None:
    cache.delete_many(guess.seats)


def _seat(name: str, most: int) -> str | None:
    seats = [f"{name}:{number}" for number in range(most)]
    taken = cache.get_many(seats)
    free = (seat for seat in seats if seat not in taken)
    return next((seat for seat in free if cache.add(seat, 1, KEPT_S)), None)


def _network(address: str) -> str:
    """An IPv4 address as it is, also where a proxy writes it as IPv6; of an IPv6 address its network."""
    parsed = ip_address(address)
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed  # they all have one network
    if parsed.version == 4:  # noqa: PLR2004 - that is its name
        return str(parsed)
    return str(IPv6Network((parsed, _NETWORK_BITS), strict=False).network_address)
