"""Proving a protocol for every possible call, whole or partly asked. By z3 (`solver`).

What the proof looks at: every invariant, of the level, the duties and what goes; that a worse answer
lowers nothing; that the order of the answers makes no difference to what stands; that every call gets
a level; that every rule, duty and question can be reached, and every invariant can fail; what has to be
asked of every call; and the stories.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.kernel.conditions import names_in
from nowrongdoor.triage.conditions import call_in_words, compiled
from nowrongdoor.triage.facts import (
    TOP,
    Answers,
    Claim,
    Invariant,
    Level,
    Proof,
    Protocol,
    Question,
    Response,
    Story,
)
from nowrongdoor.triage.permissions import APPROVERS
from nowrongdoor.triage.rules import none_of_these, on_axes
from nowrongdoor.triage.solver import AXES, NO_LIMIT, Formula, Limit, Model, NotProved, Outcome


def prove(protocol: Protocol, limit: Limit = NO_LIMIT) -> Proof:
    """Look at every possible call. What fails comes with a call, in words, that shows it.

    Shape: claims as they were looked at; where the solver reached its limit the last one says so and
        does not hold: what is not proved is not in force.
    """
    claims: list[Claim] = []
    try:
        claims.extend(_claims(protocol, limit))
    except NotProved as given_up:
        claims.append(
            Claim("limit", "limit", "proved within its limit", holds=False, because=str(given_up))
        )
    return Proof(f"{protocol.id} {protocol.version}", tuple(claims))


def _claims(protocol: Protocol, limit: Limit) -> Iterator[Claim]:
    model = Model(protocol, limit)
    now = model.now
    yield from (_invariant(model, each) for each in protocol.invariants)
    yield from (_can_fail(model, each) for each in protocol.invariants)
    for rule, first in zip(protocol.levels, now.firsts, strict=True):
        yield _reached(model, "level rule", rule.id, first)
    yield from (_reached(model, "duty", id, matched) for id, matched in now.duties.items())
    yield from (_asked(model, each) for each in protocol.questions)
    yield _every_call(model)
    yield from _answers(model)
    yield _approvers(protocol)
    yield from (_story(protocol, story) for story in protocol.stories)


def broken(model: Model, invariant: Invariant, now: Outcome) -> list[Formula]:
    """What a call that breaks the invariant makes true."""
    wanted = [now.levels[level] for level in invariant.level_in]
    wanted += [now.duties[duty] for duty in invariant.duty_any]
    for axis, values in _on_axes(invariant):
        wanted += [model.among(now, axis, values), now.levels[Level.STANDARD]]
    return [model.formula(invariant.when), z3.Not(model.any(wanted))]


def _on_axes(invariant: Invariant) -> Iterator[tuple[str, Sequence[str]]]:
    """The axis that an invariant speaks of, with the places it wants there."""
    for axis in AXES:
        values: Sequence[str] = getattr(invariant, f"{axis}_in")
        if values:
            yield axis, values


def _invariant(model: Model, invariant: Invariant) -> Claim:
    call = model.call(*broken(model, invariant, model.now))
    because = "" if call is None else _counter(model.protocol, call, _wants(invariant))
    return Claim("invariant", invariant.id, invariant.text, call is None, because)


def _wants(invariant: Invariant) -> str:
    wanted = [*(level.value for level in invariant.level_in), *invariant.duty_any]
    for axis, values in _on_axes(invariant):
        wanted += [f"{axis} {value}" for value in values]
    *most, last = wanted
    return f"{invariant.id} wants {' or '.join(filter(None, (', '.join(most), last)))}"


def _can_fail(model: Model, invariant: Invariant) -> Claim:
    """An invariant that no protocol could break says nothing: its case never comes, or all is allowed."""
    when = model.formula(invariant.when)
    there = [z3.Not(model.now.levels[Level.STANDARD])] if any(_on_axes(invariant)) else []
    because = ""
    if not model.possible(when, *there):
        because = "No call is ever in its case."
    elif set(invariant.level_in) == set(Level):
        because = "It allows every level."
    elif any(set(values) == set(AXES[axis]) for axis, values in _on_axes(invariant)):
        because = "It allows everything on its axis."
    elif any(not model.possible(z3.Not(model.now.duties[duty])) for duty in invariant.duty_any):
        because = "A duty that it asks for is due on every call."
    return Claim("can fail", invariant.id, "some protocol would break it", not because, because)


def _counter(protocol: Protocol, call: Answers, wants: str) -> str:
    return f"{call_in_words(protocol, call)} -> {told(protocol, call)}, but {wants}"


def told(protocol: Protocol, call: Answers) -> str:
    """What the rules say of a call: its level, what goes, its duties."""
    place, duties, axes, _kept = compiled(protocol).judge(call)
    if place < 0:
        return "no level"
    rule = protocol.levels[place]
    standard = rule.level is Level.STANDARD
    goes = in_short(on_axes(axes, standard=standard))
    said = f"level {rule.level.value} by {rule.id} ({goes})"
    return f"{said}, duties {', '.join(duties)}" if duties else said


def in_short(response: Response) -> str:
    """What goes as a file says it: police / ambulance / clinical."""
    if response.standard:
        return "standard"
    return f"{response.police} / {response.ems} / {response.clinical}"


def _reached(model: Model, kind: str, id: str, formula: Formula) -> Claim:
    reached = model.possible(formula)
    because = "" if reached else "No call ever reaches it: others take every call that it would."
    return Claim(kind, id, "some call reaches it", reached, because)


def _asked(model: Model, question: Question) -> Claim:
    """A question that can be asked, that something looks at, and that is asked where it must be."""
    problem = _must_be_asked(model.protocol, question)
    problem = problem or _never_asked(model, question) or _never_read(model.protocol, question)
    text = "it is asked where it must be, and something is made of its answer"
    return Claim("question", question.id, text, not problem, problem)


def _never_asked(model: Model, question: Question) -> str:
    if question.hard_stop and question.ask_when is not None:
        return "A hard stop is asked on every call; it is not asked only when called for."
    if question.ask_when is not None:
        called_for = model.possible(model.formula(question.ask_when))
        return "" if called_for else "No call ever asks it: its ask_when never holds."
    asked = question.hard_stop or question.always or question.external
    return "" if asked or question.id in model.protocol.minimum else "Nothing ever asks it."


def _never_read(protocol: Protocol, question: Question) -> str:
    read = {id for rule in protocol.levels for id in names_in(rule.when)}
    read |= {id for each in protocol.duties if each.when for id in names_in(each.when)}
    read |= {id for each in protocol.questions if each.ask_when for id in names_in(each.ask_when)}
    return "" if question.id in read else "No rule, duty or question looks at its answer."


def _must_be_asked(protocol: Protocol, question: Question) -> str:
    """One answer that alone reaches 4 or E must not be left to chance."""
    certain = question.hard_stop or question.id in protocol.minimum or question.external
    if certain or question.ask_when is not None:
        return ""
    for call in (protocol.benign, none_of_these(protocol)):
        for value in question.values:
            alone = {**call, question.id: value}
            place, *_rest = compiled(protocol).judge(alone)
            if place >= 0 and protocol.levels[place].level in TOP:
                wants = (
                    f"{question.id} is no hard stop, not in `minimum` and not asked when called for"
                )
                unasked = {id: each for id, each in alone.items() if id != question.id}
                return (
                    f"{_counter(protocol, alone, wants)}. "
                    f"Where it is not asked: {told(protocol, unasked)}."
                )
    return ""


def _every_call(model: Model) -> Claim:
    call = model.call(z3.Not(model.any(model.matches)))
    because = "" if call is None else _counter(model.protocol, call, "every call needs one")
    return Claim("every call", "level", "every call gets a level", call is None, because)


def _answers(model: Model) -> Iterator[Claim]:
    """What a worse answer does, and what the order of the answers."""
    protocol = model.protocol
    missing = _unordered(protocol)
    because = f"Which answers are worse is not said of {', '.join(missing)}." if missing else ""
    text = "risk_order names every answer that a level or what goes depends on"
    yield Claim("answers", "risk_order", text, not missing, because)
    yield _worse(model)
    yield _order(model)


def _unordered(protocol: Protocol) -> list[str]:
    """Questions that a level or an axis depends on, of which an answer is in no chain."""
    read = {id for rule in protocol.levels for id in names_in(rule.when)}
    for duty in protocol.duties:
        if duty.when is not None and protocol.raises.get(duty.id, Response()) != Response():
            read |= set(names_in(duty.when))
    chains = {
        each.id: {value for chain in protocol.risk_order.get(each.id, ()) for value in chain}
        for each in protocol.questions
    }
    return [
        each.id
        for each in protocol.questions
        if each.id in read and set(each.values) - chains[each.id]
    ]


def _steps_up(protocol: Protocol) -> dict[str, set[tuple[str, str]]]:
    """For each question: one answer, and another that is the next worse."""
    return {
        id: {pair for chain in chains for pair in pairwise(chain)}
        for id, chains in protocol.risk_order.items()
    }


def _from_least(protocol: Protocol) -> dict[str, set[tuple[str, str]]]:
    least = protocol.least
    return {
        each.id: {(least[each.id], value) for value in each.values if value != least[each.id]}
        for each in protocol.questions
    }


def _worse(model: Model) -> Claim:
    """Two calls, alike but for one worse answer; what is lower in the second."""
    twin = model.twin()
    before, after = model.now, twin.now
    at_top = model.any(after.levels[level] for level in TOP)
    lowered = [
        *lower(model, before.high, after.high),
        *lower(model, before.axes["police"], after.axes["police"]),
        *lower(model, before.axes["ems"], after.axes["ems"]),
        # at 4 and E a clinician comes when it is safe: the need is kept as a duty
        *(model.all([each, z3.Not(at_top)]) for each in lower(model, before.axes["clinical"], after.axes["clinical"])),
    ]  # fmt: skip
    text = "a worse answer lowers neither the level nor what goes"
    return _two_calls(model, twin, _steps_up(model.protocol), lowered, text, "worse")


def _order(model: Model) -> Claim:
    """What was said raises, whatever is said after it: the ratchet takes what was not asked yet as the
    least, and adds to it."""
    twin = model.twin()
    before, after = model.now, twin.now
    asked = [
        z3.Not(each.not_asked(q.id)) for each in (model, twin) for q in model.protocol.questions
    ]
    lowered = lower(model, before.high, after.high)
    for axis in AXES:
        lowered += lower(model, before.kept[axis], after.kept[axis])
    any_lower = [model.all([*asked, model.any(lowered)])]
    text = "the order of the answers makes no difference to what stands"
    return _two_calls(model, twin, _from_least(model.protocol), any_lower, text, "order")


def lower(
    model: Model, before: Mapping[Any, Formula], after: Mapping[Any, Formula]
) -> list[Formula]:
    """For each place: it was reached before, and is not now."""
    return [model.all([one, z3.Not(after[place])]) for place, one in before.items()]


def _two_calls(
    model: Model,
    twin: Model,
    turns: Mapping[str, Iterable[tuple[str, str]]],
    lowered: Sequence[Formula],
    text: str,
    id: str,
) -> Claim:
    """Whether two calls that differ in exactly one turn of one answer can make any of `lowered` true."""
    turned = {each: z3.Bool(f"turn {each}", model.context) for each in turns}
    one = [z3.PbEq([(each, 1) for each in turned.values()], 1)] if turned else [model.never]
    for question in model.protocol.questions:
        was, to = model.raw[question.id], twin.raw[question.id]
        same = model.all(was[value] == to[value] for value in question.values)
        if question.id in turned:
            pairs = sorted(turns[question.id])
            turn = model.any(model.all([was[a], to[b]]) for a, b in pairs)
            same = z3.If(turned[question.id], turn, same)
        one.append(same)
    wanted = [*one, model.any(lowered)]
    if not model.possible(*wanted):
        return Claim("answers", id, text, holds=True)
    found = next(each for each, sign in turned.items() if model.possible(*wanted, sign))
    call = model.call(*wanted, turned[found]) or {}
    worse = next(
        value
        for value in twin.protocol.by_id[found].values
        if model.possible(*wanted, turned[found], twin.raw[found][value], *_said(model, call))
    )
    return Claim(
        "answers", id, text, holds=False, because=_apart(model.protocol, call, found, worse)
    )


def _said(model: Model, call: Answers) -> list[Formula]:
    return [raw[call[id]] if id in call else model.not_asked(id) for id, raw in model.raw.items()]


def _apart(protocol: Protocol, call: Answers, question: str, worse: str) -> str:
    after = {**call, question: worse}
    return (
        f"{call_in_words(protocol, call)} -> {told(protocol, call)}. With {question} {worse} instead "
        f"of {call[question]}: {call_in_words(protocol, after)} -> {told(protocol, after)}"
    )


def _approvers(protocol: Protocol) -> Claim:
    missing = sorted(APPROVERS - {each.role for each in protocol.approvers})
    because = f"The file does not name {', '.join(missing)}." if missing else ""
    return Claim(
        "approvers", "approvers", "the file names all four approvers", not missing, because
    )


def _story(protocol: Protocol, story: Story) -> Claim:
    call = {**protocol.benign, **story.answers}
    place, duties, axes, _kept = compiled(protocol).judge(call)
    rule = protocol.levels[place] if place >= 0 else None
    agrees = rule is not None and (rule.id, rule.level, duties) == (
        story.rule,
        story.level,
        story.duties,
    )
    if agrees and story.response is not None:
        agrees = on_axes(axes, standard=story.level is Level.STANDARD) == story.response
    sent = "" if story.response is None else f" ({in_short(story.response)})"
    asked = ", ".join((f"level {story.level.value} by {story.rule}{sent}", *story.duties))
    because = "" if agrees else _counter(protocol, call, f"the story says {asked}")
    return Claim("story", story.id, story.story, agrees, because)
