"""The chain of hashes over the journal. Pure: what is hashed, and how a stretch is checked."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

START = "0" * 64
"""What the first seal follows."""

OUT_OF_ORDER = timedelta(minutes=5)
"""An entry recorded this much before its neighbour was put in afterwards."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is hashed. `seq` is its place; `ids` and `facts` are canonical JSON text.

    `facts` empty and `sealed_at` None are left out of the text: as entries were hashed before they had them.
    """

    seq: int
    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    agency_id: UUID | None
    program_id: UUID | None
    episode_id: UUID | None
    ids: str
    facts: str = ""
    sealed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry beside its seal. `link` None: the seal stands, the entry is gone."""

    seq: int
    entry_id: UUID
    hash: str
    prev: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written. `seq` None where it has no place."""

    what: str
    because: str
    seq: int | None = None
    entry_id: UUID | None = None


def seal(prev: str, link: Link) -> str:
    """The hash of one entry after `prev`: SHA-256 over both, as hexadecimal text."""
    return sha256(f"{prev}{text(link)}".encode()).hexdigest()


def fits(prev: str, link: Link, hash: str) -> bool:
    """Whether this is the entry's hash: as it is sealed now, or as it was before these two were in it.

    What was sealed without `facts` is vouched for by them under their key.
    """
    return hash in (seal(prev, link), seal(prev, replace(link, facts="", sealed_at=None)))


def text(link: Link) -> str:
    """The one text of an entry: sorted keys, no spaces, times in UTC to the microsecond."""
    more = {"facts": link.facts} if link.facts else {}
    if link.sealed_at is not None:
        more["sealed_at"] = _time(link.sealed_at)
    return json.dumps(
        {
            "seq": link.seq,
            "id": str(link.id),
            "kind": link.kind,
            "at": _time(link.at),
            "recorded_at": _time(link.recorded_at),
            "by": link.by,
            "agency_id": _id(link.agency_id),
            "program_id": _id(link.program_id),
            "episode_id": _id(link.episode_id),
            "ids": link.ids,
            **more,
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def check(chain: Iterable[Sealed]) -> Iterator[Finding]:
    """Walk a chain from its first seal and name whatever does not fit.

    Shape: one finding for each wrong place; after a wrong hash the walk goes on from what
        is written there, so that one change is one finding and not a thousand.
    """
    prev, seq, recorded_at = START, 0, None
    for sealed in chain:
        if sealed.seq != seq + 1:
            yield Finding("seal removed", f"after {seq} comes {sealed.seq}", seq + 1)
        elif sealed.prev != prev:
            yield Finding("seal changed", "it does not follow the one before", sealed.seq)
        if sealed.link is None:
            yield Finding("entry removed", "the seal stands alone", sealed.seq, sealed.entry_id)
        else:
            if not fits(sealed.prev, sealed.link, sealed.hash):
                yield Finding("entry changed", "its hash differs", sealed.seq, sealed.entry_id)
            if recorded_at is not None and recorded_at - sealed.link.recorded_at > OUT_OF_ORDER:
                because = "it claims an earlier time than its neighbours"
                yield Finding("entry inserted", because, sealed.seq, sealed.entry_id)
            recorded_at = max(sealed.link.recorded_at, recorded_at or sealed.link.recorded_at)
        prev, seq = sealed.hash, sealed.seq


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _id(id: UUID | None) -> str | None:
    return None if id is None else str(id)
