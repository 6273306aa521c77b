"""A file's records, one by one, whatever stands in them: what is wrong in one never reaches the next.

A record that is no CSV, or has not the shape of the head, is a reject, and reading goes on with the
next line of the file. What is wrong with the file as a whole is said with its likely cause.
"""

import csv
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from nowrongdoor.exchange.facts import Reject
from nowrongdoor.exchange.profiles import SEPARATORS, FileProfile
from nowrongdoor.kernel.text import folded
from nowrongdoor.kernel.verdict import BadInput

MOST_LINES = 200
"""So many lines may one record take. A quotation mark that closes later was never meant to open."""
_LOOKED_AT = 20
csv.field_size_limit(2**31 - 1)  # columns that nobody reads must not stop the others


@dataclass(frozen=True, slots=True)
class Record:
    """The line that it begins in, and its cells by column; or what is wrong with it."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    wrong: Reject | None = None


def records(file: Path, profile: FileProfile, columns: Collection[str]) -> Iterator[Record]:
    """Every record below the head. Blank lines are passed over.

    Errors: BadInput where the file is in another encoding or separated otherwise, where it lacks one
        of these columns, or has one of them twice.
    """
    _require_encoding(file, profile)
    encoding = "utf-8-sig" if profile.encoding == "utf-8" else profile.encoding
    with file.open(encoding=encoding, errors="surrogateescape", newline="") as text:
        try:
            yield from _records(text, profile, columns)
        except UnicodeDecodeError:
            raise _not_in(profile) from None


def _records(text: TextIO, profile: FileProfile, columns: Collection[str]) -> Iterator[Record]:
    above = list(islice(text, profile.header_line - 1))
    lines = _Lines(text, profile.separator, number=len(above))
    head = lines.record(width=0)
    names = _head(head[1] if head else [], columns)
    if missing := set(columns) - set(names):
        raise _lacking(missing, [*above, *lines.looked_at()], profile)
    while (found := lines.record(width=len(names))) is not None:
        number, cells = found
        if isinstance(cells, str):
            yield Record(number, wrong=Reject("", cells))
        elif cells:
            row = dict(zip(names, cells, strict=False))
            wrong = _unreadable(row, columns, profile)
            for name in columns:
                if folded(row[name]) in profile.none_words:
                    row[name] = ""
            yield Record(number, row, wrong)


class _Lines:
    """The lines of a file, put together to records. One that turns out to be no record is given back."""

    def __init__(self, text: TextIO, separator: str, *, number: int) -> None:
        self._text = text
        self._separator = separator
        self._back: deque[str] = deque()
        self._next = number + 1
        self._seen: list[str] = []

    def record(self, *, width: int) -> tuple[int, list[str] | str] | None:
        """The next record: its first line, and its cells, or what is wrong. None at the end.

        `width` is how many cells the head has, 0 for the head itself.
        """
        first = self._line()
        if first is None:
            return None
        number = self._next
        cells, used = self._cells(first, width)
        self._next += used
        return number, self._shaped(cells, width)

    def looked_at(self) -> list[str]:
        """The first lines, to say what they look like."""
        more = islice(iter(self._line, None), _LOOKED_AT)
        return [*self._seen, *(line for line in more if line is not None)][:_LOOKED_AT]

    def _line(self) -> str | None:
        line = self._back.popleft() if self._back else next(self._text, None)
        if line is not None and len(self._seen) < 1:
            self._seen.append(line)
        return line

    def _cells(self, first: str, width: int) -> tuple[list[str] | str, int]:
        """The cells of a record that begins here, or what is wrong; and how many lines it took."""
        if '"' not in first:
            bare = first.rstrip("\r\n")
            return (bare.split(self._separator) if bare else []), 1
        whole = self._parsed([first])
        if whole is not None:
            return whole, 1
        if first.count('"') % 2 == 0:
            return "a quotation mark stands within a quoted text", 1
        taken = [first]
        while sum(line.count('"') for line in taken) % 2 and len(taken) < MOST_LINES:
            line = self._line()
            if line is None:
                break
            taken.append(line)
        cells = self._parsed(taken)
        if cells is not None and self._is_one(taken, cells, width):
            return cells, len(taken)
        self._back.extendleft(reversed(taken[1:]))
        return "a quotation mark opens a text here that does not close", 1

    def _parsed(self, lines: list[str]) -> list[str] | None:
        """The cells, where these lines are one whole record."""
        try:
            rows = list(csv.reader(lines, delimiter=self._separator, strict=True))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def _is_one(self, taken: list[str], cells: list[str], width: int) -> bool:
        """Whether lines that a quoted text holds together are one record, and none of them one by itself."""
        if width == 0:
            return True
        within = [len(self._parsed([line]) or ()) for line in taken[1:-1]]
        alone = len(taken[0].split(self._separator))
        return len(cells) == width and alone < width and width not in within

    def _shaped(self, cells: list[str] | str, width: int) -> list[str] | str:
        if isinstance(cells, str) or width == 0 or not cells:
            return cells
        if len(cells) < width:
            return f"it has {len(cells)} cells of {width}"
        if any(each.strip() for each in cells[width:]):
            return f"it has {len(cells)} cells under {width} headings"
        return cells


def _head(cells: list[str] | str, columns: Collection[str]) -> list[str]:
    """The headings; one that the profile names stands here as it does there."""
    known = {folded(name): name for name in columns}
    names = [known.get(folded(each), each) for each in cells] if isinstance(cells, list) else []
    if twice := sorted(
        name for name, count in Counter(names).items() if count > 1 and name in columns
    ):
        raise BadInput(
            "file",
            "file.columns_twice",
            "The file has more than one column {names}: which of them is meant?",
            names=", ".join(twice),
        )
    return names


def _unreadable(
    row: Mapping[str, str], columns: Collection[str], profile: FileProfile
) -> Reject | None:
    """Of the columns that are read, the first that is no text."""
    for name in columns:
        if not row[name].isascii() and any("\ud800" <= each <= "\udfff" for each in row[name]):
            other = "windows-1252" if profile.encoding == "utf-8" else "utf-8"
            because = f"this is not {profile.encoding}; it may be {other}: the profile's encoding"
            return Reject(name, because)
    return None


def _require_encoding(file: Path, profile: FileProfile) -> None:
    with file.open("rb") as raw:
        begins = raw.read(40)
    # every character of a head that is plain letters has an empty half
    wide = begins[:2] in (b"\xff\xfe", b"\xfe\xff") or any(
        half and not any(half) for half in (begins[0::2], begins[1::2])
    )
    if wide and profile.encoding != "utf-16":
        raise BadInput(
            "file",
            "file.encoding",
            "The file is not text in {encoding}; it looks like UTF-16. Say encoding in the profile.",
            encoding=profile.encoding,
        )
    if not wide and profile.encoding == "utf-16":
        raise _not_in(profile)


def _not_in(profile: FileProfile) -> BadInput:
    return BadInput(
        "file",
        "file.encoding",
        "The file is not text in {encoding}. Say encoding in the profile.",
        encoding=profile.encoding,
    )


def _lacking(missing: Collection[str], lines: list[str], profile: FileProfile) -> BadInput:
    """What the file lacks, and why that may be: another separator, or lines above the head."""
    names = ", ".join(sorted(missing))
    number, separator = _stands(missing, lines)
    if separator not in ("", profile.separator):
        return BadInput(
            "file",
            "file.separator",
            "The file has no column {names}. Line {line} looks like {called}: say separator in the profile.",
            names=names,
            line=str(number),
            called=SEPARATORS[separator],
        )
    if separator:
        return BadInput(
            "file",
            "file.header_line",
            "Line {head} of the file has no column {names}. Line {line} has: say header_line in the profile.",
            names=names,
            head=str(profile.header_line),
            line=str(number),
        )
    return BadInput("file", "file.columns", "The file has no column {names}.", names=names)


def _stands(missing: Collection[str], lines: list[str]) -> tuple[int, str]:
    """In which of these lines the columns stand after all, and parted by what; 0 and '' in none."""
    wanted = {folded(name) for name in missing}
    for number, line in enumerate(lines, start=1):
        for separator in SEPARATORS:
            if wanted <= {folded(each.strip().strip('"')) for each in line.split(separator)}:
                return number, separator
    return 0, ""
