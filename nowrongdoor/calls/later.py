"""What a later line of another system brings to a contact that is entered. Pure: touches no database."""

from dataclasses import fields

from nowrongdoor.calls.facts import Completion, ContactFacts, Entered, Stages
from nowrongdoor.episodes.facts import Source

STAGES = tuple(each.name for each in fields(Stages))


def completion(entered: Entered, said: ContactFacts) -> Completion:
    """What is new in `said`, and what is only different. What stands here is never written over.

    A stage that was missing is brought. A class that became a behavioral one opens the episode that
    the contact should have had. An episode follows its file for as long as nobody has touched it:
    from then on its class and its end are the holder's to say, and the file's are *different*.
    Shape: the names in `different` are in the order of a CAD's own chain, then class and outcome.
    Errors: a line received at another time is another call under the same number: nothing is brought.
    Source: our choice; a daily extract always has calls that were open when it was written.
    """
    if entered.source is Source.IMPORT and said.at != entered.received_at:
        return Completion(different=("received_at",))
    new, different = {}, []
    for name in STAGES:
        is_, was = getattr(said.stages, name), getattr(entered.stages, name)
        if is_ is not None and was is None:
            new[name] = is_
        elif is_ not in (None, was):
            different.append(name)
    opens = entered.episode_id is None and said.behavioral
    class_code = said.class_code if opens else ""
    if entered.episode_id is not None and entered.source is Source.IMPORT:
        if said.behavioral and entered.untouched and said.class_code != entered.class_code:
            class_code = said.class_code
        elif not said.behavioral or said.class_code != entered.class_code:
            different.append("problem")
    closes = bool(said.outcome) and (opens or (entered.open and entered.untouched))
    different += _ended_otherwise(entered, said)
    whole = "" if said.external_ref == entered.external_ref else said.external_ref
    return Completion(new, class_code, opens, closes, tuple(different), whole)


def _ended_otherwise(entered: Entered, said: ContactFacts) -> list[str]:
    """Its own system closed it while somebody here holds on; or says later what came of it."""
    if entered.episode_id is None or not said.outcome:
        return []
    if entered.open:
        return [] if entered.untouched else ["closed_at"]
    late = said.outcome not in ("unknown", entered.outcome)
    return ["disposition"] if late and entered.untouched else []
