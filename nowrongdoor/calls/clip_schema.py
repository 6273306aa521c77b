"""What a community's `clip.yaml` holds: how the text of its CAD is read, and what is never taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.kernel.text import plain, read_as_latin

FIELDS = ("number", "place", "callback", "nature", "name", "language")
OPTIONAL = "language"  # a profile need not read it
OTHER = ""  # a label that ends the value before it, and is itself not read
REST = "rest"  # a label after which nothing of its line is read
MUST_DROP = ("WARRANT", "NCIC", "CRIMINAL HISTORY", "CRIMINAL_HISTORY")
"""Whatever else a community lists as noise, these must be among it."""

# What stands between a label at the start of a line and its value: a sign, a tab, a gap, a dash, or
# nothing at all, where the value is on the next line. Within a line only a sign or tabs will do.
_AT_START = r"(?:\s*[:=#][\s:=#]*|\s*\t\s*|\s{2,}|\s+[-–—]+\s+|\s*$)"
# A bare label needs no sign, but then it is not the first word of a longer label: "LOCATION TYPE:".
_BARE = r"(?:\s+(?=\S)(?!(?:[^\W\d]+ ){0,2}[^\W\d]+\s*[:=]))"
_LETTER = re.compile(r"[^\W\d_]")
_SPELLED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][\W_]{1,3})+[^\W\d_](?![^\W\d_])")
_MOST_LETTERS, _NEAR = 8, 24
_BETWEEN = re.compile(r"[\W_]+")


def _compiles(text: str) -> str:
    try:
        empty = re.compile(text).search("")
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    if empty:
        raise ValueError("this matches where nothing stands")
    return text


Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_compiles)]
Patterns = tuple[Pattern, ...]
Parameter = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40)]


@dataclass(frozen=True, slots=True)
class Label:
    """One label, ready to be looked for. `rank` is its place in the field's list: the first wins."""

    field: str
    rank: int
    at_start: re.Pattern[str]
    within: re.Pattern[str]


class NameRow(Row):
    """Where the caller's name stands. It has no query parameter: no name in an address."""

    labels: Patterns = Field(min_length=1)
    bare: Patterns = ()


class FieldRow(NameRow):
    """Labels, labels after which a mere space will do, and parameters of a macro's address."""

    query: tuple[Parameter, ...] = ()


class FieldRows(Row):
    number: FieldRow
    place: FieldRow
    callback: FieldRow
    nature: FieldRow
    name: NameRow
    language: FieldRow | None = None

    @model_validator(mode="after")
    def _one_field_each(self) -> "FieldRows":
        named = [each for field in FIELDS for each in self.parameters(field)]
        if twice := sorted({each for each in named if named.count(each) > 1}):
            raise ValueError(f"two fields read the parameter {', '.join(twice)}")
        return self

    def of(self, field: str) -> NameRow | None:
        row: NameRow | None = getattr(self, field)
        return row

    def parameters(self, field: str) -> tuple[str, ...]:
        row = self.of(field)
        return row.query if isinstance(row, FieldRow) else ()


class NoiseRow(Row):
    """Criminal-justice data. A line that names one of `lines` is left out, with what hangs on it.

    From a line that names one of `returns` everything is left out, to a line that names one of
    `ends`, or to the end of the text.
    """

    lines: Patterns = Field(min_length=1)
    returns: Patterns = Field(min_length=1)
    ends: Patterns = ()

    @model_validator(mode="after")
    def _enough(self) -> "NoiseRow":
        if passed := [each for each in MUST_DROP if not self.is_noise(each)]:
            raise ValueError(f"this would be taken: {', '.join(passed)}")
        return self

    def is_noise(self, text: str) -> bool:
        return _names(self._any, text)

    def begins_return(self, text: str) -> bool:
        return _names(self._returns, text) and not self.ends_return(text)

    def ends_return(self, text: str) -> bool:
        return _names(self._ends, text)

    @cached_property
    def _any(self) -> tuple[re.Pattern[str], ...]:
        return _ready(self.lines + self.returns)

    @cached_property
    def _returns(self) -> tuple[re.Pattern[str], ...]:
        return _ready(self.returns)

    @cached_property
    def _ends(self) -> tuple[re.Pattern[str], ...]:
        return _ready(self.ends)


class Profile(Row):
    """How one community's CAD writes."""

    source: Text
    fields: FieldRows
    others: Patterns = ()
    rest: Patterns = ()
    natures: dict[Pattern, Code] = Field(default_factory=dict)
    noise: NoiseRow

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields that this profile reads."""
        return tuple(field for field in FIELDS if self.fields.of(field) is not None)

    @property
    def class_codes(self) -> frozenset[str]:
        """What the community's list `incident_classes` must hold."""
        return frozenset(self.natures.values())

    def class_of(self, nature: str) -> str:
        """The class of the first pattern that matches the whole nature, or ''."""
        text = plain(nature)
        found = (code for each, code in self._natures if each.fullmatch(text))
        return next(found, "")

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        return tuple(self._labels())

    def _labels(self) -> Iterator[Label]:
        for field in self.asked:
            if (row := self.fields.of(field)) is not None:
                for rank, pattern in enumerate(row.labels + row.bare):
                    yield _label(field, rank, pattern, bare=rank >= len(row.labels))
        for field, patterns in ((OTHER, self.others), (REST, self.rest)):
            for rank, pattern in enumerate(patterns):
                yield _label(field, rank, pattern, bare=False)

    @cached_property
    def _natures(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(each, re.I), code) for each, code in self.natures.items())


def _label(field: str, rank: int, pattern: str, *, bare: bool) -> Label:
    after = f"(?:{_AT_START}|{_BARE})" if bare else _AT_START
    within = rf"(?<=\s)(?:{pattern})\s*[:=][\s:=]*|(?<=\t)(?:{pattern})\s*\t\s*"
    return Label(field, rank, re.compile(f"(?:{pattern}){after}", re.I), re.compile(within, re.I))


def _ready(patterns: Patterns) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each, re.I) for each in patterns)


def _names(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    """Whether one of them is in the text, also spelled out, as `N.C.I.C.`, or in letters that look the same."""
    said = read_as_latin(text)
    return any(each.search(said) for each in patterns) or any(
        each.match(word) for word in _spelled_out(said) for each in patterns
    )


def _spelled_out(said: str) -> Iterator[str]:
    """Words that stand there letter by letter, each with what follows it: which letters are one word nobody says."""
    for run in _SPELLED.finditer(said):
        letters = [run.start() + each.start() for each in _LETTER.finditer(run[0])]
        for nth, start in enumerate(letters):
            for last in letters[nth + 1 : nth + _MOST_LETTERS]:
                yield _BETWEEN.sub("", said[start : last + 1]) + said[last + 1 : last + _NEAR]
