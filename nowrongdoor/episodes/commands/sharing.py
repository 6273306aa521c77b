"""Steps that several commands of holding share. Called inside a command, never alone."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from psycopg.errors import LockNotAvailable

from nowrongdoor.agencies import routes
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.episodes import kinds, rules
from nowrongdoor.episodes.facts import Moves, PartyRole, Purpose
from nowrongdoor.episodes.models import OPEN, Card, Episode, Handoff, Party
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook
from nowrongdoor.kernel.verdict import Refused, no
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, locked_all, missing
from nowrongdoor.sharing.commands import cards

Needs = Callable[[Collection[UUID], UUID], bool]
"""Whether a program needs to see any of these episodes."""
NEEDS_TO_SEE: Hook[Sequence[Needs]] = Hook("who needs to see an episode")


def lock_episodes(*ids: UUID) -> dict[UUID, Episode]:
    """Lock these episodes, and all that are joined with them, in the order of their ids.

    The first thing that a command does: whoever needs several asks for them at once, since two who
    ask one after the other may wait for each other for ever. NotFound where one cannot be seen.
    """
    asked = Episode.objects.filter(pk__in=ids)
    found = {row.pk: row for row in locked_all(_groups(asked))}
    if not found.keys() >= set(ids):
        raise missing()
    return found


def hold_if_free(episode_id: UUID) -> bool:
    """Lock an episode, and all that are joined with it, without waiting: for a clock.

    True too where there is none that can be seen. False where somebody holds any of them.
    """
    rows = _groups(Episode.objects.filter(pk=episode_id))
    try:
        with transaction.atomic():
            list(rows.select_for_update(nowait=True, of=("self",), no_key=True).order_by("pk"))
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


def _groups(asked: "QuerySet[Episode]") -> "QuerySet[Episode]":
    """What was asked for, what it is joined to, and whatever else is joined to that."""
    roots = asked.values(root=Coalesce("joined_into_id", "pk"))
    return Episode.objects.filter(
        Q(pk__in=asked.values("pk")) | Q(pk__in=roots) | Q(joined_into_id__in=roots)
    )


def lock_offer(handoff_id: UUID) -> tuple[dict[UUID, Episode], Handoff]:
    """Lock an offer's episode, the one that it is to join, then the offer. NotFound where one is unseen."""
    offer = Handoff.objects.filter(pk=handoff_id).values_list("episode_id", "into_episode_id")
    ids = offer.first()
    if ids is None:
        raise missing()
    return lock_episodes(*filter(None, ids)), locked(Handoff, handoff_id)


def lock_offer_and_episode(handoff_id: UUID) -> tuple[Episode, Handoff]:
    """The same, for whom only the episode matters that is offered."""
    held, handoff = lock_offer(handoff_id)
    return held[handoff.episode_id], handoff


def add_party(
    episode_id: UUID, program_id: UUID, *, by: Actor, at: datetime, role: PartyRole, basis: str
) -> None:
    """Let a program see an episode from now on; an informed one may become a working one.

    Refused: where the gate lets nobody tell it about the call. Its card is in the ledger before it is seen.
    """
    if role is PartyRole.WORKING:
        _tell(episode_id, program_id, by=by, at=at)
    party = Party.objects.filter(
        episode_id=episode_id, program_id=program_id, until_at=None
    ).first()
    if party is not None:
        if role is PartyRole.WORKING and party.role == PartyRole.INFORMED:
            party.role, party.basis = role.value, basis
            party.save(update_fields=["role", "basis"])
        return
    new_party(episode_id, program_id, at=at, role=role, basis=basis).save(force_insert=True)


def _tell(episode_id: UUID, program_id: UUID, *, by: Actor, at: datetime) -> None:
    card = Card.objects.filter(episode_id=episode_id).order_by("-made_at", "-id").first()
    if card is not None:
        opened_by = opened_by_program(episode_id)
        cards.tell_card(
            card.pk, [program_id], episode_id=episode_id, opened_by=opened_by, by=by, at=at
        )


def opened_by_program(episode_id: UUID) -> UUID:
    """Whose record the call is: the program that wrote its first card."""
    first = Card.objects.filter(episode_id=episode_id).order_by("made_at", "id")
    found: UUID = first.values_list("made_by_program_id", flat=True)[0]
    return found


def new_party(
    episode_id: UUID, program_id: UUID, *, at: datetime, role: PartyRole, basis: str
) -> Party:
    """A party, not yet saved."""
    return Party(
        id=new_id(at),
        episode_id=episode_id,
        program_id=program_id,
        role=role.value,
        basis=basis,
        since_at=at,
    )


def new_handoff(
    episode: Episode, *, purpose: Purpose, by: Actor, at: datetime, **more: object
) -> Handoff:
    """An offer, not yet saved, from the episode's holder. `more` overrides what the purpose sets."""
    facts: dict[str, object] = {
        "id": new_id(at),
        "episode": episode,
        "purpose": purpose.value,
        "moves": Moves.ON_ACCEPT.value,
        "leg_id": episode.pk,
        "card": Card.objects.filter(episode=episode).order_by("-made_at", "-id").first(),
        "from_program_id": episode.holder_program_id,
        "from_member_id": episode.holder_member_id,
        "to_program_id": by.program_id,
        # a clock that stepped back must not turn away who accepts
        "offered_at": max(at, episode.held_since),
    }
    return Handoff(**(facts | more))


def grant_program(
    episode_id: UUID, program_id: UUID, *, by: Actor, basis: str, at: datetime
) -> None:
    """Let a program whose help is asked for see the whole of an episode, on this basis.

    A step inside the command that asks for it, which writes the journal line. The holder stays.
    """
    for each in joined_group(episode_id):
        add_party(each, program_id, by=by, at=at, role=PartyRole.WORKING, basis=basis)


def release_program(
    episode_id: UUID, program_id: UUID, *, from_program_id: UUID, at: datetime
) -> None:
    """End what a request let a program see, unless an offer touches it, or it holds; a feed goes on.

    A step inside the command that declines or withdraws, which writes the journal line.
    """
    if _needed(episode_id, program_id):
        return
    for each in joined_group(episode_id):
        touched = Handoff.objects.filter(
            Q(from_program_id=program_id) | Q(to_program_id=program_id),
            episode_id__in={each, episode_id},
            declined_at=None,
            withdrawn_at=None,
        )
        holds = Episode.objects.filter(pk=each, holder_program_id=program_id)
        if not touched.exists() and not holds.exists():
            _end_party(each, program_id, from_program_id, at=at)


def require_nothing_offered(episode: Episode, purpose: Purpose) -> None:
    """Refuse a second offer of one purpose while the first is open; a constraint says the same."""
    if Handoff.objects.filter(OPEN, leg_id=episode.pk, purpose=purpose.value).exists():
        raise Refused(no("offer.open_already", "A transfer is already open. Cancel it first."))


def joined_group(episode_id: UUID) -> list[UUID]:
    """Those joined to an episode, then itself: whoever works on one works on all of it."""
    joined = Episode.objects.filter(joined_into_id=episode_id).order_by("id")
    return [*joined.values_list("id", flat=True), episode_id]


def move_holder(episode: Episode, handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Give the episode to whoever accepted. Other open offers of it are overtaken."""
    others = Handoff.objects.filter(OPEN, episode=episode).exclude(pk=handoff.pk)
    for other in others.exclude(moves=Moves.NEVER.value).exclude(purpose=Purpose.JOIN.value):
        withdraw(other, by=by, at=at)
    episode.holder_program_id = handoff.to_program_id
    episode.holder_member_id = handoff.accepted_by_id
    episode.held_since = max(at, episode.held_since)
    episode.holder_via = handoff
    episode.version += 1
    episode.save(
        update_fields=[
            "holder_program",
            "holder_member",
            "held_since",
            "holder_via",
            "joined_into",
            "version",
        ]
    )


def answered_at(handoff: Handoff, at: datetime) -> datetime:
    """When an offer is answered: never before it was made, even where clocks disagree.

    A clock that steps back must not turn an acceptance away.
    """
    return max(at, handoff.offered_at)


def withdraw(handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Take an offer back; whoever it was made to no longer sees the episode through it.

    Journal: episodes.withdrawn, also where another acceptance overtook it.
    """
    handoff.withdrawn_at = answered_at(handoff, at)
    handoff.save(update_fields=["withdrawn_at"])
    clocks.cancel_deadline(handoff.pk, at=at)
    end_membership(handoff, at=at)
    record(kinds.WITHDRAWN, handoff, by=by, at=at)


def end_membership(handoff: Handoff, *, at: datetime) -> None:
    """End what an unaccepted offer let its receiver see; a standing feed goes on.

    Not where somebody there is on the person's line, seeks them, has asked for help for them, or comes
    to them: who took part goes on seeing it, as whoever has held it does.
    """
    if _needed(handoff.episode_id, handoff.to_program_id):
        return
    for episode_id in joined_group(handoff.episode_id):
        _end_membership(episode_id, handoff, at=at)


def _needed(episode_id: UUID, program_id: UUID) -> bool:
    """Whether a module above says that this program must go on seeing any part of the whole."""
    parts = joined_group(episode_id)
    return any(needs(parts, program_id) for needs in NEEDS_TO_SEE.get())


def _end_membership(episode_id: UUID, handoff: Handoff, *, at: datetime) -> None:
    program_id = handoff.to_program_id
    touched = Q(from_program_id=program_id) | Q(to_program_id=program_id, accepted_at__isnull=False)
    offered = OPEN & Q(to_program_id=program_id) & ~Q(pk=handoff.pk)
    both = {episode_id, handoff.episode_id}
    if Handoff.objects.filter(touched | offered, episode_id__in=both).exists():
        return
    _end_party(episode_id, program_id, handoff.from_program_id, at=at)


def _end_party(episode_id: UUID, program_id: UUID, from_program_id: UUID, *, at: datetime) -> None:
    """A party sees the episode no longer, or only as much as a standing feed lets it."""
    party = Party.objects.filter(
        episode_id=episode_id, program_id=program_id, until_at=None
    ).first()
    if party is None:
        return
    feeds = {feed.to_program_id: feed for feed in routes.routes_into(from_program_id, at=at)}
    if program_id in feeds:
        feed = feeds[program_id]
        party.role, party.basis = rules.route_kind(feed).value, feed.basis
    else:
        party.until_at = at
    party.save(update_fields=["role", "basis", "until_at"])
