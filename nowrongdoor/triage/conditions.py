"""A protocol's conditions (`kernel.conditions`), compiled and said in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import NamedTuple

from nowrongdoor.kernel.conditions import (
    Always,
    Compare,
    Condition,
    Either,
    Every,
    Negated,
    names_in,
    written,
)
from nowrongdoor.triage.facts import (
    TOP,
    UNKNOWN,
    Answers,
    Clinical,
    Level,
    LevelRule,
    Protocol,
    Question,
    Response,
)

_NO_MARKS = str.maketrans("", "", "¿?")
_GLUE = {
    "en": {
        "and": "; and ",
        "or": "; or ",
        "one": " or ",
        "not": "not",
        "always": "always",
        "unasked": "not asked",
        "plain": "Every answer is benign.",
    },
    "es": {
        "and": "; y ",
        "or": "; o ",
        "one": " o ",
        "not": "no",
        "always": "siempre",
        "unasked": "no se ha preguntado",
        "plain": "Todas las respuestas son benignas.",
    },
}


def settling_order(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Each question after those that its `ask_when` looks at. Errors: graphlib.CycleError."""
    by_id = {question.id: question for question in questions}
    before = {
        question.id: tuple(names_in(question.ask_when)) if question.ask_when else ()
        for question in questions
    }
    return tuple(by_id[id] for id in TopologicalSorter(before).static_order())


Places = tuple[int, int, int]
Judged = tuple[int, tuple[str, ...], Places, Places]


class Compiled(NamedTuple):
    """`settle` gives every question its value. `judge` gives the place of the first level rule that
    matches, -1 where none does; the ids of every duty that does, in the order of the file; what goes, as
    the place on each axis; and the same without the floors."""

    settle: Callable[[Answers], dict[str, str]]
    judge: Callable[[Answers], Judged]


@lru_cache(maxsize=32)
def compiled(protocol: Protocol) -> Compiled:
    """The protocol as Python functions, made once. Both settle answers by the same lines."""
    space: dict[str, Callable[..., object]] = {}
    # made of our own tree, whose names and values are checked words, never of a file's text
    exec("\n".join(_program(protocol)), {"__builtins__": {}}, space)  # noqa: S102
    return Compiled(space["settle"], space["judge"])  # type: ignore[arg-type]


def _program(protocol: Protocol) -> Iterator[str]:
    settling = [f"    {line}" for each in settling_order(protocol.questions) for line in _one(each)]
    yield "def settle(answers):"
    yield from settling
    yield "    return {" + ", ".join(f"{q.id!r}: {q.id}" for q in protocol.questions) + "}"
    yield "def judge(answers):"
    yield from settling
    yield "    first, duties, police, ems, clinical = -1, (), 0, 0, 0"
    yield "    while True:"  # left by a rule of level X, behind which nothing counts
    for place, rule in enumerate(protocol.levels):
        yield from (f"        {line}" for line in _matched(protocol, place, rule))
    yield "        break"
    yield from (f"    {line}" for line in _dutiful(protocol))
    yield from (f"    {line}" for line in _floors(protocol))
    yield "    return first, duties, (police, ems, clinical), kept"


def _matched(protocol: Protocol, place: int, rule: LevelRule) -> Iterator[str]:
    """A level rule, and what it sends; what a floor sends comes at the end."""
    yield f"if {written(rule.when)}:"
    yield f"    if first < 0: first = {place}"
    if rule.level is Level.STANDARD:
        yield "    break"
    elif not rule.floor:
        yield from (f"    {line}" for line in _raised(protocol.responses[rule.level]))


def _dutiful(protocol: Protocol) -> Iterator[str]:
    """Duties, and what each adds; a clinician joins by what a rule that counts asks for."""
    top = {place for place, rule in enumerate(protocol.levels) if rule.level in TOP}
    helped = [f"clinical >= {Clinical.TEAM.place}"]
    helped += [f"first == {n}" for n in sorted(top) if _helps_as_floor(protocol, n)]
    yield f"joins = first in {top or (-2,)} and ({' or '.join(helped)})"
    for duty in protocol.duties:
        yield f"if {'joins' if duty.when is None else written(duty.when)}:"
        yield f"    duties += ({duty.id!r},)"
        yield from (f"    {line}" for line in _raised(protocol.raises.get(duty.id, Response())))


def _helps_as_floor(protocol: Protocol, place: int) -> bool:
    rule = protocol.levels[place]
    return rule.floor and protocol.responses[rule.level].clinical >= Clinical.TEAM


def _floors(protocol: Protocol) -> Iterator[str]:
    """A floor counts where it gives the level; at X the agency's own protocol decides, and only duties
    stand."""
    rules = list(enumerate(protocol.levels))
    away = {place for place, rule in rules if rule.level is Level.STANDARD}
    yield f"if first in {away or (-2,)}: police, ems, clinical = 0, 0, 0"
    yield "kept = (police, ems, clinical)"
    for place, rule in rules:
        if rule.floor and place not in away:
            yield f"if first == {place}:"
            yield from (
                f"    {line}" for line in (*_raised(protocol.responses[rule.level]), "pass")
            )


def _raised(response: Response) -> Iterator[str]:
    for axis in ("police", "ems", "clinical"):
        place = getattr(response, axis).place
        if place:
            yield f"if {axis} < {place}: {axis} = {place}"


def _one(question: Question) -> Iterator[str]:
    name, benign = question.id, question.benign
    if question.hard_stop:
        yield f"{name} = answers.get({name!r}, {UNKNOWN!r})"
    elif question.ask_when is None:
        yield f"{name} = answers.get({name!r}, {benign!r})"
    else:
        when = written(question.ask_when)
        yield f"{name} = answers.get({name!r})"
        yield f"if {name} is None: {name} = {UNKNOWN!r} if {when} else {benign!r}"


def answer_in_words(question: Question, values: Sequence[str], language: str = "en") -> str:
    """One question and its answer as a line: `who is calling: a family member`."""
    asked = _said(question.ask, language).split("?")[0].translate(_NO_MARKS)
    *most, last = (_said(question.says[value], language) for value in values)
    glue = _GLUE[_known(language)]["one"]
    return f"{asked[:1].lower()}{asked[1:]}: {glue.join(filter(None, (', '.join(most), last)))}"


def call_in_words(protocol: Protocol, answers: Answers, language: str = "en") -> str:
    """A call as a sentence: only the answers, given or missing, that do not count as benign."""
    settled = compiled(protocol).settle(answers)
    odd = [each for each in protocol.questions if settled[each.id] != each.benign]
    said = "; ".join(_given(each, answers, settled[each.id], language) for each in odd)
    return f"{said[:1].upper()}{said[1:]}." if said else _GLUE[_known(language)]["plain"]


def _given(question: Question, answers: Answers, settled: str, language: str) -> str:
    if question.id in answers:
        return answer_in_words(question, [settled], language)
    asked, _answer = answer_in_words(question, [settled], language).rsplit(": ", 1)
    return f"{asked}: {_GLUE[_known(language)]['unasked']}"


def in_words(condition: Condition, questions: Mapping[str, Question], language: str = "en") -> str:
    """The condition as people read it, every comparison as the answers that satisfy it."""
    glue = _GLUE[_known(language)]

    def part(inner: Condition) -> str:
        said = in_words(inner, questions, language)
        return f"({said})" if isinstance(inner, Every | Either) else said

    match condition:
        case Always():
            return glue["always"]
        case Compare(id, values, among):
            fits = [each for each in questions[id].values if (each in values) is among]
            return answer_in_words(questions[id], fits, language)
        case Every(parts):
            return glue["and"].join(map(part, parts))
        case Either(parts):
            return glue["or"].join(map(part, parts))
        case Negated(inner):
            return f"{glue['not']} ({in_words(inner, questions, language)})"


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words["en"]


def _known(language: str) -> str:
    return language if language in _GLUE else "en"
