"""How often a wrong code may be typed. Counted in the database's cache, so across server processes.

There are a few seats for each address and some for everybody together. A guess takes a seat of
both kinds before it is looked at, so guesses made at once are counted too; a right one gives them
back, a wrong one keeps them for ten minutes. The code itself is written nowhere.
"""

from dataclasses import dataclass
from ipaddress import IPv6Network, ip_address

from django.core.cache import cache

KEPT_S = 600
FOR_AN_ADDRESS = 5
FOR_EVERYBODY = 50
_NETWORK_BITS = 64  # one connection at home or in a hospital has so many addresses of its own


@dataclass(frozen=True, slots=True)
class CodeAttempt:
    """The seats of one guess."""

    seats: tuple[str, ...]


def reserve(address: str) -> CodeAttempt | None:
    """Seats for one guess from this address, or None where none is free. At most 10 queries."""
    own = _seat(f"guests:code:{_network(address)}", FOR_AN_ADDRESS)
    if own is None:
        return None
    shared = _seat("guests:code:everybody", FOR_EVERYBODY)
    if shared is None:
        release(CodeAttempt((own,)))
        return None
    return CodeAttempt((own, shared))


def release(guess: CodeAttempt) -> None:
    cache.delete_many(guess.seats)


def _seat(name: str, most: int) -> str | None:
    seats = [f"{name}:{number}" for number in range(most)]
    taken = cache.get_many(seats)
    free = (seat for seat in seats if seat not in taken)
    return next((seat for seat in free if cache.add(seat, 1, KEPT_S)), None)


def _network(address: str) -> str:
    """An IPv4 address as it is; of an IPv6 address its network."""
    parsed = ip_address(address)
    if parsed.version == 4:  # noqa: PLR2004 - that is its name
        return str(parsed)
    return str(IPv6Network((parsed, _NETWORK_BITS), strict=False).network_address)
