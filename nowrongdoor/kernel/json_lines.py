"""One line of JSON in, one line out: how the command line asks rules, without a database.

A line that cannot be answered is answered all the same, `{"error": {"rule", "because", "field"}}`; lines of
blanks are passed over.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from nowrongdoor.kernel.verdict import BadInput, Refused

ERROR = '{"error": '
Answer = Callable[[object], Mapping[str, object]]


def answers(lines: Iterable[str | bytes], answer: Answer) -> Iterator[str]:
    """What `answer` says of each line's value, or why it was refused."""
    for line in lines:
        if line.strip():
            yield _answered(line, answer)


def write_answers(lines: Iterable[str | bytes], answer: Answer, write: Callable[[str], Any]) -> int:
    """Write what `answers` says. The exit code: 1 where any line could not be answered."""
    code = 0
    for line in answers(lines, answer):
        write(line)
        if line.startswith(ERROR):
            code = 1
    return code


def _answered(line: str | bytes, answer: Answer) -> str:
    try:
        return json.dumps(answer(_value(line)))
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, BadInput) else ""
        no = refusal.verdict
        return json.dumps({"error": {"rule": no.rule, "because": no.because, "field": field}})


def _value(line: str | bytes) -> object:
    try:
        return json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadInput("line", "line.unreadable", "This line is not JSON in UTF-8.") from None


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        name = next(name for name, count in Counter(k for k, _ in pairs).items() if count > 1)[:40]
        raise BadInput(name, "answer.twice", "{name} is given twice.", name=name)
    return read
