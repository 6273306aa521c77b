"""The one way to read across programs: decide, write the ledger, and only then read."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import DatabaseError

from nowrongdoor.agencies.acting import act_as, require_role
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import party
from nowrongdoor.agencies.system import system
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert_if_new
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import kinds, notices, queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands.reviews import confirmed, review_later
from nowrongdoor.sharing.facts import Basis as BasisCode
from nowrongdoor.sharing.facts import Duty
from nowrongdoor.sharing.models import Disclosure
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.shelves import read_of

T = TypeVar("T")
logger = logging.getLogger(__name__)
TROUBLE = no(
    "gate.trouble", "This could not be checked, so nothing is shown. Try again in a moment."
)
ENDED = no("gate.ended", "What opened this has just ended, so nothing is shown.")
CHANNELS = ("page", "api", "stream", "offer", "print", "spoken")


@dataclass(frozen=True, slots=True)
class Record:
    """A version of a record, which a line of the ledger names."""

    kind: str
    id: UUID
    version: int = 1


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What came of it: the decision, and what was read. None where nothing is told; `verdict` says why."""

    decision: Decision
    verdict: Verdict
    read: T | None = None

    @property
    def allowed(self) -> bool:
        return self.verdict.allowed


@dataclass(frozen=True, slots=True)
class Wish(Generic[T]):
    """One read across a wall. `records`, asked as the holder, names what would be told; `read` reads it."""

    want: Want
    records: Callable[[Actor], Sequence[Record]]
    read: Callable[[Actor, Sequence[str]], T]


def disclose(
    want: Want,
    *,
    by: Actor,
    at: datetime,
    records: Callable[[Actor], Sequence[Record]],
    read: Callable[[Actor, Sequence[str]], T],
    channel: str = "page",
) -> Told[T]:
    """Read what another program holds, as far as the gate lets `by` see it now."""
    return disclose_all([Wish(want, records, read)], by=by, at=at, channel=channel)[0]


def disclose_all(
    wishes: Sequence[Wish[T]], *, by: Actor, at: datetime, channel: str = "page"
) -> list[Told[T]]:
    """The same for several: each is decided and read by itself, and each told one has its line first.

    Not called inside a transaction: it takes one as `by` to decide, one as each holder to ask which
    records there are, one as `by` to write, and one as each holder to read. What a release opened is held
    while it is read, so a read that begins after a revocation has committed never succeeds.
    Errors: none. What cannot be decided, written or read is told as a no that says so.
    """
    try:
        with act_as(by):
            decisions = queries.decide_all([each.want for each in wishes], at=at)
        found = [
            _records(wish, each, by.language) if each.allowed else ()
            for wish, each in zip(wishes, decisions, strict=True)
        ]
        with act_as(by):
            verdicts = [
                _written(each, records, by=by, at=at, channel=channel)
                for each, records in zip(decisions, found, strict=True)
            ]
    except DatabaseError:
        logger.exception("the gate could not be asked")
        refused = [Decision(each.want, TROUBLE, "none") for each in wishes]
        return [Told(each, TROUBLE) for each in refused]
    return [
        _read(wish, decision, verdict, by.language, at=at) if records else Told(decision, verdict)
        for wish, decision, records, verdict in zip(wishes, decisions, found, verdicts, strict=True)
    ]


def holder(program_id: UUID, language: str = "en") -> Actor:
    """Whoever reads in a holder's name: sees its rows and no other's, and is no person. The words are the reader's."""
    seat = system(program_id=program_id, agency_id=party(program_id).agency_id, code="gate")
    return replace(seat, language=language)


def read_as_officer(by: Actor, program_id: UUID, read: Callable[[Actor], T]) -> T:
    """Read as a program of `by`'s own agency, for its privacy officer: to find a record, and to head an accounting.

    Errors: NotFound for a program of another agency's, NotPermitted for anyone who is no privacy officer.
    """
    require_role(by, Action.GOVERN_SHARING)
    if party(program_id).agency_id != by.agency_id:
        raise missing()
    seat = holder(program_id)
    with act_as(seat):
        return read(seat)


def _records(wish: Wish[T], decision: Decision, language: str) -> Sequence[Record]:
    seat = holder(decision.want.from_id, language)
    with act_as(seat):
        return wish.records(seat)


def _written(
    decision: Decision, records: Sequence[Record], *, by: Actor, at: datetime, channel: str
) -> Verdict:
    """The lines of one decision, before anything of it is read. A no where another person must say yes first."""
    if not decision.allowed:
        return decision.verdict
    # whether there is a record is a part of what the second person decides
    waits = confirmed(decision, asked_of(decision)) if asks_first(decision) else None
    if waits is not None:
        return waits
    for each in records:
        write_line(decision, each, by=by, at=at, channel=channel)
    return decision.verdict


def asked_of(decision: Decision) -> UUID:
    """What a second person is asked about: the person's record, or the call where nobody said who it is."""
    want = decision.want
    return want.person_id or want.episode_id or want.from_id


def asks_first(decision: Decision) -> bool:
    """Whether another person must say yes before it is told. In an emergency it is told, and then reviewed."""
    return Duty.SECOND_PERSON in decision.duties and decision.basis != BasisCode.EMERGENCY


def _read(
    wish: Wish[T], decision: Decision, verdict: Verdict, language: str, *, at: datetime
) -> Told[T]:
    if not (decision.allowed and verdict.allowed):
        return Told(decision, verdict)
    seat = holder(decision.want.from_id, language)
    try:
        with act_as(seat):
            if not queries.holds_still(decision, at=at):
                return Told(decision, ENDED)
            return Told(decision, verdict, wish.read(seat, decision.fields))
    except DatabaseError:
        logger.exception("what the gate opened could not be read")
        return Told(replace(decision, fields=()), TROUBLE)


def write_line(
    decision: Decision, what: Record, *, by: Actor, at: datetime, channel: str
) -> Disclosure | None:
    """The line of the ledger: once for each version, recipient, purpose and basis. None where it stands.

    A step inside a transaction of the teller's or the recipient's.
    Journal: sharing.disclosed.
    """
    row = line_of(decision, what, by=by, at=at, channel=channel)
    if not insert_if_new(row):
        return None
    # not of the episode: nothing that its boards show has changed
    record(kinds.DISCLOSED, row, by=by, at=at, episode_id=None)
    at_once = Duty.SECOND_PERSON in decision.duties and not asks_first(decision)
    if at_once or Duty.OFFICER_72H in decision.duties:
        review_later(row, decision, by=by, at=at)
    return row


def line_of(
    decision: Decision, what: Record, *, by: Actor, at: datetime, channel: str
) -> Disclosure:
    want, teller = decision.want, party(decision.want.from_id)
    to = party(want.to_id) if want.to_id else None
    return Disclosure(
        id=new_id(at),
        at=at,
        program_id=by.program_id,
        member_id=by.member_id,
        from_program_id=want.from_id,
        from_agency_id=teller.agency_id,
        to_program_id=want.to_id,
        to_agency_id=to.agency_id if to else None,
        to_kind=to.kind if to else want.to_kind,
        to_name=want.to_name,
        person_id=want.person_id,
        episode_id=want.episode_id,
        record_kind=what.kind,
        record_id=what.id,
        record_version=what.version,
        data=want.data,
        fields=read_of(what.kind, decision.fields),
        purpose=want.purpose,
        from_kind=teller.kind,
        facts=sorted(decision.facts),
        row=decision.row,
        basis=str(decision.basis or ""),
        duties=sorted(decision.duties),
        agreement_id=decision.id_of("agreement"),
        release_id=decision.id_of("release"),
        ground_id=decision.id_of("ground"),
        rules=decision.rules,
        notice=notices.IN_FORCE if Duty.NOTICE in decision.duties else "",
        channel=channel,
    )
