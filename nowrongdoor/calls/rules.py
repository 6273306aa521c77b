"""What may be entered as a contact, and who may come onto, stay on and leave a caller's line."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from nowrongdoor.calls.facts import (
    ContactFacts,
    LegFacts,
    Medium,
    Mode,
    Need,
    ParticipantFacts,
    PlaceIs,
)
from nowrongdoor.episodes.facts import EpisodeFacts, Source
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes


def may_enter(contact: ContactFacts, *, at: datetime) -> Verdict:
    """Say whether a contact's times can be true.

    Units: `at` is when it is entered. A live contact is received now; one entered afterwards
        was received earlier. What is missing is missing, never refused for it.
    Source: sources, "Times that cannot be right"; TIMES in order of CAD's own chain.
    """
    if contact.at > at:
        return no("contact.future", "This time is in the future.")
    if contact.source is Source.LIVE and contact.outcome:
        return no("contact.live_closed", "A live call is closed on its own page.")
    stages = contact.stages
    chain = (contact.at, stages.dispatched_at, stages.enroute_at, stages.arrived_at)
    known = [each for each in chain if each is not None]
    if any(later < earlier for earlier, later in pairwise(known)):
        return no("contact.order", "These times are out of order.")
    if stages.closed_at is not None and stages.closed_at < contact.at:
        return no("contact.closed_before", "It was closed before it was received.")
    return yes("contact.possible")


def already_taken(number: str, holder: str) -> Verdict:
    """The answer to a second call under a number that CAD gave once. `holder` '' where it is closed."""
    if not holder:
        return no(
            "contact.taken_closed",
            "Already entered: {number}, now closed. Clear the CAD incident number to "
            "start a new call.",
            number=number,
        )
    return no(
        "contact.taken", "Already entered: {number}, owner {name}.", number=number, name=holder
    )


def may_join_line(by: Actor, leg: LegFacts, mode: Mode, *, handed_on: bool) -> Verdict:
    """Say whether `by` may come onto a caller's line; to listen, only as who handed them on.

    Source: sources, "Staying on the line" and "Text and chat": nobody listens to a chat.
    """
    if leg.ended:
        return no("leg.ended", "This line has ended.")
    if by.member_id is None:
        return no("leg.no_name", "Only a named person can be on a line.")
    if leg.of(by.member_id) is not None:
        return no("leg.on_already", "You are already on this line.")
    if mode is Mode.LISTENING and leg.medium is Medium.TEXT:
        return no("leg.text", "No one can monitor text. The counselor stays in the chat.")
    if mode is Mode.LISTENING and not handed_on:
        return no("leg.not_handed_on", "Only the sender of a transfer can stay on and monitor.")
    return yes("leg.may_join")


def may_forward(*, telecommunicators: int, most: int, emergency: bool) -> Verdict:
    """Say whether one more telecommunicator may be put between a caller and help.

    Units: `telecommunicators` is how many different people have been on this caller's line;
        `most` how many there may be. Back to 911 is never refused.
    Source: sources, "A third hop": at most three for one caller [found: S93].
    """
    if not emergency and telecommunicators >= most:
        return no(
            "hop.too_many",
            "This caller has already told {count} people. Stay on, or return the call to 911.",
            count=str(telecommunicators),
        )
    return yes("hop.allowed")


def may_release(  # noqa: PLR0911 - one line for each reason
    by: Actor, leg: LegFacts, need: Need, *, holder: EpisodeFacts, least_s: int, at: datetime
) -> Verdict:
    """Say whether whoever stayed on may leave the caller to whoever holds them.

    Units: `least_s` is how many whole seconds one stays on at least. A holder who is no user
        (accepted by voice or by guest link) is on the line as far as anybody here can know.
    Errors: open duties that forbid it are an answer, in words.
    Source: sources, "Staying on the line" and "Timers of a warm transfer": released by name, and
        where the level rose meanwhile, after both have seen it.
    """
    mine = leg.of(by.member_id)
    if mine is None:
        return no("release.not_on", "You are not on this line.")
    if holder.holder_member_id == by.member_id and holder.holder_program_id == by.program_id:
        return no("release.holder", "You own this call. Transfer it first, or close it.")
    others = [one for one in leg.on if one.id != mine.id and one.mode is Mode.JOINED]
    if not others and not past_deadline(holder):
        return no("release.alone", "No one else is on the line with the caller.")
    if mine.mode is Mode.LISTENING and at - mine.since_at < timedelta(seconds=least_s):
        return no(
            "release.early",
            "Stay on for {seconds} seconds before you drop off.",
            seconds=str(least_s),
        )
    if need.rose_step > mine.seen_step:
        return no("release.level_rose", "The level rose. Acknowledge it first.")
    if any(one.seen_step < need.rose_step for one in others if one.member_id is not None):
        return no(
            "release.other_not_seen", "The level rose, and the other desk has not acknowledged it."
        )
    if need.open_duties:
        duties = "; ".join(need.open_duties)
        return no("release.duty", "Before you drop off: {duties}.", duties=duties)
    return yes("release.allowed")


def past_deadline(holder: EpisodeFacts) -> bool:
    """Whether whoever holds is no user: accepted by voice, or by guest link."""
    return holder.holder_member_id is None and holder.holder_via_id is not None


def may_see(mine: ParticipantFacts | None) -> Verdict:
    """Say whether somebody is on this line, and so can say what they saw or lost there."""
    if mine is None:
        return no("release.not_on", "You are not on this line.")
    return yes("line.on")


def may_relieve_watch(mine: ParticipantFacts | None, *, colleague: bool) -> Verdict:
    """Say whether whoever listens may ask a colleague to listen on."""
    if mine is None:
        return no("release.not_on", "You are not on this line.")
    if not colleague:
        return no("relief.elsewhere", "Shift change goes to a colleague in your program.")
    return yes("watch.may_relieve")


def may_return(place_is: PlaceIs | None, *, place: str, new_place: str) -> Verdict:
    """Say whether a person may be handed back to 911 as things are known.

    A place is never needed; but what is known of it is said anew, never silently reused.
    Source: sources, "Returning to 911": a known place is confirmed with its age.
    """
    if place_is is None:
        return no("return.place", "Choose the location: same, new, or unknown.")
    if place_is is PlaceIs.SAME and not place:
        return no(
            "return.no_place", "No location is known yet. Enter one, or choose Location unknown."
        )
    if place_is is PlaceIs.NEW and not new_place:
        return no("return.new_place", "Enter the current location.")
    return yes("return.allowed")


def may_end_call(by: Actor, legs: Sequence[LegFacts], *, rose_steps: Mapping[UUID, int]) -> Verdict:
    """Say whether the lines may end with the episode.

    Not while somebody else speaks with the caller, nor before whoever listens has seen that the
    need rose. Whoever only listens is freed with the line.
    Shape: `rose_steps` by episode: each caller about one person keeps their own screening.
    """
    on = [
        (one, rose_steps.get(leg.episode_id, 0))
        for leg in legs
        if not leg.ended
        for one in leg.on
        if one.member_id != by.member_id
    ]
    if any(one.mode is Mode.JOINED for one, _ in on):
        return no("close.somebody_on", "Someone else is still on the call.")
    if any(one.seen_step < rose_step for one, rose_step in on):
        return no(
            "release.other_not_seen", "The level rose, and the other desk has not acknowledged it."
        )
    return yes("close.lines_free")


def may_close_over(*, coming: int) -> Verdict:
    """Say whether a call may be closed: not while somebody is asked for, or on the way.

    Units: `coming` counts requests that are not over.
    Source: sources, "What closes an episode": a team that met nobody does not.
    """
    if coming:
        return no(
            "close.somebody_coming",
            "A requested response is still open. Cancel it, or let the team clear first.",
        )
    return yes("close.nobody_comes")


def may_hand_over(by: Actor, episode: EpisodeFacts, *, waiting: bool) -> Verdict:
    """Say whether `by` may answer a clinician who asked for this call.

    Source: sources, "Pulling a 911 call": the call-taker answers.
    """
    if not waiting:
        return no("pull.answered", "No one is requesting this call anymore.")
    if episode.holder_program_id != by.program_id:
        return no("holder.elsewhere", "Another program owns this call.")
    return yes("pull.may_answer")


def may_request_call(by: Actor, episode: EpisodeFacts) -> Verdict:
    """Say whether a clinician may ask for a call that another program holds."""
    if not episode.open:
        return no("episode.not_open", "This call is not open.")
    if episode.holder_program_id == by.program_id:
        return no("pull.ours", "Your program already owns this call.")
    return yes("pull.may_ask")


def reminder_after_s(level: str, plan: Mapping[str, Sequence[int]], *, reminders: int) -> int:
    """How long after a release it is asked again what became of it.

    Units: `plan` is in minutes by level, `other` for those not named; whole seconds come back. The
        last interval repeats, until it has rung often enough (`clocks.rules`) and stands on the lists.
    Source: sources, "Reminders after release".
    """
    minutes = list(plan.get(level, plan["other"]))
    beyond = max(reminders - len(minutes) + 1, 0)
    step = minutes[-1] - minutes[-2] if len(minutes) > 1 else minutes[-1]
    return 60 * (minutes[min(reminders, len(minutes) - 1)] + beyond * step)


def psap_for(zone: str, zones: Mapping[UUID, Sequence[str]], *, own: UUID) -> UUID:
    """Which 911 centre answers for a zone; the own one where nobody else says so, or none is known.

    Source: sources, "Other 911 centers": without a place it is one's own.
    """
    return next((program for program, named in zones.items() if zone and zone in named), own)


def may_report_line_down(*, down: bool, own: bool) -> Verdict:
    """Say whether somebody may say that a program's lines do not answer.

    Source: sources, "Taking over": screens that fell silent, or a person who says so.
    """
    if own:
        return no("line.own", "These are your own lines.")
    if down:
        return no("line.down", "This line is already marked down.")
    return yes("line.may_say")


def may_start_search(*, open: bool, works: bool) -> Verdict:
    """Say whether somebody may begin, and so own, a search for a place or a caller."""
    if not open or not works:
        return no("search.not_working", "Your program does not work on this call.")
    return yes("search.allowed")


def may_record_attempt(*, over: bool) -> Verdict:
    """Say whether one more try can be written down."""
    if over:
        return no("search.over", "Already located.")
    return yes("search.may_record_attempt")


def may_lose(*, ended: bool) -> Verdict:
    """Say whether a line can break: not one that has ended."""
    if ended:
        return no("leg.ended", "This line has ended.")
    return yes("leg.may_lose")


AXES: Mapping[str, frozenset[str]] = {
    "police": frozenset({"aware", "staged", "now"}),
    "ems": frozenset({"staged", "now"}),
    "clinical": frozenset({"line", "team", "pair"}),
}
"""What can be sent, on each of the protocol's axes."""


def may_record_dispatched(*, works: bool, axis: str, value: str) -> Verdict:
    """Say whether somebody may write down that this was sent. Never asks why first.

    Source: sources, "Three kinds of response" and "What the product never does".
    """
    if not works:
        return no("sent.not_working", "Your program does not work on this call.")
    if value not in AXES.get(axis, frozenset()):
        return no("sent.what", "Choose what was dispatched.")
    return yes("sent.allowed")


def may_rescue(rescue: str) -> Verdict:
    """Say whether a sending may be called a rescue: with the person's agreement, or without.

    Source: sources, "Rescue" [found: S64]: with agreement or without; confirm that they were met.
    """
    if rescue not in ("", "voluntary", "involuntary"):
        return no("rescue.kind", "Choose whether the active rescue is with or without consent.")
    return yes("rescue.allowed")


def may_record_contact(*, met: bool) -> Verdict:
    """Say whether it can be written down that the responders met them, or did not find them."""
    if met:
        return no("rescue.met", "Contact is already recorded.")
    return yes("rescue.may_confirm")


def may_promise_back(*, open: bool, works: bool, promised: bool) -> Verdict:
    """Say whether a counselor's call back may be promised to a caller.

    Source: sources, "When the line does not answer": within 15 minutes, and 911 holds.
    """
    if not open:
        return no("episode.closed", "This call is closed.")
    if not works:
        return no("call_back.not_yours", "Your program does not work on this call.")
    if promised:
        return no("call_back.promised", "A callback is already promised.")
    return yes("call_back.allowed")


def may_call_back(*, works: bool, promised: bool) -> Verdict:
    """Say whether it can be written down that they were called back."""
    if not works:
        return no("call_back.not_yours", "Your program does not work on this call.")
    if not promised:
        return no("call_back.none", "No callback is promised.")
    return yes("call_back.made")


def not_asked(*, asked: bool) -> Verdict:
    """A clinician asks for a call once at a time."""
    if asked:
        return no("pull.asked", "Your program has already requested this call.")
    return yes("pull.not_asked")


_PLACES = {"E": 0, "4": 0, "3B": 1, "": 2, "3A": 3, "2": 4, "1": 5, "X": 6}


def level_place(level: str) -> int:
    """Where a level stands in a list that is read from the top: E and 4 first, then 3B, X last.

    A level that is not known counts as high: it stands before 3A.
    Source: sources, "Taking over": the highest first; unknown is a risk.
    """
    return _PLACES.get(level, _PLACES[""])


PULLED = ("1", "2", "3A")
"""The levels that a clinician may take over from a call-taker."""


def may_pull(level: str, *, stop_yes: bool, stop_unknown: bool) -> Verdict:
    """Say whether a call is one that an in-center clinician could take from the waiting queue.

    It only sorts the queue. Asking is open for any call: the call-taker answers by name.
    Errors: a call that was not screened is an answer (no), and so is any hard stop not known.
    Source: sources, "Pulling a 911 call": all hard stops are no; 1 to 3A: at 3B, 4 and E police or
        an ambulance go too.
    """
    if stop_yes:
        return no("pull.stop_yes", "An emergency question was answered yes.")
    if level == "":
        return no("pull.unscreened", "This call is not screened yet.")
    if stop_unknown:
        return no("pull.stop_unknown", "An emergency question is unknown.")
    if level not in PULLED:
        return no("pull.level", "The level is above 3A, or the agency's own protocol applies.")
    return yes("pull.possible")
