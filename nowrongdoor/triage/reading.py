"""Reading a protocol from its file or from the text of a draft. All that is wrong is named at once.

What a file can say wrongly, each mistake with file, line and key, is found here. What a readable
protocol can decide wrongly is the proof's business.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.written import Written, text_of
from nowrongdoor.kernel.conditions import Always, BadCondition, Condition, Language, parse
from nowrongdoor.triage import facts, schema
from nowrongdoor.triage.conditions import settling_order
from nowrongdoor.triage.facts import NO, UNKNOWN, YES, YNU, Level, Words

LONGEST, MOST_MARKS = 100_000, 12_000
"""Bytes of a text, and what separates one thing in it from the next: looked at before YAML is read, which
costs for each. The community's own, comments and all, has 73,000 and 6,600."""
FILE = "protocol.yaml"
_PLAIN: Mapping[str, Words] = {
    YES: {"en": "yes", "es": "sí"},
    NO: {"en": "no", "es": "no"},
    UNKNOWN: {"en": "not known", "es": "no se sabe"},
}
Place = tuple[str | int, ...]


def read(file: Path) -> facts.Protocol:
    """Read a protocol's file. Errors: BadCommunity with every problem found."""
    return read_text(text_of(file), file.name)


def read_text(text: str, name: str) -> facts.Protocol:
    """Read a protocol from its text; `name` is what problems call the file. Errors: as `read`."""
    tree = Written(text, name, schema.ProtocolFile, longest=LONGEST, most_marks=MOST_MARKS)
    built = _Build(tree)
    protocol = built.protocol()
    problems = [*built.problems, *_checks(tree)]
    if problems:
        raise BadCommunity(sorted(problems, key=lambda each: each.line))
    return protocol


class _Build:
    """Rows to facts. A condition that cannot be read becomes a problem, and counts as `True`."""

    def __init__(self, tree: Written[schema.ProtocolFile]) -> None:
        self.rows, self.tree = tree.rows, tree
        self.problems: list[Problem] = []
        self.values = {row.id: row.values or YNU for row in tree.rows.questions}

    def protocol(self) -> facts.Protocol:
        rows = self.rows
        questions = tuple(self.question(n, row) for n, row in enumerate(rows.questions))
        return facts.Protocol(
            id=rows.protocol,
            version=rows.version,
            status=rows.status,
            source=rows.source,
            questions=questions,
            levels=tuple(self.level(n, row) for n, row in enumerate(rows.levels)),
            duties=tuple(self.duty(n, row) for n, row in enumerate(rows.duties)),
            invariants=tuple(self.invariant(n, row) for n, row in enumerate(rows.invariants)),
            responses={level: _response(row) for level, row in rows.responses.levels.items()},
            raises={duty: _response(row) for duty, row in rows.responses.duties.items()},
            approvers=tuple(facts.Approver(row.role, row.name) for row in rows.approvers),
            stories=tuple(map(self.story, rows.stories)),
            exceptions=tuple(facts.Exempt(row.mutation, row.because) for row in rows.exceptions),
            lowers=tuple(
                facts.Lowers(row.than, self.when(row.when, "lowers", n, "when"), row.because)
                for n, row in enumerate(rows.lowers)
            ),
            minimum=rows.minimum,
            risk_order=rows.risk_order,
            if_lost=None if rows.if_lost is None else self.when(rows.if_lost, "if_lost"),
        )

    def question(self, n: int, row: schema.QuestionRow) -> facts.Question:
        ask_when = row.ask_when and self.when(row.ask_when, "questions", n, "ask_when")
        values = self.values[row.id]
        return facts.Question(
            id=row.id,
            values=values,
            benign=row.benign or NO,
            ask=row.ask,
            says={value: row.says.get(value) or _PLAIN.get(value, {}) for value in values},
            hard_stop=row.hard_stop,
            always=row.always,
            external=row.external,
            ask_when=ask_when or None,
        )

    def level(self, n: int, row: schema.LevelRow) -> facts.LevelRule:
        # who wrote before risk_order wrote for one response: that of the rule that gives the level
        floor = row.floor or not self.rows.risk_order
        return facts.LevelRule(
            row.id, row.level, self.when(row.when, "levels", n, "if"), row.says, floor
        )

    def duty(self, n: int, row: schema.DutyRow) -> facts.Duty:
        when = None if row.when is None else self.when(row.when, "duties", n, "if")
        return facts.Duty(row.id, when, row.says, row.blocks_release, row.for_crews)

    def invariant(self, n: int, row: schema.InvariantRow) -> facts.Invariant:
        return facts.Invariant(
            id=row.id,
            text=row.text,
            when=self.when(row.when, "invariants", n, "when"),
            level_in=row.level_in,
            duty_any=row.duty_any,
            police_in=row.police_in,
            ems_in=row.ems_in,
            clinical_in=row.clinical_in,
        )

    def story(self, row: schema.StoryRow) -> facts.Story:
        order = {duty.id: place for place, duty in enumerate(self.rows.duties)}
        duties = tuple(sorted(row.duties, key=lambda duty: order.get(duty, -1)))
        sent = None if row.response is None else _sent(row.response)
        return facts.Story(row.id, row.story, row.answers, row.level, row.rule, duties, sent)

    def when(self, text: str, *path: str | int) -> Condition:
        try:
            return parse(text, Language(self.values))
        except BadCondition as bad:
            self.problems.append(self.tree.at(path, str(bad)))
            return Always()


def _response(row: schema.ResponseRow) -> facts.Response:
    return facts.Response(row.police, row.ems, row.clinical, row.standard)


def _sent(text: str) -> facts.Response:
    if text == "standard":
        return facts.Response(standard=True)
    police, ems, clinical = text.split(" / ")
    return facts.Response(facts.Police(police), facts.Ems(ems), facts.Clinical(clinical))


Check = Callable[[schema.ProtocolFile], Iterator[tuple[Place, str]]]


def _checks(tree: Written[schema.ProtocolFile]) -> Iterator[Problem]:
    """What no single row can say of itself."""
    checks = (_twice, _values, _order, _cycle, _languages, _responses, _invariants, _stories)
    for check in checks:
        for path, because in check(tree.rows):
            yield tree.at(path, because)


def _twice(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    listed: Mapping[str, Iterable[str]] = {
        "questions": (row.id for row in rows.questions),
        "levels": (row.id for row in rows.levels),
        "duties": (row.id for row in rows.duties),
        "invariants": (row.id for row in rows.invariants),
        "minimum": rows.minimum,
        "approvers": (row.role for row in rows.approvers),
        "stories": (row.id for row in rows.stories),
        "exceptions": (row.mutation for row in rows.exceptions),
    }
    for key, ids in listed.items():
        seen: set[str] = set()
        for n, id in enumerate(ids):
            if id in seen:
                yield (key, n), f"{id} stands here twice"
            seen.add(id)
    for n, row in enumerate(rows.questions):
        if row.values and len(set(row.values)) < len(row.values):
            yield ("questions", n, "values"), f"{row.id} has a value twice"


def _values(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    for n, row in enumerate(rows.questions):
        values = row.values or YNU
        if (row.benign or NO) not in values:
            yield ("questions", n, "benign"), f"{row.id} is never {row.benign}"
        if (row.hard_stop or row.ask_when) and UNKNOWN not in values:
            yield ("questions", n, "values"), f"{row.id} may be asked in vain: it needs the value U"
        for value in row.says:
            if value not in values:
                yield ("questions", n, "says", value), f"{row.id} is never {value}"
        for value in values:
            if value not in row.says and value not in _PLAIN:
                yield ("questions", n, "says"), f"{row.id} does not say in words what {value} is"


def _order(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    """What is asked of every call, and which answer is worse: of questions and values there are."""
    values = {row.id: row.values or YNU for row in rows.questions}
    for n, id in enumerate(rows.minimum):
        if id not in values:
            yield ("minimum", n), f"there is no question {id}"
    for id, chains in rows.risk_order.items():
        if id not in values:
            yield ("risk_order", id), f"there is no question {id}"
        for value in sorted({value for chain in chains for value in chain} - {*values.get(id, ())}):
            yield ("risk_order", id), f"{id} is never {value}"
        if ring := _ring(chains):
            yield ("risk_order", id), f"each of these is worse than the other: {', '.join(ring)}"


def _ring(chains: Iterable[tuple[str, ...]]) -> list[str]:
    better: dict[str, set[str]] = {}
    for one, worse in (pair for chain in chains for pair in pairwise(chain)):
        better.setdefault(worse, set()).add(one)
    try:
        TopologicalSorter(better).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _cycle(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    """Questions whose `ask_when` go round. Conditions are read again: a bad one is told elsewhere."""
    values = {row.id: row.values or YNU for row in rows.questions}
    questions = []
    for row in rows.questions:
        try:
            when = parse(row.ask_when, Language(values)) if row.ask_when else None
        except BadCondition:
            return
        questions.append(facts.Question(row.id, values[row.id], "", {}, {}, ask_when=when))
    try:
        settling_order(questions)
    except CycleError as error:
        ring = error.args[1]
        n = [row.id for row in rows.questions].index(ring[0])
        yield ("questions", n, "ask_when"), f"these ask for each other: {', '.join(ring)}"


def _languages(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    """Everything is said in English and in every language of the first question."""
    wanted = set(rows.questions[0].ask) | {"en"}
    for path, words in _all_words(rows):
        if missing := wanted - set(words):
            yield path, f"not said in {', '.join(sorted(missing))}"


def _all_words(rows: schema.ProtocolFile) -> Iterator[tuple[Place, Words]]:
    for n, row in enumerate(rows.questions):
        yield ("questions", n, "ask"), row.ask
        for value, words in row.says.items():
            yield ("questions", n, "says", value), words
    for n, level in enumerate(rows.levels):
        yield ("levels", n, "says"), level.says
    for n, duty in enumerate(rows.duties):
        yield ("duties", n, "says"), duty.says
    for n, approver in enumerate(rows.approvers):
        yield ("approvers", n, "name"), approver.name


def _responses(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    for level in Level:
        if level not in rows.responses.levels:
            yield ("responses", "levels"), f"no response is written for level {level.value}"
    for duty in _strangers(rows, rows.responses.duties):
        yield ("responses", "duties", duty), f"no such duty: {duty}"


def _invariants(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    for n, row in enumerate(rows.invariants):
        for duty in _strangers(rows, row.duty_any):
            yield ("invariants", n, "duty_any"), f"no such duty: {duty}"


def _stories(rows: schema.ProtocolFile) -> Iterator[tuple[Place, str]]:
    values = {row.id: row.values or YNU for row in rows.questions}
    rules = {row.id for row in rows.levels}
    for n, row in enumerate(rows.stories):
        for id, value in row.answers.items():
            if id not in values:
                yield ("stories", n, "answers", id), f"there is no question {id}"
            elif value not in values[id]:
                yield ("stories", n, "answers", id), f"{id} is never {value}"
        if row.rule not in rules:
            yield ("stories", n, "rule"), f"no such level rule: {row.rule}"
        for duty in _strangers(rows, row.duties):
            yield ("stories", n, "duties"), f"no such duty: {duty}"


def _strangers(rows: schema.ProtocolFile, ids: Iterable[str]) -> list[str]:
    known = {row.id for row in rows.duties}
    return [id for id in ids if id not in known]
