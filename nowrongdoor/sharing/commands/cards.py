"""Telling a call's card: whoever works on a call is told it, and the ledger says so before they see it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.parties import party
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, no
from nowrongdoor.sharing import queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands.disclosing import Record, line_of, write_line
from nowrongdoor.sharing.holders import held_by
from nowrongdoor.sharing.models import Disclosure
from nowrongdoor.sharing.queries import Decision

CARD, FEED = "card", "feed"
WORKING = frozenset({"working"})
SHUT = "No rule lets {sender} tell {receiver} about a call."


def tell_card(
    card_id: UUID,
    to: Iterable[UUID],
    *,
    episode_id: UUID,
    opened_by: UUID,
    by: Actor,
    at: datetime,
) -> None:
    """Write down that these programs are told a card, each once. A step inside the command that lets them see it.

    `opened_by`: the program that opened the call. The card is its record, whoever wrote the latest version,
    so nobody is told what is theirs.
    Refused: where no row lets it be told to a program; the whole command is then undone.
    Journal: sharing.disclosed.
    """
    for program_id in to:
        if program_id != opened_by:
            decision = decided(opened_by, program_id, episode_id, at=at)
            write_line(decision, Record(CARD, card_id), by=by, at=at, channel="offer")


def lines_at_opening(
    card_id: UUID, working: Iterable[UUID], *, episode_id: UUID, by: Actor, at: datetime
) -> list[Disclosure]:
    """The lines of whoever works on a call from its first second. The command writes them and vouches for them."""
    return [
        line_of(
            decided(by.program_id, program_id, episode_id, at=at),
            Record(CARD, card_id),
            by=by,
            at=at,
            channel="offer",
        )
        for program_id in working
        if program_id != by.program_id
    ]


def line_of_feed(
    program_id: UUID, *, episode_id: UUID, by: Actor, at: datetime
) -> Disclosure | None:
    """The line of a standing feed: that somebody is there, of what kind, in which zone. None: nobody agreed to it."""
    want = Want("incident", "respond", by.program_id, program_id, episode_id=episode_id)
    [decision] = queries.decide_all([want], at=at, standing_only=True)
    if not decision.allowed:
        return None
    return line_of(decision, Record(FEED, episode_id), by=by, at=at, channel="stream")


def decided(from_id: UUID, to_id: UUID, episode_id: UUID, *, at: datetime) -> Decision:
    """By which row a call is told: to respond to it, to take the person on, or among those who treat them.

    Errors: NotPermitted where none does.
    """
    own = held_by(party(from_id).kind)
    wants = [
        Want(data, purpose, from_id, to_id, episode_id=episode_id, known=WORKING)
        for data, purpose in (
            *(("incident", "respond"), ("incident", "handover")),
            *((own, "treatment"), (own, "respond")),
        )
    ]
    found = queries.decide_all(wants, at=at, standing_only=True)
    first = next((each for each in found if each.allowed), None)
    if first is None:
        sender, receiver = party(from_id).name("en"), party(to_id).name("en")
        raise NotPermitted(no("gate.card", SHUT, sender=sender, receiver=receiver))
    return first
