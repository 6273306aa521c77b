"""Safety concerns about a place or a person: written, appealed, decided, ended."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.clocks import book
from nowrongdoor.dispatch import kinds
from nowrongdoor.dispatch.facts import (
    CAUTION_WORDS,
    DECISION_WORDS,
    LISTED,
    REASONS,
    CautionOf,
    Decision,
)
from nowrongdoor.dispatch.models import Caution
from nowrongdoor.dispatch.rules import cautions
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Code, FromNow, OneOf, Text

WATCH_FOR = _(
    "What a team should watch for. No diagnosis, no criminal record. It "
    "expires on its own and can be disputed."
)


@command(needs=Action.REQUEST)
def warn(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    of: Annotated[CautionOf, OneOf(label=_("About"), words=CAUTION_WORDS, wrong=LISTED)],
    code: Annotated[
        str,
        Code(
            label=_("What"),
            list="cautions",
            wrong=_("Choose the concern from the list."),
        ),
    ],
    evidence: Annotated[
        str,
        Code(
            label=_("Source"),
            list="caution_evidence",
            wrong=_("Choose the source from the list."),
        ),
    ],
    expires_at: Annotated[
        datetime,
        FromNow(
            label=_("For how many days"),
            sent_as="days",
            unit=timedelta(days=1),
            wrong=_("Give whole days from now."),
        ),
    ],
    text: Annotated[
        str, Text(label=_("In a few words"), help=WATCH_FOR, most=cautions.LONGEST)
    ] = "",
) -> Caution:
    """Write a caution of an episode's person, or of its place. Teams that come there later see it.

    Refused: to roles that ask for nobody; where `by`'s program does not work on the episode; as
        `dispatch.rules.cautions.may_warn` and `may_warn_of` say.
    Journal: dispatch.warned.
    """
    episodes.lock_episode(episode_id)

    if not lookup.works_on(by, episode_id):
        raise missing()
    days = book.days(book.CAUTION)
    require(cautions.may_warn(text, expires_at=expires_at, at=at, longest_days=days))
    card = lookup.card_of(episode_id)
    place = "" if card is None else folded(card.place)
    require(cautions.may_warn_of(of, place_known=place != ""))

    row = Caution.objects.create(
        id=new_id(at),
        of=of.value,
        episode_id=episode_id,
        place=place if of is CautionOf.PLACE else "",
        code=code,
        text=text,
        evidence=evidence,
        program_id=by.program_id,
        by_member_id=named(by),
        at=at,
        expires_at=expires_at,
    )
    record(kinds.CAUTION_WRITTEN, row, by=by, at=at)
    return row


@command(needs=Action.REQUEST)
def appeal(
    *,
    by: Actor,
    at: datetime,
    caution_id: UUID,
    reason: Annotated[str, Code(label=_("Reason"), list="caution_appeals", wrong=REASONS)],
) -> Caution:
    """Say that a caution is wrong. It stands until a supervisor, not its author, has decided.

    Journal: dispatch.appealed.
    """
    row = locked(Caution, caution_id)

    row.appealed_at, row.appealed_by_id, row.appeal = max(at, row.at), named(by), reason
    row.decided_at, row.decided_by_id, row.kept = None, None, None
    row.save()
    record(kinds.CAUTION_APPEALED, row, by=by, at=at)
    return row


@command(needs=Action.REQUEST)
def decide_appeal(
    *,
    by: Actor,
    at: datetime,
    caution_id: UUID,
    decision: Annotated[
        Decision, OneOf(label=_("What is wrong"), words=DECISION_WORDS, wrong=LISTED)
    ],
) -> Caution:
    """Keep a caution that was appealed, or end it.

    Refused: as `dispatch.rules.cautions.may_decide` says.
    Journal: dispatch.appeal_decided.
    """
    row = locked(Caution, caution_id)

    appealed = row.appealed_at is not None and row.decided_at is None
    supervises = agencies.may_supervise(by) and by.program_id == row.program_id
    require(
        cautions.may_decide(
            by, author_id=row.by_member_id, supervises=supervises, appealed=appealed
        )
    )

    kept = decision is Decision.KEEP
    row.decided_at, row.decided_by_id, row.kept = at, named(by), kept
    row.ended_at = row.ended_at if kept else at
    row.save()
    record(kinds.APPEAL_DECIDED, row, by=by, at=at)
    return row


@command(needs=Action.REQUEST)
def end_caution(*, by: Actor, at: datetime, caution_id: UUID) -> Caution:
    """Say that a caution is over: its author's program does.

    Refused: as `dispatch.rules.cautions.may_end` says.
    Journal: dispatch.caution_ended.
    """
    row = locked(Caution, caution_id)

    require(cautions.may_end(by, program_id=row.program_id), NotPermitted)

    row.ended_at = row.ended_at or max(at, row.at)
    row.save(update_fields=["ended_at"])
    record(kinds.CAUTION_ENDED, row, by=by, at=at)
    return row


def folded(place: str) -> str:
    """A place as it is compared with another."""
    return " ".join(place.casefold().split())
