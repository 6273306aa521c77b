"""How full a place is, who may say so, and which places fit a person. A person chooses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from nowrongdoor.community import hours as opening
from nowrongdoor.directory.facts import (
    SAID,
    Age,
    CapacityFacts,
    CapacityReport,
    CapacityStatus,
    Destination,
    DestinationNeed,
    FacilityFacts,
    FitGrade,
    Medical,
    Point,
    Police,
    Reason,
    RunBy,
    State,
    Takes,
)
from nowrongdoor.kernel.verdict import Verdict, no, yes

LONGEST_REVIEW_H = 72
EARTH_M = 6_371_000
_MEDICAL = tuple(Medical)
_FULLNESS = (State.OPEN, State.LIMITED, State.UNKNOWN, State.DIVERTING, State.FULL)
_Order = tuple[bool, int, int, int, int, bool, int, str]


def capacity_status(
    capacity: CapacityFacts | None, *, at: datetime, stale_after_min: int
) -> CapacityStatus:
    """Say how full a place is now.

    Shape: the last word's state while it is fresh, else UNKNOWN with that word.
    Units: `stale_after_min` is minutes since it was said; at that minute it is stale.
    Errors: no word at all, and one whose review is due, are an answer: unknown is risk.
    Source: sources, "How full a place is"; the limit is the community's clock `capacity_review`.
    """
    if capacity is None:
        return CapacityStatus(State.UNKNOWN)
    until = min(capacity.said_at + timedelta(minutes=stale_after_min), capacity.word.review_at)
    return CapacityStatus(capacity.word.state if at < until else State.UNKNOWN, capacity)


def open_at(hours: str, local: datetime) -> bool:
    """Say whether a place is open at a local time.

    Errors: ValueError for hours that cannot be read; the loader has refused them.
    Source: sources, "Places by hour".
    """
    return opening.holds(hours, local)


def said_meanwhile(last: CapacityFacts | None, seen_version: int | None) -> Verdict:
    """Say whether nobody has said anything of a place since the page was drawn on which something is said now.

    Units: `seen_version` is the last word's that was shown, 0 for none; None: nothing was (a machine).
    Source: our choice: two people of one place answer the telephone.
    """
    if seen_version not in (None, 0 if last is None else last.version):
        return no(
            "capacity.said_meanwhile",
            "Someone else updated the capacity in the meantime. Review both, then "
            "save the correct one.",
        )
    return yes("capacity.last_seen")


def may_report(by_program_id: UUID, run: RunBy, last: CapacityStatus, *, told_by: str) -> Verdict:
    """Say whether a program may say how full a place is.

    The program that runs it says so itself. Any other only what a named person there told it by
    phone, and never over the fresh word of the place's own people.
    Source: sources, "Verbal acceptance"; our choice that a phone call also mends a word that has
        grown stale.
    """
    if by_program_id == run.program_id:
        if told_by:
            return no("capacity.ours", "Your program runs this facility: report it as your own.")
        return yes("capacity.own")
    if not told_by:
        return no("capacity.untold", "Enter the name of the person there who told you.")
    own_word = last.last is not None and last.last.own
    if run.staffed and own_word and last.state is not State.UNKNOWN:
        return no("capacity.theirs", "This facility reports its own capacity. Ask them.")
    return yes("capacity.told")


def sound(word: CapacityReport, *, places: int | None, at: datetime) -> Verdict:
    """Say whether a word can be true and is of use to whoever reads it.

    Units: `places` is how many the place has in all; None: nobody knows.
    Source: sources, "How full a place is": with a reason and the time of the next look.
    """
    if word.state not in SAID:
        return no("capacity.unsayable", "Choose the capacity.")
    if not at < word.review_at <= at + timedelta(hours=LONGEST_REVIEW_H):
        return no("capacity.review", "The next review must be in the future, within three days.")
    if not _reason_fits(word):
        if word.reason:
            return no("capacity.no_reason", "A facility that is accepting needs no reason.")
        return no("capacity.reason", "Enter why it is full or at capacity.")
    return _free_fits(word, places)


def rank_destinations(
    need: DestinationNeed, facilities: Sequence[FacilityFacts]
) -> tuple[Destination, ...]:
    """Order the places for one need, those that fit first. Nothing is chosen by this.

    Shape: one Destination for each place, so ``len(result) == len(facilities)``. First whether it
        is able at all; then what speaks against it for this person; whether it is closed or full;
        what must still be asked; how full (open, limited, unknown, diverting, full); the nearest,
        with unknown distances last; the lower code. The same facts give the same order, and a
        better fact never ranks a place lower.
    Units: `distance_m` is metres in a straight line, an estimate.
    Errors: ValueError where two places share a code. That no place fits is an answer.
    Source: sources, "The case study" and "The crisis center": whom police bring is never turned
        away [found: S1], and only the medically unstable go to an emergency department. The order
        is our choice.
    """
    if len({each.code for each in facilities}) != len(facilities):
        raise ValueError("two places share a code")
    return tuple(sorted((_destination(need, each) for each in facilities), key=_order))


def fit(need: DestinationNeed, facility: FacilityFacts) -> tuple[Reason, ...]:
    """Everything that was looked at for one place, always the same things in the same order.

    Source: as `rank_destinations`.
    """
    return _of_person(need, facility) + _of_place(need, facility)


def distance_m(here: Point | None, there: Point | None) -> int | None:
    """Metres in a straight line over the ground, or None where either end is not known."""
    if here is None or there is None:
        return None
    (lon, lat), (to_lon, to_lat) = ((radians(x), radians(y)) for x, y in (here, there))
    half = sin((to_lat - lat) / 2) ** 2
    half += cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return round(2 * EARTH_M * asin(min(1.0, sqrt(half))))


def _destination(need: DestinationNeed, facility: FacilityFacts) -> Destination:
    reasons = fit(need, facility)
    against = next((each.verdict for each in reasons if each.grade is FitGrade.AGAINST), None)
    if against is None:
        verdict = yes("destination.fits")
    elif _never_refused(need, facility.takes):
        verdict = yes("destination.never_refused")
    else:
        verdict = against
    return Destination(facility, verdict, reasons, distance_m(need.point, facility.point))


def _order(each: Destination) -> _Order:
    person, place = each.reasons[:-2], each.reasons[-2:]
    return (
        not each.verdict.allowed,
        _count(person, FitGrade.AGAINST),
        _count(place, FitGrade.AGAINST),
        _count(person, FitGrade.ASK),
        _FULLNESS.index(each.facility.standing.state),
        each.distance_m is None,
        each.distance_m or 0,
        each.facility.code,
    )


def _count(reasons: Sequence[Reason], grade: FitGrade) -> int:
    return sum(each.grade is grade for each in reasons)


def _never_refused(need: DestinationNeed, takes: Takes) -> bool:
    return need.police_arrival and takes.police is Police.ALWAYS


def _of_person(need: DestinationNeed, facility: FacilityFacts) -> tuple[Reason, ...]:
    takes = facility.takes
    return (
        _kind(need, facility),
        _age(need, takes),
        _serves(need, takes),
        _medical(need, takes),
        _involuntary(need, takes),
        _police(need, takes),
        _pet(need, takes),
    )


def _of_place(need: DestinationNeed, facility: FacilityFacts) -> tuple[Reason, Reason]:
    return _hours(need, facility), _capacity(need, facility)


def _kind(need: DestinationNeed, facility: FacilityFacts) -> Reason:
    if need.kinds and facility.kind not in need.kinds:
        return _against(no("kind.other", "Different kind of facility."))
    return _fits(yes("kind.fits"))


def _age(need: DestinationNeed, takes: Takes) -> Reason:
    if need.age in takes.ages or takes.ages == frozenset(Age):
        return _fits(yes("age.taken"))
    if need.age is None:
        return _ask(no("age.ask", "Confirm the age: not all ages accepted."))
    return _against(no("age.not_taken", "Does not accept this age."))


def _serves(need: DestinationNeed, takes: Takes) -> Reason:
    if not takes.serves or need.serves in takes.serves:
        return _fits(yes("serves.taken"))
    if need.serves is None:
        return _ask(no("serves.ask", "Confirm who it is for: men, women or families."))
    return _against(no("serves.others", "For others only: men, women or families."))


def _medical(need: DestinationNeed, takes: Takes) -> Reason:
    if takes.medical is Medical.ANY:
        return _fits(yes("medical.taken"))
    if need.medical is None:
        return _ask(no("medical.ask", "Confirm whether medical care is needed first."))
    if _MEDICAL.index(need.medical) <= _MEDICAL.index(takes.medical):
        return _fits(yes("medical.taken"))
    if need.medical is Medical.ANY:
        return _against(no("medical.first", "Medical care first: go to an emergency department."))
    return _ask(no("medical.examine", "Medical clearance required."))


def _involuntary(need: DestinationNeed, takes: Takes) -> Reason:
    if takes.involuntary or need.involuntary is False:
        return _fits(yes("involuntary.taken"))
    if need.involuntary is None:
        return _ask(no("involuntary.ask", "Confirm voluntary."))
    return _against(no("involuntary.not_taken", "Accepts voluntary only."))


def _police(need: DestinationNeed, takes: Takes) -> Reason:
    if need.police_arrival and takes.police is Police.NO:
        return _against(no("police.not_taken", "No police drop-off."))
    return _fits(yes("police.taken"))


def _pet(need: DestinationNeed, takes: Takes) -> Reason:
    if need.pet and not takes.pets:
        return _ask(no("pet.arrange", "No pets: find someone to take the animal."))
    return _fits(yes("pet.taken"))


def _hours(need: DestinationNeed, facility: FacilityFacts) -> Reason:
    if facility.open_now:
        return _fits(yes("hours.open"))
    if _never_refused(need, facility.takes):
        return _fits(yes("hours.never_refused"))
    return _against(no("hours.closed", "Closed now."))


def _capacity(need: DestinationNeed, facility: FacilityFacts) -> Reason:
    state = facility.standing.state
    if state in (State.OPEN, State.LIMITED):
        return _fits(yes("capacity.free"))
    if state is State.UNKNOWN:
        return _ask(_unknown(facility.phone))
    if _never_refused(need, facility.takes):
        return _fits(yes("capacity.never_refused"))
    if state is State.FULL:
        return _against(no("capacity.full", "Full."))
    return _against(no("capacity.diverting", "At capacity: sending people elsewhere."))


def _unknown(phone: str) -> Verdict:
    if not phone:
        return no("capacity.unknown", "Capacity unknown.")
    return no("capacity.unknown", "Capacity unknown: call {phone}.", phone=phone)


def _fits(verdict: Verdict) -> Reason:
    return Reason(FitGrade.FITS, verdict)


def _ask(verdict: Verdict) -> Reason:
    return Reason(FitGrade.ASK, verdict)


def _against(verdict: Verdict) -> Reason:
    return Reason(FitGrade.AGAINST, verdict)


def _reason_fits(word: CapacityReport) -> bool:
    """Full and diverting need one, open has none, limited may have one."""
    if word.state is State.LIMITED:
        return True
    return bool(word.reason) == (word.state is not State.OPEN)


def _free_fits(word: CapacityReport, places: int | None) -> Verdict:
    if word.free is None:
        return yes("capacity.sound")
    if word.free < 0 or (places is not None and word.free > places):
        return no("capacity.too_many", "That is more than the facility has.")
    if (word.free == 0) != (word.state is State.FULL) and word.state is not State.DIVERTING:
        return no(
            "capacity.free_places", "A full facility has no open places; any other has one or more."
        )
    return yes("capacity.sound")
