"""A version held against the one in force: what it would lower, with the call that shows it. By z3."""

from collections.abc import Iterator

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.triage.conditions import call_in_words
from nowrongdoor.triage.facts import TOP, Claim, Proof, Protocol
from nowrongdoor.triage.proof import lower, prove, told
from nowrongdoor.triage.replay import understood
from nowrongdoor.triage.solver import NO_LIMIT, Formula, Limit, Model, NotProved


def check(protocol: Protocol, before: Protocol | None, limit: Limit = NO_LIMIT) -> Proof:
    """The proof of a version, and what it lowers of the one in force, where there is one of its kind."""
    made = prove(protocol, limit)
    if before is None or before.id != protocol.id or before.version == protocol.version:
        return made
    return Proof(made.protocol, (*made.claims, *compare(before, protocol, limit)))


def compare(old: Protocol, new: Protocol, limit: Limit = NO_LIMIT) -> tuple[Claim, ...]:
    """What the new version lowers, over every call, whole or partly asked.

    Shape: a claim for the level and for each axis; one for what is asked of every call; one for what is
        done before anyone lets go. Calls that the new version says that it lowers (`lowers`, for this
        old version) are left out. Answers that one of the two does not know count as not asked there.
    """
    try:
        return tuple(_claims(old, new, limit))
    except NotProved as given_up:
        return (
            Claim(
                "limit", "limit", "compared within its limit", holds=False, because=str(given_up)
            ),
        )


def _claims(old: Protocol, new: Protocol, limit: Limit) -> Iterator[Claim]:
    now = Model(new, limit)
    was = Model(old, beside=now)
    said = [now.formula(each.when) for each in new.lowers if each.than == old.version]
    now.solver.add(*_gone(was, now))
    at_top = now.any(now.now.levels[level] for level in TOP)
    high = lower(now, was.now.high, now.now.high)
    yield _call(now, old, said, "level", now.any(high))
    for axis, before in was.now.axes.items():
        less = now.any(lower(now, before, now.now.axes[axis]))
        if axis == "clinical":  # at 4 and E a clinician comes when it is safe
            less = now.all([less, z3.Not(at_top)])
        yield _call(now, old, said, axis, less)
    yield _asked(old, new)
    yield _before_release(old, new)


def _gone(was: Model, now: Model) -> list[Formula]:
    """Answers that the new version does not know are not given any more."""
    return [
        z3.Not(one)
        for id, values in was.raw.items()
        for value, one in values.items()
        if value not in now.raw.get(id, {})
    ]


def _call(now: Model, old: Protocol, said: list[Formula], id: str, less: Formula) -> Claim:
    new, text = now.protocol, f"no call gets less than by {old.version} on this: {id}"
    call = now.call(less, z3.Not(now.any(said)))
    if call is None:
        return Claim("version", id, text, holds=True)
    unasked = [each.id for each in old.screened_by if each.id not in call]
    but = f" Not asked: {', '.join(unasked)}." if unasked else ""
    because = (
        f"{call_in_words(new, call)}{but} -> {told(new, call)}, but {told(old, understood(old, call))} "
        f"by {old.version}, and `lowers` does not say so"
    )
    return Claim("version", id, text, holds=False, because=because)


def _asked(old: Protocol, new: Protocol) -> Claim:
    asked = {each.id for each in new.screened_by}
    dropped = [each.id for each in old.screened_by if each.id not in asked]
    text = f"what {old.version} asks of every call is still asked"
    because = ""
    if dropped:
        call = {id: value for id, value in new.benign.items() if id != dropped[0]}
        because = (
            f"{dropped[0]} is no hard stop and not in `minimum` any more. Where it is not asked and all "
            f"else is benign: {told(new, call)}; {told(old, understood(old, call))} by {old.version}."
        )
    return Claim("version", "asked", text, not dropped, because)


def _before_release(old: Protocol, new: Protocol) -> Claim:
    before = {each.id for each in new.duties if each.blocks_release}
    dropped = [each.id for each in old.duties if each.blocks_release and each.id not in before]
    because = f"No longer done before anyone lets go: {', '.join(dropped)}." if dropped else ""
    text = f"what {old.version} wants done before anyone lets go still is"
    return Claim("version", "release", text, not dropped, because)
