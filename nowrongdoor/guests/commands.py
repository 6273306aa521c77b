"""Every change to guest links.

Lock order: episode and handoff (taken by `episodes.commands`, which is called first), then link,
then its deadline. Whatever is refused afterwards takes the answer back with it.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import NOBODY
from nowrongdoor.clocks import book
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.guests import keys, kinds, queries, rules
from nowrongdoor.guests.facts import Accepts, Declines, Made, Receives
from nowrongdoor.guests.models import OPEN, Link
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, Refused, Verdict, no, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Code
from nowrongdoor.web.inputs import Group

TOO_OLD = "guests.too_old"
"""The deadline after which a link opens nothing; ending it then frees its code for another."""
MOST_TRIES = 50
Reason = Code(label=_("Reason"), list="decline_reasons", wrong=_("Choose a reason."))


@command
def make_link(*, by: Actor, at: datetime, handoff_id: UUID) -> Made:
    """Make the link that opens an offer to a guest. Its address and its code are told this once.

    A link of the same offer that is open already is ended.
    Refused: as `episodes.rules.may_invite` says; where no code is free.
    Journal: guests.link_made (after guests.link_ended of the one before).
    """
    handoff = episodes.hold_for_guest(by=by, at=at, handoff_id=handoff_id)
    earlier = Link.objects.select_for_update(of=("self",)).filter(OPEN, handoff_id=handoff_id)
    if by.member_id is None:
        raise NotPermitted(NOBODY)

    for link in earlier:
        _end(link, by=by, at=at)
    place = agencies.code_of(handoff.to_program_id)
    token, code = keys.new_token(), _free_code(place)
    until = book.due(book.GUEST_LINK, at)
    code_until = book.due(book.GUEST_CODE, at)
    link = Link.objects.create(
        id=new_id(at),
        handoff=handoff,
        agency_id=by.agency_id,
        program_id=by.program_id,
        made_at=at,
        made_by_id=by.member_id,
        token_digest=keys.token_digest(token),
        code_digest=keys.code_digest(place, code),
        expires_at=until,
        code_expires_at=min(code_until, until),
    )
    clocks.set_deadline(DeadlineFacts(TOO_OLD, link.pk, link.expires_at), by=by, at=at)

    record(kinds.LINK_MADE, link, by=by, at=at, episode_id=link.handoff.episode_id)
    return Made(
        link_id=link.pk,
        episode_id=handoff.episode_id,
        expires_at=link.expires_at,
        code_expires_at=link.code_expires_at,
        place=place,
        token=token,
        code=code,
    )


@command
def open_link(*, by: Actor, at: datetime, link_id: UUID, again: bool = False) -> Verdict:
    """Write down that a browser opens the link: the first one is shown the offer from now on, no other.

    `again`: this browser has it open already. Answers whether the offer may be shown here; that another
    browser tried stays written down, so that the sender learns of it.
    Refused: as `guests.rules.may_use` says.
    Journal: guests.link_opened; guests.link_tried where it is open elsewhere.
    """
    link = locked(Link, link_id)

    require(rules.may_use(by, link.facts(), at=at))

    answer = rules.may_show(link.facts(), again=again)
    if answer.allowed and link.opened_at is None:
        link.opened_at = at
        link.save(update_fields=["opened_at"])
        record(kinds.LINK_OPENED, link, by=by, at=at, episode_id=link.handoff.episode_id)
    if not answer.allowed:
        record(kinds.LINK_TRIED, link, by=by, at=at, episode_id=link.handoff.episode_id)
    return answer


@command
def accept_by_link(
    *, by: Actor, at: datetime, link_id: UUID, receiver: Annotated[Accepts, Group()]
) -> None:
    """Accept the link's offer by name.

    Refused: as `episodes.rules.may_accept_as_guest` and `guests.rules.may_answer` say.
    Journal: episodes.guest_accepted, guests.link_answered.
    """
    episodes.accept_as_guest(by=by, at=at, handoff_id=_offer_of(link_id), receiver=receiver)
    link = locked(Link, link_id)

    require(rules.may_answer(by, link.facts(), at=at))

    _answer(link, "accepted", by=by, at=at)


@command
def receive_by_link(
    *, by: Actor, at: datetime, link_id: UUID, receiver: Annotated[Receives, Group()]
) -> None:
    """Record by name that the person whom this guest had said yes to is here.

    Refused: as `episodes.arriving.may_receive_as_guest` and `guests.rules.may_receive` say.
    Journal: episodes.arrived.
    """
    episodes.receive_as_guest(by=by, at=at, handoff_id=_offer_of(link_id), receiver=receiver)
    require(rules.may_receive(by, locked(Link, link_id).facts(), at=at))


@command
def decline_by_link(
    *,
    by: Actor,
    at: datetime,
    link_id: UUID,
    receiver: Annotated[Declines, Group()],
    reason: Annotated[str, Reason],
) -> None:
    """Decline the link's offer by name, with a reason.

    Refused: as `episodes.rules.may_decline_as_guest` and `guests.rules.may_answer` say; BadInput
        for an unknown reason.
    Journal: episodes.declined, guests.link_answered.
    """
    episodes.decline_as_guest(
        by=by, at=at, handoff_id=_offer_of(link_id), receiver=receiver, reason=reason
    )
    link = locked(Link, link_id)

    require(rules.may_answer(by, link.facts(), at=at))

    _answer(link, "declined", by=by, at=at)


@command(needs=Action.OFFER)
def end_link(*, by: Actor, at: datetime, link_id: UUID) -> UUID:
    """End a link before anybody answered it. Answers the episode whose offer it opened.

    Refused: as `guests.rules.unused` says; NotFound for another program's.
    Journal: guests.link_ended.
    """
    link = locked(Link, link_id)

    require(rules.unused(link.facts()))

    _end(link, by=by, at=at)
    return link.handoff.episode_id


@command
def end_too_old(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """End a link whose time has passed. Called by the deadline that fired; a used one is left alone.

    It opened nothing since that instant; this frees its code.
    Journal: guests.link_ended.
    """
    link = locked(Link, subject_id)
    if rules.unused(link.facts()).allowed:
        _end(link, by=by, at=at)


def _end(link: Link, *, by: Actor, at: datetime) -> None:
    link.ended_at = at
    link.save(update_fields=["ended_at"])
    clocks.cancel_deadline(link.pk, at=at)
    record(kinds.LINK_ENDED, link, by=by, at=at, episode_id=link.handoff.episode_id)


def _answer(link: Link, how: str, *, by: Actor, at: datetime) -> None:
    link.answered_at, link.answered_how = at, how
    link.save(update_fields=["answered_at", "answered_how"])
    clocks.cancel_deadline(link.pk, at=at)
    record(kinds.LINK_ANSWERED, link, by=by, at=at, episode_id=link.handoff.episode_id)


def _offer_of(link_id: UUID) -> UUID:
    """Which offer, read without a lock: the episode is locked before the link."""
    found = Link.objects.filter(pk=link_id).values_list("handoff_id", flat=True).first()
    if found is None:
        raise missing()
    return found


def _free_code(place: str) -> str:
    """A code that means nothing else now at this place."""
    for _try in range(MOST_TRIES):
        code = keys.new_code()
        if queries.by_code(place, code) is None:
            return code
    raise Refused(no("code.none_free", "No code is available right now. Try again."))
