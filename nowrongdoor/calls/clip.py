"""The clip: from a CAD's text to the fields of a call, and one line back. Touches no database.

What is taken is proposed to the call-taker, who sees and corrects it; nothing is stored here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from nowrongdoor.calls import numbers
from nowrongdoor.calls.clip_schema import FIELDS, OPTIONAL, REST, Label, Profile
from nowrongdoor.community.files import read_one
from nowrongdoor.kernel.text import shown
from nowrongdoor.kernel.verdict import BadInput

MOST_TEXT = 20_000
MOST = dict.fromkeys(FIELDS, 200) | {"number": numbers.MOST}
"""As the call's form allows, in characters."""

_BREAK = re.compile("\r\n?|[\n\v\f\x85\u2028\u2029]")
_LABELLED = re.compile(r"[^\W\d][\w /.&()'-]{0,40}[:=\t]")  # some label, ours or not

MOST_REMARK = 200
_MOST_NUMBER, _MOST_PROGRAM, _MOST_NAME = 40, 40, 20  # so that first, last and number always fit


SETTING = "clip_profile"
"""The setting that holds the profile, once a community is loaded."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What was read; '' where nothing was. `class_code` '' means that the nature is not known.

    `dropped` counts what was left out as criminal-justice data: lines, or parts between bars.
    `unread` names the fields that were looked for and not found; a language is not, most texts give
    none. `long` are those that were found and do not fit, with what was found.
    """

    number: str = ""
    place: str = ""
    callback: str = ""
    nature: str = ""
    name: str = ""
    language: str = ""
    class_code: str = ""
    dropped: int = 0
    unread: tuple[str, ...] = ()
    long: tuple[tuple[str, str], ...] = ()


def read_profile(file: Path) -> Profile:
    """Errors: BadCommunity with every problem found."""
    return read_one(file, Profile)


def from_text(profile: Profile, text: str) -> Clip:
    """Read pasted text. Of several values of a field the first label of the profile's list counts.

    Errors: BadInput `clip.long`. Whatever else was pasted, the answer is a Clip.
    """
    _require_short(len(text))
    reading = _Reading(profile)
    for line in _lines(text):
        reading.read(line)
    values = {name: reading.value(name) for name in profile.asked}
    return _clip(profile, values, dropped=reading.dropped)


def from_query(profile: Profile, items: Mapping[str, str]) -> Clip:
    """Read a macro's parameters; the first that is filled counts. A name is not looked for.

    Errors: BadInput `clip.long`.
    """
    _require_short(sum(len(key) + len(value) for key, value in items.items()))
    values: dict[str, str] = {}
    for name in profile.asked:
        if parameters := profile.fields.parameters(name):
            cleaned = (" ".join(_lines(items.get(each, ""))) for each in parameters)
            values[name] = next((each for each in cleaned if each.strip()), "")
    return _clip(profile, values, dropped=0)


def _require_short(length: int) -> None:
    if length > MOST_TEXT:
        raise BadInput("clip", "clip.long", "At most {most} characters.", most=str(MOST_TEXT))


def _lines(text: str) -> Iterator[str]:
    """Line by line, without what nobody sees; tabs stay, they part labels from values."""
    for line in _BREAK.split(text):
        yield shown(line).replace("\0", "")


def _clip(profile: Profile, values: Mapping[str, str], *, dropped: int) -> Clip:
    kept: dict[str, str] = {}
    long: dict[str, str] = {}
    for name, value in values.items():
        text = " ".join(value.split())
        if profile.noise.is_noise(text):  # of a query, or come together from two lines
            dropped, text = dropped + 1, ""
        if len(text) > MOST[name]:
            long[name], text = text, ""
        kept[name] = text
    missing = (name for name, text in kept.items() if not text and name not in long)
    return Clip(
        **kept,
        class_code=profile.class_of(kept.get("nature", "")),
        dropped=dropped,
        unread=tuple(name for name in missing if name != OPTIONAL),
        long=tuple(long.items()),
    )


@dataclass(slots=True)
class _Found:
    """A value under way. `indent` is that of its label's line."""

    label: Label
    indent: int
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(part for part in self.parts if part)

    def goes_on(self, indent: int | None) -> bool:
        """On the next line if nothing stood beside the label, or if that line is further in."""
        return not any(self.parts) or (indent is not None and indent > self.indent)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    label: Label


class _Noise(StrEnum):
    NONE = "none"
    LINE = "line"  # what follows without a label of its own hangs on it
    RETURN = "return"  # everything up to its end


class _Reading:
    """One text, line by line. Bars part a line as line breaks part the text."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._found: list[_Found] = []
        self._open: _Found | None = None
        self._noise = _Noise.NONE
        self.dropped = 0

    def value(self, name: str) -> str:
        filled = [each for each in self._found if each.label.field == name and each.text]
        return min(filled, key=lambda each: each.label.rank).text if filled else ""

    def read(self, line: str) -> None:
        indent: int | None = len(line) - len(line.lstrip())
        for part in line.split("|"):
            self._read_part(part.strip(), indent)
            indent = None

    def _read_part(self, part: str, indent: int | None) -> None:
        marks = _marks(self._profile, part)
        labelled = bool(marks) or _LABELLED.match(part) is not None
        going_on, self._open = self._open, None
        if not part:
            self._noise = _Noise.RETURN if self._noise is _Noise.RETURN else _Noise.NONE
        elif self._is_noise(part, labelled=labelled):
            self.dropped += 1
        elif marks:
            self._take(part, marks, indent or 0)
        elif not labelled and going_on is not None and going_on.goes_on(indent):
            going_on.parts.append(part)
            self._open = going_on

    def _is_noise(self, part: str, *, labelled: bool) -> bool:
        """Whether this is left out. Asked of every part in turn, before anything of it is read."""
        noise = self._profile.noise
        if self._noise is _Noise.RETURN:
            if noise.ends_return(part):
                self._noise = _Noise.NONE
            return True
        if noise.is_noise(part):
            self._noise = _Noise.RETURN if noise.begins_return(part) else _Noise.LINE
            return True
        if labelled:
            self._noise = _Noise.NONE
        return self._noise is _Noise.LINE

    def _take(self, part: str, marks: Sequence[_Mark], indent: int) -> None:
        ends = [*(mark.start for mark in marks[1:]), len(part)]
        for mark, end in zip(marks, ends, strict=True):
            self._open = _Found(mark.label, indent, [part[mark.end : end].strip()])
            self._found.append(self._open)


def _marks(profile: Profile, part: str) -> list[_Mark]:
    """Where labels stand. None, unless one stands at the start: a narrative is not searched."""
    matches = ((label, label.at_start.match(part)) for label in profile.labels)
    starting = [_Mark(0, match.end(), label) for label, match in matches if match]
    if not starting:
        return []
    marks = [max(starting, key=lambda mark: mark.end)]
    within = [
        _Mark(match.start(), match.end(), label)
        for label in profile.labels
        for match in label.within.finditer(part, marks[0].end)
    ]
    for mark in sorted(within, key=lambda mark: (mark.start, -mark.end)):
        if marks[-1].label.field == REST:
            break
        if mark.start >= marks[-1].end:
            marks.append(mark)
    return marks


class What(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"
    OFF = "off"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RemarkStep:
    """One thing that happened to a handoff, and nothing about the person it was for.

    `program` is a short name: to whom it was sent or returned, who declined, who is off the line.
    `name` is the given name of the one who acted for the receiver.
    """

    at: datetime
    what: What
    program: str = ""
    name: str = ""


_WORDS = {
    What.SENT: "{at} to {program}",
    What.ACCEPTED: "accepted {who} {at}",
    What.DECLINED: "declined {who} {at}",
    What.RETURNED: "returned to {program} {at}",
    What.OFF: "{program} off {at}",
    What.CLOSED: "closed {at}",
}
# letters that have no plain letter inside them
_PLAIN = str.maketrans({
    "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Æ": "AE", "æ": "ae", "Œ": "OE",
    "œ": "oe", "Þ": "TH", "þ": "th", "ð": "d", "Ð": "D", "ß": "ss", "ı": "i", "’": "'", "–": "-", "—": "-",
})  # fmt: skip


def remark(steps: Sequence[RemarkStep], number: str, *, zone_name: str | ZoneInfo) -> str:
    """The line that goes back into CAD, in ASCII, with the number at its end.

    Shape: the steps as they are given; where that is over 200 characters, the first, how many
        were left out, and the last. Never more than 200.
    Units: hours and minutes by the clock of the zone.
    Errors: ValueError for a time without a zone, and for a number that a CAD could not show.
    Source: sources, "The clip"; that no place, level or answer goes back, likewise.
    """
    if not number or len(number) > _MOST_NUMBER or number != _ascii(number):
        raise ValueError("this is no number of ours")
    zone = ZoneInfo(zone_name) if isinstance(zone_name, str) else zone_name
    said = [_said(step, zone) for step in steps]
    whole = ", ".join([*said, number])
    if len(whole) <= MOST_REMARK:
        return whole
    left_out = f"... {len(said) - 2} steps" if len(said) > 3 else "... 1 step"  # noqa: PLR2004
    return ", ".join([said[0], left_out, said[-1], number])


def _said(step: RemarkStep, zone: ZoneInfo) -> str:
    if step.at.tzinfo is None:
        raise ValueError("a time without a zone")
    program = _short(_ascii(step.program), _MOST_PROGRAM)
    given = _short("".join(_ascii(step.name).upper().split()[:1]), _MOST_NAME)
    at = f"{step.at.astimezone(zone):%H:%M}"
    words = _WORDS[step.what].format(at=at, program=program or "?", who=given or program)
    return " ".join(words.split())


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "."


def _ascii(text: str) -> str:
    """Accents taken off; what has no plain letter is left out."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    kept = "".join(char if char.isprintable() else " " for char in plain if char.isascii())
    return " ".join(kept.split())
