"""One open episode as whoever works with it sees it: who holds it, what is offered, and what they may do.

Nothing here depends on which member looks, only on program and role: a row is drawn once for all of
them, and what is mine the page itself marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.urls import reverse

from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls.reads import LegRow
from nowrongdoor.episodes.queries import HeldRow, OfferRow
from nowrongdoor.kernel.actor import Actor

_NO_ID = str(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer that the row shows: one for us before any other."""

    id: str
    purpose: str
    kind_name: str
    from_program: str
    from_name: str
    to_program: str
    to_name: str
    to_member: str
    offered_at: datetime
    alerts: int
    for_us: bool
    ours: bool
    attestable: bool
    accepted_name: str
    """Who accepted, and has not met the person yet. '' while it waits for an answer."""
    by_arrival: bool = False
    """Accepting was a promise: the owner changes when the person is received there."""

    @property
    def unanswered(self) -> bool:
        return self.alerts > 0 and not self.accepted_name


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One open episode, in words."""

    key: str
    number: str
    class_name: str
    zone: str
    zone_code: str
    place: str | None
    opened_at: datetime
    holder_program: str
    holder_agency: str
    holder_member: str
    holder_name: str
    attested_name: str
    in_queue: bool
    supervisor: str
    held_since: datetime
    unreachable: bool
    ours: bool
    offer: Offer | None
    due_at: datetime | None
    due_kind: str
    source: str
    version: int
    alone: bool
    listening: tuple[str, ...]
    """Who handed on and stays on the line."""
    may: frozenset[str]
    """The acts and pages that whoever looks may use, by name, and those of `ON_ITS_PAGE`."""
    urls: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.key

    @property
    def handoff_id(self) -> str:
        return "" if self.offer is None else self.offer.id

    @property
    def look(self) -> str:
        return self.asks()

    def asks(self) -> str:
        """What the row asks of its readers: to act now, to answer, or nothing."""
        if self.alone or (self.unreachable and "assume_call" in self.may):
            return "alarm"
        if self.offer is not None and (self.offer.for_us or self.offer.ours):
            return "alarm" if self.offer.unanswered else "waits" if self.offer.for_us else ""
        return ""


ON_ITS_PAGE = frozenset(
    (
        "request_call",
        "escalate",
        "promise_call_back",
        "record_call_back",
        "separate_episode",
        "start_search",
        "take_back",
        "warn",
        "write_plan",
    )
)
"""Acts that only the call's own page draws, where its own conditions hold (`calls.parts`)."""


def holding_row(held: HeldRow, by: Actor, *, class_name: str, legs: Sequence[LegRow]) -> HoldingRow:
    """The row of one episode. No query: what is known of it is given."""
    offer = _offer(held, by)
    actions = _actions(held, offer, by)
    return HoldingRow(
        key=str(held.id),
        number=held.number,
        class_name=class_name,
        zone=held.zone,
        zone_code=held.zone_code,
        place=held.place,
        opened_at=held.opened_at,
        holder_program=held.holder_program,
        holder_agency=held.holder_agency,
        holder_member=str(held.holder_member_id or ""),
        holder_name=held.holder_name,
        attested_name=held.attested_name,
        in_queue=held.in_queue,
        supervisor=held.supervisor,
        held_since=held.held_since,
        unreachable=held.unreachable,
        ours=held.holder_program_id == by.program_id,
        offer=offer,
        due_at=held.due_at,
        due_kind=held.due_kind,
        source=held.source,
        version=held.version,
        alone=any(leg.alone_since is not None for leg in legs),
        listening=tuple(one.name for leg in legs for one in leg.on if one.mode == "listening"),
        may=actions,
        urls=_urls(held, offer, actions),
    )


def _offer(held: HeldRow, by: Actor) -> Offer | None:
    if not held.offers:
        return None
    for_us = [one for one in held.offers if one.to_program_id == by.program_id]
    ours = [one for one in held.offers if one.from_program_id == by.program_id]
    one: OfferRow = (for_us or ours or list(held.offers))[0]
    return Offer(
        id=str(one.id),
        purpose=one.purpose,
        kind_name=one.kind_name,
        from_program=one.from_program,
        from_name=one.from_name,
        to_program=one.to_program,
        to_name=one.to_name,
        to_member=str(one.to_member_id or ""),
        offered_at=one.offered_at,
        alerts=one.alerts,
        for_us=one.to_program_id == by.program_id,
        ours=one.from_program_id == by.program_id,
        attestable=one.attestable,
        accepted_name=one.accepted_name,
        by_arrival=one.by_arrival,
    )


def _actions(held: HeldRow, offer: Offer | None, by: Actor) -> frozenset[str]:
    ours = held.holder_program_id == by.program_id
    in_queue = held.holder_member_id is None
    beyond = held.unreachable or held.attested_name != ""  # no desk here can be asked for it back
    works = held.place is not None  # its card is open to us: we hold it, or it came through us
    waits = offer if offer is not None and not offer.accepted_name else None
    met = offer if offer is not None and offer.accepted_name else None
    comes = met if met is not None and met.by_arrival else None
    possible = {
        "accept_transfer": waits is not None and waits.for_us and may(by, Action.ACCEPT).allowed,
        "decline_offer": waits is not None and waits.for_us and may(by, Action.ACCEPT).allowed,
        "withdraw_offer": waits is not None and waits.ours and may(by, Action.OFFER).allowed,
        "attest_transfer": waits is not None and waits.ours and waits.attestable and ours,
        "receive_person": comes is not None and comes.for_us and may(by, Action.ACCEPT).allowed,
        "attest_arrival": comes is not None
        and (comes.ours or ours)
        and may(by, Action.OFFER).allowed,
        "confirm_contact": met is not None
        and comes is None
        and (met.for_us or ours)
        and may(by, Action.ACCEPT).allowed,
        "offer_transfer": ours and waits is None and may(by, Action.OFFER).allowed,
        "take_from_queue": ours and in_queue and may(by, Action.ACCEPT).allowed,
        "assume_call": works
        and (beyond or (ours and not in_queue))
        and may(by, Action.ASSUME).allowed,
        "close_call": ours and waits is None and may(by, Action.CLOSE).allowed,
    }
    return ON_ITS_PAGE | {action for action, allowed in possible.items() if allowed}


def _urls(held: HeldRow, offer: Offer | None, actions: frozenset[str]) -> dict[str, str]:
    urls = {"open": _address("episode", held.id)}
    for action in actions & {"offer_transfer", "assume_call", "close_call"}:
        urls[action] = _address(action, held.id)
    if offer is not None and "accept_transfer" in actions:
        urls["accept_transfer"] = _address("accept_transfer", offer.id)
    return urls


def _address(name: str, id: object) -> str:
    return _with_no_id(name).replace(_NO_ID, str(id))


@cache
def _with_no_id(name: str) -> str:
    """Resolved once: for each of 500 rows anew it took as long as reading them."""
    return reverse(f"calls:{name}", args=[_NO_ID])
