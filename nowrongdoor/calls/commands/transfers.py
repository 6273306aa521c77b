"""The warm transfer: offered, accepted by name while the sender stays on, taken back, returned;
and taken over, at a shift change or from a holder who cannot be reached.
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action, AgencyKind
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.legs import (
    change_mode,
    leave_conference,
    listening_to,
    mine_on,
    offer_watch,
    open_legs,
    set_reminder,
    set_watch_deadline,
    start_talking,
    watch_unattended_caller,
)
from nowrongdoor.calls.commands.searches import begin_search, end_search
from nowrongdoor.calls.facts import PLACE_WORDS, Left, Medium, Mode, PlaceIs, SearchFor
from nowrongdoor.calls.models import Leg, LineStatus, Participant, Psap
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import Attested, CardFacts, HandoffFacts, Moves, Proposal
from nowrongdoor.episodes.queries import holding_here
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.triage import commands as triage
from nowrongdoor.web.fields import Code, OneOf, Text, Version
from nowrongdoor.web.inputs import Group


@command(needs=Action.OFFER)
def offer_transfer(
    *,
    by: Actor,
    at: datetime,
    proposal: Annotated[Proposal, Group()],
    seen_version: Annotated[int | None, Version(example=3)] = None,
) -> HandoffFacts:
    """Offer along a route; you hold on until somebody accepts by name.

    Refused: as `calls.rules.may_forward` says; as `episodes.commands.offer_episode` does.
    Journal: episodes.offered.
    """
    episodes.lock_episode(proposal.episode_id)

    emergency = _to_911(proposal.to_program_id, by)
    told = telecommunicators(proposal.episode_id)
    most = int(community.setting("telecommunicators_most", at))
    require(rules.may_forward(telecommunicators=told, most=most, emergency=emergency))

    row = episodes.offer_episode(by=by, at=at, proposal=proposal, seen_version=seen_version)
    return row.facts()


@command(needs=Action.OFFER)
def return_person(
    *,
    by: Actor,
    at: datetime,
    proposal: Annotated[Proposal, Group()],
    place_is: Annotated[PlaceIs | None, OneOf(label=_("Current location"), words=PLACE_WORDS)],
    new_place: Annotated[str, Text(label=_("New location"))] = "",
) -> HandoffFacts:
    """Offer a person back to 911 with everything known. You hold on until somebody accepts.

    The place is said anew, or is being sought.

    What a counselor was answered travels from now on (the route's basis says why).
    However many they have met already: the way back to 911 is never refused.
    Refused: as `calls.rules.may_return` says; as `episodes.commands.offer_episode` does.
    Journal: episodes.card_changed, calls.search_began where the place is not known, episodes.offered;
        calls.second_return where it came back before.
    """
    held = episodes.lock_episode(proposal.episode_id)
    card = lookup.card_of(proposal.episode_id)

    known = "" if card is None else card.place
    require(rules.may_return(place_is, place=known, new_place=new_place))

    confirmed = _place_now(card or CardFacts(), place_is, new_place)
    episodes.change_card(by=by, at=at, episode_id=held.id, card=confirmed)
    if place_is is PlaceIs.SOUGHT:
        begin_search(held.id, SearchFor.PLACE, by=by, at=at)
    else:
        end_search(held.id, SearchFor.PLACE, by=by, at=at)
    for episode_id in lookup.joined_group(held.id):
        triage.let_travel(episode_id=episode_id)
    row = episodes.offer_episode(by=by, at=at, proposal=proposal).facts()
    centres = [*Psap.objects.values_list("program_id", flat=True)]
    if lookup.returns(held.id, centres):
        record(kinds.RETURNED_AGAIN, row, by=by, at=at)
    return row


def _place_now(card: CardFacts, place_is: PlaceIs | None, new_place: str) -> CardFacts:
    """The card as it goes back: a place that is no longer sure stays in the note, as the last known."""
    if place_is is PlaceIs.SAME:
        return card
    if place_is is PlaceIs.NEW:
        return replace(card, place=new_place)
    last = f"[? {card.place}]" if card.place else ""
    return replace(card, place="", note=" ".join(filter(None, (card.note, last))))


@command(needs=Action.ACCEPT)
def accept_transfer(
    *,
    by: Actor,
    at: datetime,
    handoff_id: UUID,
    seen_version: Annotated[int | None, Version(example=3)] = None,
) -> HandoffFacts:
    """Accept by name. The receiver comes onto the line; whoever handed on stays and listens.

    On text nobody can listen: whoever writes with the caller stays in the chat, unless the
    receiver takes it over, and the receiver holds the card. A kind that moves nobody yet (a
    referral, until they have met) hands no line on either.
    Refused: as `episodes.commands.accept_offer` does.
    Journal: episodes.accepted, then calls.joined_line and calls.listening (calls.released on text)
        for each line.
    """
    row = episodes.accept_offer(by=by, at=at, handoff_id=handoff_id, seen_version=seen_version)
    handoff = row.facts()
    if handoff.moves is Moves.ON_ACCEPT:  # they are with somebody now: no call back is owed
        clocks.cancel_deadline(handoff.episode_id, at=at)
    hand_lines(handoff, by=by, at=at)
    return handoff


@command(needs=Action.OFFER)
def attest_transfer(
    *, by: Actor, at: datetime, handoff_id: UUID, receiver: Annotated[Attested, Group()]
) -> HandoffFacts:
    """Write down that somebody who is no user accepted, while one stays on and listens.

    Refused: as `episodes.commands.attest_offer` does.
    Journal: episodes.attested, then calls.listening for each line.
    """
    handed = episodes.attest_offer(by=by, at=at, handoff_id=handoff_id, receiver=receiver)
    handoff = handed.facts()
    listen_on(handoff, by=by, at=at)
    return handoff


def hand_lines(handoff: HandoffFacts, *, by: Actor, at: datetime) -> None:
    """The lines that go with a handoff: `by` comes onto them, whoever handed on listens."""
    for leg in _handed_lines(handoff):
        _hand_line(leg, handoff, by=by, at=at)


def listen_on(handoff: HandoffFacts, *, by: Actor, at: datetime) -> None:
    """The same where the receiver is no user: `by` stays on and listens."""
    for leg in _handed_lines(handoff):
        for row in mine_on([leg], by.member_id):
            if leg.medium != Medium.TEXT and row.mode == Mode.JOINED:
                set_watch_deadline(
                    change_mode(row, Mode.LISTENING, Left.LEFT, by=by, at=at), by=by, at=at
                )


@command(needs=Action.ACCEPT)
def take_back(*, by: Actor, at: datetime, episode_id: UUID) -> HandoffFacts:
    """Take a person back whom one has just handed on, while one still listens.

    Refused: as `episodes.commands.take_back_episode` does.
    Journal: episodes.taken_back, then calls.joined_line for each line.
    """
    episodes.lock_episode(episode_id)
    lookup.require_works_on(by, episode_id)  # told that somebody is there, and no more
    legs = open_legs(episode_id)
    mine = [row for row in mine_on(legs, by.member_id) if row.mode == Mode.LISTENING]
    text = [row for row in mine_on(legs, by.member_id) if row.medium == Medium.TEXT]

    listening = bool(mine or text)
    taken = episodes.take_back_episode(by=by, at=at, episode_id=episode_id, listening=listening)
    handoff = taken.facts()
    for row in mine:
        change_mode(row, Mode.JOINED, Left.TAKEN_BACK, by=by, at=at)
    return handoff


@command(needs=Action.ACCEPT)
def take_from_queue(*, by: Actor, at: datetime, episode_id: UUID) -> HandoffFacts:
    """Take somebody who waits in one's program's queue, and come onto their line.

    Refused: as `episodes.commands.take_episode` does.
    Journal: episodes.taken, then calls.joined_line for each line.
    """
    handoff = episodes.take_episode(by=by, at=at, episode_id=episode_id).facts()
    for leg in open_legs(episode_id):
        start_talking(leg, by=by, at=at, how=Left.LEFT)
    return handoff


@command(needs=Action.ASSUME)
def assume_call(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    reason: Annotated[
        str,
        Code(
            label=_("Reason"),
            list="assume_reasons",
            wrong=_("Enter why you are taking over."),
            example="holder_unreachable",
        ),
    ],
) -> UUID:
    """Take over as a supervisor, with a reason; who still listened on the line speaks from now on.

    Refused: as `episodes.commands.assume_episode` says.
    Journal: episodes.assumed, and calls.joined_line.
    """
    _assume(episode_id, by=by, at=at, reason=reason)
    return episode_id


@command
def assume_all(*, by: Actor, at: datetime, episode_ids: tuple[UUID, ...], reason: str) -> int:
    """Take over several at once, the ones a supervisor chose. All of them or none.

    Where the supervisor still listened, they speak from now on; nobody else is moved on a line.
    Refused: as `episodes.commands.assume_episode` says of any of them.
    Journal: episodes.assumed, one for each, and calls.joined_line.
    """
    episodes.lock_episodes(*episode_ids)
    for episode_id in sorted(episode_ids):
        _assume(episode_id, by=by, at=at, reason=reason)
    return len(episode_ids)


def _assume(episode_id: UUID, *, by: Actor, at: datetime, reason: str) -> None:
    """Take over one: from a holder whose desk is silent, or whose lines were said to be down."""
    held = episodes.lock_episode(episode_id)
    down = LineStatus.objects.filter(program_id=held.holder_program_id, up_at=None).exists()
    episodes.assume_episode(by=by, at=at, episode_id=episode_id, reason=reason, said_down=down)
    for row in mine_on(open_legs(episode_id), by.member_id):
        if row.mode == Mode.LISTENING:
            change_mode(row, Mode.JOINED, Left.TAKEN_BACK, by=by, at=at)


@command
def relieve_all(*, by: Actor, at: datetime, to_member_id: UUID) -> int:
    """Offer a colleague everybody one holds, and ask them to listen on wherever one listens.

    Answers how many lines and episodes that is.
    Refused: as `episodes.commands.relieve` does, where one neither holds nor listens.
    Journal: episodes.offered and calls.watch_offered, for each.
    """
    held = holding_here(by)
    episodes.lock_episodes(*held, *listening_to(by))
    lines = offer_watch(by=by, at=at, to_member_id=to_member_id)
    if held or not lines:
        episodes.relieve(by=by, at=at, to_member_id=to_member_id)
    return lines + len(held)


@command
def accept_relief(*, by: Actor, at: datetime, batch_id: UUID) -> int:
    """Accept, by name, everybody a colleague holds and offers at a shift change, and their lines.

    Refused: as `episodes.commands.accept_relief` does.
    Journal: episodes.accepted, calls.joined_line and calls.left_line, for each.
    """
    ids = episodes.batch_episodes(batch_id)
    done = episodes.accept_relief(by=by, at=at, batch_id=batch_id)
    for episode_id, from_member_id in ids:
        if lookup.facts(episode_id).holder_member_id != by.member_id:
            continue  # it went another way meanwhile
        for leg in open_legs(episode_id):
            earlier = mine_on([leg], from_member_id)
            start_talking(leg, by=by, at=at, how=Left.LEFT)
            for row in earlier:
                if row.member_id == by.member_id:
                    continue  # a supervisor may accept what they offered themselves
                leave_conference(row, Left.RELIEVED, at=at)
                record(kinds.LEFT, row, by=by, at=at)
    return done


def telecommunicators(episode_id: UUID) -> int:
    """How many different people have been on this person's line: speaking, by name."""
    rows = Participant.objects.filter(episode_id__in=lookup.joined_group(episode_id), mode="joined")
    return len(set(rows.values_list("member_id", "attested_name")))


def _hand_line(leg: Leg, handoff: HandoffFacts, *, by: Actor, at: datetime) -> None:
    """One line at an acceptance: the receiver on, the sender listening (or staying in the chat)."""
    on_911 = by.agency_kind == AgencyKind.PSAP and may(by, Action.TAKE_CALL).allowed
    card_only = leg.medium == Medium.TEXT and on_911  # a clinician among them writes with callers
    if not card_only:
        start_talking(leg, by=by, at=at, how=Left.TAKEN_BACK)
    for row in mine_on([leg], handoff.from_member_id):
        if row.mode != Mode.JOINED or row.member_id == by.member_id:
            continue
        if leg.medium != Medium.TEXT:
            set_watch_deadline(
                change_mode(row, Mode.LISTENING, Left.LEFT, by=by, at=at), by=by, at=at
            )
        elif not card_only:
            leave_conference(row, Left.RELEASED, at=at)
            set_reminder(row, by=by, at=at)
            record(kinds.RELEASED, row, by=by, at=at)
    watch_unattended_caller(leg, by=by, at=at)


def _to_911(program_id: UUID, by: Actor) -> bool:
    """Whether this goes to 911: not where it stays within it, to a clinician on the floor."""
    if agencies.kind_of(program_id) != AgencyKind.PSAP:
        return False
    return agencies.program(program_id, language=by.language).agency_id != by.agency_id


def _handed_lines(handoff: HandoffFacts) -> tuple[Leg, ...]:
    """The lines that go with an acceptance: none where it moves nobody yet. What a team offers at a
    door hands on the lines that the team itself is on; a counselor on the phone stays there."""
    if handoff.moves is not Moves.ON_ACCEPT:
        return ()
    legs = open_legs(handoff.episode_id)
    if not handoff.by_team:
        return legs
    return tuple(leg for leg in legs if mine_on([leg], handoff.from_member_id))
