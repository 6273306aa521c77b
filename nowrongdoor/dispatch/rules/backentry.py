"""What may be entered afterwards of a visit: its times must have been possible."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from nowrongdoor.dispatch.facts import Completed, Stage, Visit
from nowrongdoor.episodes.facts import Source
from nowrongdoor.kernel.verdict import Verdict, no, yes


def may_record(  # noqa: PLR0911 - one line for each reason
    visit: Visit, *, open: bool, works: bool, sends: bool, known: bool, at: datetime
) -> Verdict:
    """Say whether a visit may be entered afterwards.

    Units: `at` is when it is entered. `sends`: the desk sent this unit at that time. `known`: the
        outcome is one of the list.
    Errors: a stage without a time is missing, never refused for it.
    Source: sources, "Times that cannot be right"; back-entry and import are one path.
    """
    if visit.source is Source.LIVE:
        return no("visit.live", "An active visit is dispatched from its request.")
    if not open:
        return no("episode.closed", "This call is closed.")
    if not works:
        return no("ask.not_working", "Your program does not work on this call.")
    if not sends:
        return no("visit.not_your_unit", "Your desk does not dispatch this unit.")
    if not known:
        return no("clear.outcome", "Choose the disposition from the list.")
    if out_of_order(visit.asked_at, visit.reached) is not None:
        return no("visit.order", "These times are out of order.")
    if last_known(visit) > at:
        return no("visit.future", "This time is in the future.")
    return yes("visit.possible")


def completed(entered: Visit, said: Visit) -> Completed:
    """What is new in a later line of a visit that is entered. What stands is never written over.

    Shape: `different` names stages as their columns (`cleared_at`) in the order of the way, then the
        outcome. A new stage that fits between none of those that stand is different too.
    Source: our choice, as for calls: a file of yesterday has visits that were still going on.
    """
    new: dict[Stage, datetime] = {}
    different: list[str] = []
    for stage, at in said.reached.items():
        stands = entered.reached.get(stage)
        fits = out_of_order(entered.asked_at, {**entered.reached, **new, stage: at}) is None
        if stands is None and fits:
            new[stage] = at
        elif stands != at:
            different.append(f"{stage.value}_at")
    outcome = "" if said.outcome in ("unknown", entered.outcome) else said.outcome
    if outcome and entered.outcome != "unknown":
        outcome, different = "", [*different, "disposition"]
    return Completed(new, outcome, tuple(different))


def out_of_order(asked_at: datetime, reached: Mapping[Stage, datetime]) -> Stage | None:
    """The first stage that lies before what must come before it, or None.

    Shape: in the order of the way; a stage that is missing is passed over.
    """
    known = [(stage, reached[stage]) for stage in Stage if stage in reached]
    chain = [(Stage.ASSIGNED, asked_at), *known]
    return next((stage for (_, before), (stage, at) in pairwise(chain) if at < before), None)


def last_known(visit: Visit) -> datetime:
    """The last time that is known of a visit: as of then it is over here, whenever the unit left."""
    return max([visit.asked_at, *visit.reached.values()])


def said_at(visit: Visit, stage: Stage) -> datetime:
    """When the journal says a stage: at its time, or the last that is known before it.

    Source: our choice; the row has the missing time as missing, a line of the journal needs one.
    """
    order = list(Stage)
    before = order[: order.index(stage) + 1]
    return max([visit.asked_at, *(visit.reached[each] for each in before if each in visit.reached)])
