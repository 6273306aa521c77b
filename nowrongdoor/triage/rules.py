"""What a call needs, by its community's protocol; and what may become of a level that stands.

Pure. Source of every rule here, where none is named: sources, "Reading the protocol" and
"Response by level", draft 1.2.
"""

from collections.abc import Mapping

from nowrongdoor.kernel.conditions import holds
from nowrongdoor.kernel.verdict import BadInput, Refused, Verdict, no, yes
from nowrongdoor.triage.conditions import compiled
from nowrongdoor.triage.facts import (
    TOP,
    UNKNOWN,
    Answers,
    Clinical,
    CurrentLevel,
    Ems,
    Finding,
    Level,
    NoAnswer,
    Police,
    Protocol,
    Question,
    Response,
)

CLINICIANS = frozenset(
    {
        "in_center_clinician",
        "counselor",
        "team_clinician",
        "center_clinician",
        "charge_nurse",
    }
)
SUPERVISORS = frozenset(
    {"psap_supervisor", "line_supervisor", "program_supervisor", "mhst_sergeant"}
)
HEIGHT = {
    Level.STANDARD: 1,
    Level.REFERRAL: 1,
    Level.LINE: 2,
    Level.TEAM: 3,
    Level.PAIR: 4,
    Level.DANGER: 5,
    Level.MEDICAL: 5,
}
_GUARDED = frozenset({Level.PAIR, Level.DANGER, Level.MEDICAL})


def settle(protocol: Protocol, answers: Answers) -> dict[str, str]:
    """Give every question the value the rules read.

    Shape: every question of the protocol, in the order of its file. An answer stands as it is. One
        that is missing counts as U where the question is a hard stop, or where its `ask_when` holds
        on the values settled so far; otherwise as its benign value.
    """
    return compiled(protocol).settle(answers)


def decide(protocol: Protocol, answers: Answers) -> Finding:
    """Find the level by the first rule that matches; duties and response by every one that does.

    Shape: duties in the order of the file, whatever the level. On each axis of the response the
        greatest that any rule or duty asks for: a floor only where it gives the level, nothing behind
        a rule of level X, and at X nothing at all. `provisional` while a hard stop or a question of
        the minimum has not been asked; `unasked` names those.
    Errors: Refused where no rule matches. The proof keeps such a protocol from being used.
    """
    place, duties, axes, _kept = compiled(protocol).judge(answers)
    if place < 0:
        raise Refused(
            no("protocol.no_level", "No rule of this protocol gives these answers a level.")
        )
    rule = protocol.levels[place]
    unasked = tuple(each.id for each in protocol.screened_by if each.id not in answers)
    return Finding(
        level=rule.level,
        rule=rule.id,
        duties=duties,
        response=on_axes(axes, standard=rule.level is Level.STANDARD),
        provisional=bool(unasked),
        unasked=unasked,
    )


_POLICE, _EMS, _CLINICAL = tuple(Police), tuple(Ems), tuple(Clinical)


def on_axes(places: tuple[int, int, int], *, standard: bool = False) -> Response:
    police, ems, clinical = places
    return Response(_POLICE[police], _EMS[ems], _CLINICAL[clinical], standard)


def open_questions(protocol: Protocol, answers: Answers) -> tuple[Question, ...]:
    """List what to ask now, in the order of the file: who calls and of whom, then the hard stops.

    Shape: hard stops, the minimum, what is always asked, and what the answers so far call for. What
        was answered, U included, is left out, and so is what the community's settings answer.
    """
    settled = settle(protocol, answers)
    return tuple(
        each
        for each in protocol.questions
        if each.id not in answers and not each.external and is_asked(protocol, each, settled)
    )


def is_asked(protocol: Protocol, question: Question, settled: Answers) -> bool:
    """Whether a question is asked of this call, whose answers have been settled."""
    if question.hard_stop or question.always or question.id in protocol.minimum:
        return True
    return question.ask_when is not None and holds(question.ask_when, settled)


def none_of_these(protocol: Protocol) -> dict[str, str]:
    """The answers that the one key "none of these" stores: every hard stop, denied.

    Shape: one value for each hard stop, in the order of the file. Whoever stores them marks them
        *asked together*.
    """
    return {stop.id: stop.benign for stop in protocol.hard_stops}


def hard_stop_unknown(protocol: Protocol, answers: Answers) -> bool:
    """Whether any hard stop is unknown: answered U, or not asked yet."""
    return any(answers.get(stop.id, UNKNOWN) == UNKNOWN for stop in protocol.hard_stops)


def read_answers(protocol: Protocol, given: object) -> dict[str, str]:
    """Read answers from outside: a mapping of question to value.

    Shape: what was answered, in the order it was given. A question whose value is None has not
        been asked, the same as one that is missing.
    Errors: BadInput for the first question or value that this protocol does not know.
    """
    if not isinstance(given, Mapping):
        raise BadInput("answers", "answers.shape", "Answers are given as question and value.")
    read: dict[str, str] = {}
    for id, value in given.items():
        question = protocol.by_id.get(id)
        if question is None:
            name = str(id)[:40]
            raise BadInput(
                name, "answer.question", "This protocol has no question {question}.", question=name
            )
        if value is None:
            continue
        if value not in question.values:
            raise BadInput(
                question.id,
                "answer.value",
                "{question} is answered with one of {values}.",
                question=question.id,
                values=", ".join(question.values),
            )
        read[question.id] = value
    return read


def above(level: Level, other: Level) -> bool:
    """Whether one level is higher than another. E and 4 are not ordered; X is neither."""
    if Level.STANDARD in (level, other):
        return False
    return HEIGHT[level] > HEIGHT[other]


def said(protocol: Protocol, answers: Answers) -> CurrentLevel:
    """What the ratchet may hold on to: what was said, and nothing of what was not.

    Shape: whatever was not asked counts as the least that it could be. So does a hard stop, or a
        question of the minimum, that is not known, until all of them were asked: it may be asked once
        more. The response is without the floors: they count only while they give the level.
    Errors: as `decide`.
    Source: ADR 0024. The proof shows that more said is never less (`proof`, "order").
    """
    screened = {each.id for each in protocol.screened_by}
    once_more = screened if screened - answers.keys() else frozenset()
    firm = {id: value for id, value in answers.items() if value != UNKNOWN or id not in once_more}
    place, _duties, _axes, kept = compiled(protocol).judge({**protocol.least, **firm})
    if place < 0:
        raise Refused(
            no("protocol.no_level", "No rule of this protocol gives these answers a level.")
        )
    level = protocol.levels[place].level
    return CurrentLevel(level, on_axes(kept, standard=level is Level.STANDARD))


def raised(standing: CurrentLevel | None, found: CurrentLevel) -> CurrentLevel:
    """What stands after a new finding: the ratchet. Answers raise by themselves, and never lower.

    Shape: the level changes where the new one is higher, or where X stood; between E and 4 it is the
        one found last. Otherwise the one that stands stays. Each axis of the response takes the
        greater, whichever level stands. None standing is the first finding of a call.
    Source: sources, "Ratchet"; ADR 0024.
    """
    if standing is None:
        return found
    both_top = {found.level, standing.level} <= TOP
    rises = above(found.level, standing.level) or standing.level is Level.STANDARD or both_top
    standard = standing.response.standard and found.response.standard
    return CurrentLevel(
        found.level if rises else standing.level,
        _most(standing.response, found.response, standard=standard),
    )


def shown(protocol: Protocol, firm: CurrentLevel, found: Finding) -> CurrentLevel:
    """What a screen says: what stands, raised by what the rules say now of all that is not known.

    Shape: on each axis at least what the level shown asks for.
    """
    now = raised(firm, CurrentLevel(found.level, found.response))
    if now.level is Level.STANDARD:
        return now
    return CurrentLevel(
        now.level, _most(now.response, protocol.responses[now.level], standard=False)
    )


def owed(shown: CurrentLevel, firm: CurrentLevel) -> Clinical | None:
    """The team or the pair that a person at 4 or E is owed once it is safe, by what was said.

    Source: sources, "A clinician joins when it is safe".
    """
    clinical = firm.response.clinical
    return clinical if shown.level in TOP and clinical >= Clinical.TEAM else None


def so_far(protocol: Protocol, answers: Answers) -> CurrentLevel:
    """What the answers alone would be, if all that was not asked were benign: whether one of them made
    it rise, while what is not known yet may be shown as more."""
    found = decide(protocol, {**protocol.benign, **answers})
    return CurrentLevel(found.level, found.response)


def is_screened(protocol: Protocol, answers: Answers) -> bool:
    """Whether any hard stop was answered. Before that a call is *not screened*, whatever the rules
    would say of it; and where a protocol has none, any answer will do."""
    return not protocol.hard_stops or any(stop.id in answers for stop in protocol.hard_stops)


def named_by(protocol: Protocol, answers: Answers, found: Finding) -> str:
    """The rule whose sentence is the reason on the screen: '' where it is only that questions are open.

    While the level is so far, its reason names only what was answered.
    """
    if not found.provisional:
        return found.rule
    place, *_rest = compiled(protocol).judge({**protocol.least, **answers})
    rule = protocol.levels[place]
    return rule.id if rule.level is found.level else ""


def may_lower(role: str, standing: Level, to: Level, reason: str) -> Verdict:
    """Say whether somebody of this role may lower a level that stands, for this reason.

    Units already sent are not recalled by it. To let a call go by X is to lower it. Between E and 4
    nothing is lower: the response is raised on its axes instead.
    Errors: `reason` is a code; '' is none. Which codes there are is the community's list.
    """
    lower = above(standing, to) or (to is Level.STANDARD and standing is not Level.STANDARD)
    if not lower:
        return no("lower.not_lower", "That level is not lower than the current one.")
    if not reason:
        return no("lower.reason", "Enter why the level is lowered.")
    if standing in _GUARDED and role not in CLINICIANS | SUPERVISORS:
        return no(
            "lower.role", "From 3B, 4 or E, only a clinician or a supervisor can lower the level."
        )
    return yes("lower.allowed")


def no_answer(level: Level, *, hard_stop_unknown: bool) -> NoAnswer:
    """What to do with a caller when the line does not answer.

    Shape: `keep` the caller with 911 at level 1 or 2 with every hard stop denied; at 3A and above,
        or with any hard stop unknown, CIT officers are *recommended*: a person's key sends them,
        nothing does by itself. X with every hard stop known is neither: the agency's own protocol.
    """
    keep = level in (Level.REFERRAL, Level.LINE) and not hard_stop_unknown
    high = level in (Level.TEAM, Level.PAIR, Level.DANGER, Level.MEDICAL)
    return NoAnswer(keep=keep, recommend_police=high or hard_stop_unknown)


def _most(one: Response, other: Response, *, standard: bool) -> Response:
    return Response(
        police=max(one.police, other.police),
        ems=max(one.ems, other.ems),
        clinical=max(one.clinical, other.clinical),
        standard=standard,
    )
