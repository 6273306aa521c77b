"""Ids that sort by the time they were made."""

from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74


def uuid7(at: datetime, bits: int) -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then chance.

    Units: `at` has a zone; its milliseconds are kept. `bits` are 74 random
        bits from the caller, because this file has neither clock nor chance.
    Errors: ValueError for a time without a zone or before 1970, or for more bits.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    ms = int(at.timestamp() * 1000)
    if ms < 0 or bits < 0 or bits >> _RANDOM_BITS:
        raise ValueError("out of range")
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
