"""A protocol as people read it: questions, rules, duties and responses in words, for a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from nowrongdoor.kernel.conditions import Condition
from nowrongdoor.triage.conditions import in_words
from nowrongdoor.triage.facts import (
    LEVEL_WORDS,
    UNKNOWN,
    YNU,
    Claim,
    Clinical,
    Duty,
    Ems,
    Fate,
    Invariant,
    Level,
    Mutation,
    Police,
    Protocol,
    Question,
    Response,
    Words,
)

SHOWN = 6
"""Of those who notice a mutation, this many are named."""


@dataclass(frozen=True, slots=True)
class Localized:
    """One thing said in one language."""

    language: str
    words: str


@dataclass(frozen=True, slots=True)
class Value:
    """One answer with the key that gives it at a desk."""

    key: str
    code: str
    told: tuple[Localized, ...]
    benign: bool


@dataclass(frozen=True, slots=True)
class QuestionLine:
    id: str
    told: tuple[Localized, ...]
    values: tuple[Value, ...]
    hard_stop: bool
    asked: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A level rule or a duty: what it says on a screen, and when it holds."""

    id: str
    level: str
    says: str
    when: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class InvariantLine:
    """`state`: proved, broken, or '' where nobody has looked. `because`: the call that breaks it."""

    id: str
    text: str
    when: str
    wants: str
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """What goes, on three axes. '' adds nothing there. `standard`: the agency's own protocol."""

    level: str
    duty: str
    police: str
    ems: str
    clinical: str
    standard: bool


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """All claims of one kind. `failed` comes first, each with its call."""

    kind: str
    failed: tuple[Claim, ...]
    held: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class MutationLine:
    name: str
    fate: str
    passes: bool
    who: str
    because: str


def localized(words: Words, language: str) -> str:
    return words.get(language) or words["en"]


def questions(protocol: Protocol, language: str) -> tuple[QuestionLine, ...]:
    """In the order of asking; what the settings answer comes last."""

    def turn(question: Question) -> bool:
        return question.external

    return tuple(
        QuestionLine(
            id=each.id,
            told=_localized(each.ask),
            values=tuple(
                Value(
                    _key(each, n, value), value, _localized(each.says[value]), value == each.benign
                )
                for n, value in enumerate(each.values, start=1)
            ),
            hard_stop=each.hard_stop,
            asked=_asked(protocol, each, language),
        )
        for each in sorted(protocol.questions, key=turn)
    )


def _key(question: Question, n: int, value: str) -> str:
    """As at a desk: Y, N and U for a yes or no and for not known, else the place in the list."""
    return value.lower() if question.values == YNU or value == UNKNOWN else str(n)


def _localized(words: Words) -> tuple[Localized, ...]:
    return tuple(Localized(language, text) for language, text in words.items())


def _asked(protocol: Protocol, question: Question, language: str) -> str:
    if question.external:
        return gettext("never; a setting of the community answers it")
    if question.hard_stop:
        return gettext("first, always")
    if question.id in protocol.minimum:
        return gettext("always; the level is provisional until then")
    if question.always:
        return gettext("always")
    if question.ask_when is None:
        return gettext("never by itself")
    return in_words(question.ask_when, protocol.by_id, language)


def levels(protocol: Protocol, language: str) -> tuple[RuleLine, ...]:
    return tuple(
        RuleLine(
            each.id,
            each.level.value,
            localized(each.says, language),
            in_words(each.when, protocol.by_id, language),
        )
        for each in protocol.levels
    )


def duties(protocol: Protocol, language: str) -> tuple[RuleLine, ...]:
    return tuple(
        RuleLine(
            each.id,
            "",
            localized(each.says, language),
            _due(protocol, each, language),
            each.blocks_release,
        )
        for each in protocol.duties
    )


def _due(protocol: Protocol, duty: Duty, language: str) -> str:
    if duty.when is None:
        return gettext("at 4 and E, when a matching rule asks for a team or a co-responder")
    return in_words(duty.when, protocol.by_id, language)


def duty_names(protocol: Protocol, language: str) -> dict[str, str]:
    return {each.id: localized(each.says, language) for each in protocol.duties}


def condition(protocol: Protocol, when: Condition | None, language: str) -> str:
    return "" if when is None else in_words(when, protocol.by_id, language)


def responses(protocol: Protocol, language: str) -> tuple[ResponseLine, ...]:
    """By level, from E downwards; then what each duty adds."""
    names = duty_names(protocol, language)
    by_level = (
        _response(protocol.responses[level], level=level.value)
        for level in Level
        if level in protocol.responses
    )
    by_duty = (_response(added, duty=names[duty]) for duty, added in protocol.raises.items())
    return (*by_level, *by_duty)


def _response(response: Response, *, level: str = "", duty: str = "") -> ResponseLine:
    clinical = "" if duty and response.clinical is Clinical.REFER else _clinical(response.clinical)
    return ResponseLine(
        level, duty, _police(response.police), _ems(response.ems), clinical, response.standard
    )


def _police(value: Police) -> str:
    return {
        Police.NONE: "",
        Police.AWARE: gettext("Notified; not responding"),
        Police.STAGED: gettext("Staged nearby"),
        Police.NOW: gettext("Immediately"),
    }[value]


def _ems(value: Ems) -> str:
    return {Ems.NONE: "", Ems.STAGED: gettext("Staged nearby"), Ems.NOW: gettext("Immediately")}[
        value
    ]


def _clinical(value: Clinical) -> str:
    return {
        Clinical.REFER: gettext("Referral; the line is offered"),
        Clinical.LINE: gettext("Crisis line on the phone"),
        Clinical.TEAM: gettext("Mobile team"),
        Clinical.PAIR: gettext("Co-responder, or mobile team with police staged"),
    }[value]


def invariants(
    protocol: Protocol, claims: Iterable[Claim], *, proved: bool, language: str
) -> tuple[InvariantLine, ...]:
    """`claims` of a proof made now, if it was; else `proved` says that it was made and held."""
    found = {each.id: each for each in claims if each.kind == "invariant"}
    names = duty_names(protocol, language)
    return tuple(
        InvariantLine(
            each.id,
            each.text,
            in_words(each.when, protocol.by_id, language),
            _wants(each, names),
            _state(found.get(each.id), proved=proved),
            found[each.id].because if each.id in found else "",
        )
        for each in protocol.invariants
    )


def _wants(invariant: Invariant, names: Mapping[str, str]) -> str:
    if invariant.level_in:
        among = ", ".join(level.value for level in invariant.level_in)
        return gettext("level %(levels)s") % {"levels": among}
    if invariant.police_in:
        return _one_of(gettext("Police"), map(_police, invariant.police_in))
    if invariant.ems_in:
        return _one_of(gettext("Ambulance"), map(_ems, invariant.ems_in))
    if invariant.clinical_in:
        return _one_of(gettext("Clinical"), map(_clinical, invariant.clinical_in))
    return ", ".join(names[duty] for duty in invariant.duty_any)


def _one_of(axis: str, places: Iterable[str]) -> str:
    return f"{axis}: {'; '.join(place or gettext('none') for place in places)}"


def _state(claim: Claim | None, *, proved: bool) -> str:
    if claim is not None:
        return "proved" if claim.holds else "broken"
    return "proved" if proved else ""


def claim_groups(claims: Iterable[Claim]) -> tuple[ClaimGroup, ...]:
    """What the proof looked at, kind by kind; invariants stand in their own table."""
    kinds: dict[str, list[Claim]] = {}
    for each in claims:
        if each.kind != "invariant":
            kinds.setdefault(each.kind, []).append(each)
    return tuple(
        ClaimGroup(
            _kind(kind),
            tuple(each for each in found if not each.holds),
            tuple(each for each in found if each.holds),
        )
        for kind, found in kinds.items()
    )


def _kind(kind: str) -> str:
    return {
        "level rule": gettext("Level rules: some call reaches each"),
        "duty": gettext("Duties: some call reaches each"),
        "can fail": gettext("Safety rules: some protocol would break each"),
        "question": gettext("Questions: each is asked where it must be"),
        "answers": gettext("Answers: a worse one lowers nothing, and their order does not matter"),
        "approvers": gettext("Approvers: all four are named"),
        "version": gettext("Against the version in force: nothing is lowered"),
        "limit": gettext("The solver reached its limit: not proved"),
        "every call": gettext("Every call gets a level"),
        "story": gettext("Sample calls, with the level they must get"),
    }.get(kind, kind)


def mutation_lines(rows: Iterable[Mutation]) -> tuple[MutationLine, ...]:
    """What fails first, then what is exempt, then the rest, each in the order of the file."""
    order = (Fate.MISSED, Fate.STALE, Fate.EXEMPT, Fate.SAME, Fate.NOTICED)
    return tuple(
        MutationLine(each.name, fate(each.fate), each.passes, _who(each), each.because)
        for each in sorted(rows, key=lambda row: order.index(row.fate))
    )


def _who(row: Mutation) -> str:
    named = ", ".join(row.by[:SHOWN])
    if (more := len(row.by) - SHOWN) <= 0:
        return named
    return gettext("%(named)s and %(more)s more") % {"named": named, "more": more}


def fate(value: Fate) -> str:
    return {
        Fate.NOTICED: gettext("Caught"),
        Fate.SAME: gettext("No effect"),
        Fate.EXEMPT: gettext("Exempt, with a reason"),
        Fate.MISSED: gettext("Not caught"),
        Fate.STALE: gettext("Exempt without need"),
    }[value]


def blocks_release(protocol: Protocol, language: str) -> dict[str, str]:
    """The duties before which nobody leaves the line, each in words."""
    return {
        duty.id: duty.says.get(language) or duty.says["en"]
        for duty in protocol.duties
        if duty.blocks_release
    }


def level_words(level: str) -> str:
    """What a level means, in a few words."""
    return gettext(LEVEL_WORDS[Level(level)]) if level else ""


def responder_words() -> dict[str, str]:
    """What can be sent, in words: by axis and value."""
    return {
        "police:aware": gettext("Police notified, not responding"),
        "police:staged": gettext("Police staged"),
        "police:now": gettext("Police now"),
        "ems:staged": gettext("Ambulance staged"),
        "ems:now": gettext("Ambulance now"),
        "clinical:line": gettext("Counselor on the phone"),
        "clinical:team": gettext("Mobile team"),
        "clinical:pair": gettext("Co-responder team"),
    }
