"""Who may hold, hand on, take over and close. Pure; the constraints say the same in SQL.

Source of every rule here, where none is named: sources, "Holding and offers", "Transfers and
assists", "Relief" and "Joining and separating".
"""

from collections.abc import Sequence

from nowrongdoor.agencies.facts import WHOLE_FEED, RouteFacts
from nowrongdoor.episodes.facts import (
    DIGITS,
    GUEST,
    Attested,
    Closing,
    EpisodeFacts,
    HandoffFacts,
    Moves,
    PartyRole,
    Purpose,
    Step,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes


def label(prefix: str, year: int, number: int) -> str:
    """The number people read over a radio: prefix, two digits of the year, a counter.

    Shape: `T26-004183`; past six digits it grows, it never wraps.
    Units: `year` is the four-digit year in the community's zone; `number` counts from 1.
    """
    return f"{label_head(prefix, year)}{number:0{DIGITS}d}"


def label_head(prefix: str, year: int) -> str:
    """What stands before the counter."""
    return f"{prefix}{year % 100:02d}-"


def holds(by: Actor, episode: EpisodeFacts) -> Verdict:
    """Say whether `by` is the one who holds this open episode.

    A queue (no named holder) is held by everybody of the program until one takes it.
    """
    if episode.closed:
        return no("episode.closed", "This call is closed.")
    if episode.joined_into_id is not None:
        return no("episode.joined", "This call is linked to another. Use that one.")
    if episode.holder_program_id != by.program_id:
        return no("holder.elsewhere", "Another program owns this call.")
    if episode.holder_member_id not in (None, by.member_id):
        return no("holder.another", "Your colleague owns this call.")
    return yes("holder.self")


def may_offer(
    by: Actor, episode: EpisodeFacts, *, route: RouteFacts | None, with_person: bool = False
) -> Verdict:
    """Say whether `by` may offer this episode along this route: who holds it, or who is with the person.

    Units: `with_person` says that the kind lets a team offer it, and that `by`'s program works on it.
        The holder goes on holding until somebody accepts.
    Errors: no route is an answer: nobody is told without a basis.
    Source: sources, "Who may send whom"; the community's routes.
    """
    held = holds(by, episode)
    if not held.allowed and not (with_person and episode.open):
        return held
    if route is None:
        return no(
            "route.none",
            "No agreement lets your program make this kind of transfer to that program.",
        )
    return yes("offer.allowed")


def route_kind(feed: RouteFacts) -> PartyRole:
    """What a standing feed makes of the program it reaches.

    Source: sources, "Who may send whom" and "Who may be told what": the clinician inside the 911
        center sees its CAD and reads the call [found: S17, S19].
    """
    return PartyRole.WORKING if feed.kind == WHOLE_FEED else PartyRole.INFORMED


def may_answer(by: Actor, handoff: HandoffFacts, *, supervises: bool) -> Verdict:
    """Say whether `by` may accept or decline this offer.

    An offer made to one named person is theirs to answer, or their supervisor's.
    """
    ended = _still_open(handoff)
    if not ended.allowed:
        return ended
    if handoff.to_program_id != by.program_id:
        return no("offer.not_yours", "This transfer is for another program.")
    if by.member_id is None:
        return no("offer.no_name", "Only a named person can accept or decline.")
    if handoff.to_member_id not in (None, by.member_id) and not supervises:
        return no("offer.another", "This transfer is for a colleague by name.")
    return yes("offer.yours")


def may_decline(by: Actor, handoff: HandoffFacts, *, reason: str, supervises: bool) -> Verdict:
    """As `may_answer`; and a no needs a reason, because somebody has to follow it."""
    answer = may_answer(by, handoff, supervises=supervises)
    if not answer.allowed:
        return answer
    if not reason:
        return no("decline.reason", "Enter why you decline. The sender acts on it.")
    return yes("decline.allowed")


def may_withdraw(by: Actor, handoff: HandoffFacts, episode: EpisodeFacts) -> Verdict:
    """Only the one who still holds, or who made it, can take an offer back."""
    ended = _still_open(handoff)
    if not ended.allowed:
        return ended
    if handoff.purpose is Purpose.SEPARATE or _offered_by(by, handoff):
        return yes("withdraw.allowed")
    held = holds(by, episode)
    return yes("withdraw.allowed") if held.allowed else held


def _offered_by(by: Actor, handoff: HandoffFacts) -> bool:
    """Whether `by` made this offer themselves, holding or not."""
    return by.member_id is not None and by.member_id == handoff.from_member_id


def may_invite(by: Actor, handoff: HandoffFacts, episode: EpisodeFacts) -> Verdict:
    """Say whether the sender may let somebody who is no user answer this offer.

    Source: sources, "Verbal acceptance" and "The guest link".
    """
    ended = _still_open(handoff)
    if not ended.allowed:
        return ended
    held = holds(by, episode)
    if not held.allowed and not _offered_by(by, handoff):
        return held
    if not handoff.attestable:
        return no("attest.user", "They use this system. They accept by name themselves.")
    return yes("invite.allowed")


def may_attest(
    by: Actor, handoff: HandoffFacts, episode: EpisodeFacts, receiver: Attested
) -> Verdict:
    """Say whether the sender may write down that somebody who is no user has accepted.

    Source: sources, "Verbal acceptance": name and operator number, read back; their incident
        number when they have one.
    """
    invited = may_invite(by, handoff, episode)
    if not invited.allowed:
        return invited
    if not receiver.name.strip() or not receiver.operator.strip():
        return no("attest.incomplete", "Enter the receiver's name and operator/badge ID.")
    return yes("attest.allowed")


def may_accept_as_guest(by: Actor, handoff: HandoffFacts, receiver: Attested) -> Verdict:
    """Say whether a receiver without an account may accept this offer by name themselves.

    Source: sources, "The guest link" and "Verbal acceptance": by name, with an operator number.
    """
    asked = _asked_as_guest(by, handoff)
    if not asked.allowed:
        return asked
    if not receiver.name.strip() or not receiver.operator.strip():
        return no("guest.incomplete", "Enter your name and your operator/badge ID.")
    return yes("guest.allowed")


def may_decline_as_guest(
    by: Actor, handoff: HandoffFacts, receiver: Attested, *, reason: str
) -> Verdict:
    """As `may_accept_as_guest`; a no has a name and a reason, whoever says it."""
    asked = _asked_as_guest(by, handoff)
    if not asked.allowed:
        return asked
    if not receiver.name.strip():
        return no("guest.nameless", "Enter your name.")
    if not reason:
        return no("decline.reason", "Enter why you decline. The sender acts on it.")
    return yes("guest.allowed")


def may_confirm_contact(  # noqa: C901, PLR0911 - one line for each reason
    by: Actor, handoff: HandoffFacts, episode: EpisodeFacts
) -> Verdict:
    """Say whether `by` may write down that the receiver has met the person, who then holds them.

    Only for kinds that move the holder on contact. The receiving program says so; of a receiver
    who is no user, whoever still holds.
    Source: sources, "When the owner changes": `moves_holder: on_contact`.
    """
    if handoff.ended != "accepted":
        return no("contact.not_accepted", "No one has accepted this transfer.")
    if episode.holder_via_id == handoff.id:
        return no("contact.made", "Contact is already recorded.")
    if handoff.moves is not Moves.ON_CONTACT:
        return no("contact.moved", "This kind of transfer changed the owner when it was accepted.")
    if handoff.by_team:
        return no("contact.arrival", "Record who received the person at the door.")
    if not episode.open:
        return no("episode.not_open", "This call is not open.")
    if episode.holder_program_id != handoff.from_program_id:
        return no("contact.overtaken", "This call was transferred another way in the meantime.")
    if handoff.attested and holds(by, episode).allowed:
        return yes("contact.attested")
    if by.program_id != handoff.to_program_id or by.member_id is None:
        return no("contact.not_yours", "The program that accepted records the contact.")
    return yes("contact.allowed")


def may_relieve(*, to_in_program: bool, to_self: bool, holding: int) -> Verdict:
    """Say whether everything one holds may be offered to a colleague.

    Units: `holding` is how many open episodes `by` holds by name.
    """
    if to_self:
        return no("relief.self", "Choose a colleague, not yourself.")
    if not to_in_program:
        return no("relief.elsewhere", "Shift change goes to a colleague in your program.")
    if holding == 0:
        return no("relief.nothing", "You have no active calls.")
    return yes("relief.allowed")


def may_take(by: Actor, episode: EpisodeFacts) -> Verdict:
    """Say whether `by` may take this episode from their program's queue."""
    held = holds(by, episode)
    if not held.allowed:
        return held
    if episode.holder_member_id is not None:
        return no("take.held", "You already own this call.")
    return yes("take.allowed")


def may_assume(  # noqa: PLR0911 - one line for each reason
    by: Actor, episode: EpisodeFacts, *, reason: str, reachable: bool, held_before: bool
) -> Verdict:
    """Say whether a supervisor may take over without the holder's hand.

    Within the own program always, with a reason. From another program only what this program
    once held and released to it, and only while the holder cannot be reached.
    Source: sources, "Taking over".
    """
    if not episode.open:
        return no("episode.not_open", "This call is not open.")
    if not reason:
        return no("assume.reason", "Enter why you are taking over.")
    if episode.holder_member_id is not None and episode.holder_member_id == by.member_id:
        return no("assume.self", "You already own this call.")
    if episode.holder_program_id == by.program_id:
        return yes("assume.own_program")
    if not held_before:
        return no("assume.never_ours", "Your program never owned this call.")
    if reachable:
        return no("assume.reachable", "The owner is online. Ask them to return the call.")
    return yes("assume.unreachable")


def may_take_back(
    by: Actor, episode: EpisodeFacts, via: HandoffFacts | None, *, listening: bool
) -> Verdict:
    """Say whether whoever handed a person on may take them back by their own hand.

    Only while they are still on the line with them; afterwards it is a return, which is offered.
    `via` is the handoff that gave the episode to its holder; `listening` is said by the module
    that knows the telephone line.
    Source: sources, "Staying on the line".
    """
    if not episode.open:
        return no("episode.not_open", "This call is not open.")
    if by.member_id is None:
        return no("offer.no_name", "Only a named person can accept or decline.")
    if via is None or via.purpose is not Purpose.TRANSFER or via.from_program_id != by.program_id:
        return no("take_back.never_ours", "Your program did not make the last transfer.")
    if not listening:
        return no("take_back.released", "You have dropped off. Ask for a return instead.")
    return yes("take_back.allowed")


def may_point(by: Actor, episode: EpisodeFacts, *, at_home: bool, role: str) -> Verdict:
    """Say whether the holder may note a provider's own record number and status here.

    `at_home`: the provider's agency keeps its records on its own servers. `role` is what it is to
    this episode already, '' for nothing.
    Source: sources, "Providers with their own records".
    """
    held = holds(by, episode)
    if not held.allowed:
        return held
    if not at_home:
        return no("pointer.user", "They use this system. Transfer the call to them instead.")
    if role not in ("", PartyRole.POINTER):
        return no("pointer.party", "They already have access to this call.")
    return yes("pointer.allowed")


def may_join(by: Actor, episode: EpisodeFacts, into: EpisodeFacts, *, carries: bool) -> Verdict:
    """Say whether one episode may be joined to another, whose holder then answers.

    `carries`: whether others were already joined to the first; then it goes the other way round.
    """
    held = holds(by, episode)
    if not held.allowed:
        return held
    if episode.id == into.id:
        return no("join.self", "Choose another call.")
    if not into.open:
        return no("join.not_open", "The other call is not open.")
    if carries:
        return no(
            "join.carries", "Other calls are linked to this one. Link it the other way around."
        )
    return yes("join.allowed")


def may_separate(by: Actor, episode: EpisodeFacts, root: EpisodeFacts) -> Verdict:
    """Say whether the holder of the joined whole may give one episode its own holder again."""
    if episode.joined_into_id != root.id:
        return no("separate.not_joined", "This call is not linked to another.")
    held = holds(by, root)
    return yes("separate.allowed") if held.allowed else held


def may_close(
    by: Actor, episode: EpisodeFacts, closing: Closing, *, offers: int, historical: bool = False
) -> Verdict:
    """Say whether the holder may close. Time never does.

    Units: `offers` is how many offers of this episode are still open. `historical`: another
        system closed it long ago and its file does not say who was accountable.
    Source: sources, "What closes an episode": nothing is open any more, and somebody is responsible
        afterwards, or the person's own no is written down.
    """
    held = holds(by, episode)
    if not held.allowed:
        return held
    if offers:
        return no("close.offered", "A transfer is still open. Cancel it or wait for the answer.")
    if not closing.outcome:
        return no("close.outcome", "Choose the disposition.")
    somebody = closing.accountable_member_id is not None or closing.declined_by_person
    if not somebody and not historical:
        return no(
            "close.nobody",
            "Assign the follow-up, or record that the person declined it.",
        )
    return yes("close.allowed")


def may_follow_file(by: Actor, episode: EpisodeFacts, *, untouched: bool) -> Verdict:
    """Say whether an import may write what another system says later of its episode, open or closed.

    Source: our choice: once somebody has acted on it, what it is and how it ends are theirs to say.
    """
    if episode.holder_program_id != by.program_id:
        return no("holder.elsewhere", "Another program owns this call.")
    if not untouched:
        return no("episode.touched", "Someone has worked on this call since it was imported.")
    return yes("episode.follows_file")


def next_wait_s(steps: Sequence[Step], *, alerts: int) -> int | None:
    """How long after the offer its next alert is due, or None where no step was ever set.

    Units: whole seconds after the offer; `alerts` have passed. The last step repeats; an offer that nobody
        answers stands on the lists once it has rung often enough (`clocks.rules`).
    """
    if not steps:
        return None
    waits = sorted(step.after_s for step in steps)
    beyond = max(alerts - len(waits) + 1, 0)
    return waits[min(alerts, len(waits) - 1)] + beyond * waits[-1]


def moves_now(moves: Moves) -> bool:
    """Whether an acceptance moves the holder at once (on contact, it moves later)."""
    return moves is Moves.ON_ACCEPT


def _still_open(handoff: HandoffFacts) -> Verdict:
    if handoff.ended == "accepted":
        return no("offer.accepted", "This transfer has already been accepted.")
    if handoff.ended:
        return no("offer.ended", "This transfer is no longer open.")
    return yes("offer.open")


def _asked_as_guest(by: Actor, handoff: HandoffFacts) -> Verdict:
    """A guest acts within the sender's wall, where other offers stand too: only one the sender made."""
    if not by.code.startswith(GUEST):
        return no("guest.only", "Only a guest who opened the link can answer this way.")
    if handoff.from_program_id != by.program_id or not handoff.attestable:
        return no("guest.not_asked", "This transfer was not made to a guest.")
    return _still_open(handoff)
