"""What is typed or sent for a command, said once, in the command's own signature:

    reason: Annotated[str, Text(_("Reason"), most=500)]

A field says how it is labeled and drawn, how it is read from a page, and what it refuses. A
parameter with a default need not be given. Whoever reads input (a page, the API, an import) leaves
out what was not sent, so that the default stands; `agencies.acting.command` checks what is given,
whoever gives it. Plain Python: facts may use it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from nowrongdoor.kernel.text import line, lines, mixes_scripts
from nowrongdoor.kernel.verdict import BadInput

Choices = Sequence[tuple[str, str]]
"""Value and words, in the reader's language."""
Options = Callable[..., Choices]
"""Called as options(by, at=): what may be chosen."""
DAY_MIN = 24 * 60
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""What a time lies between. The database keeps others, and no page that shows their row could be drawn again."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", re.ASCII)


class Lists(Protocol):
    """The lists of the community, as fields ask for them (`community.queries.CODES`)."""

    def known(self, list_code: str, code: str) -> bool:
        """Whether this code is in use."""

    def named(self, list_code: str, language: str) -> Choices:
        """The codes that are in use, with their words in a language."""


class Widget(StrEnum):
    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    CHOICE = "choice"
    TICK = "tick"
    TICKS = "ticks"
    TIME = "time"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is typed or sent. `label` and `help` are sentences for gettext.

    `sent_as` is its name on pages and in the API, where that is not the parameter's. `only_if` names
    what must be true of a row for the field to be drawn there. `wrong` is the sentence for what is
    missing or cannot be read; without one, a sentence that fits any field. `begins`: what a new form
    begins with, as typed; `begins_as`: the attribute of the row whose value it begins with.
    `example`: what the API's description gives as an example. `key`: the key that leads to it on a desk.
    """

    label: str = ""
    help: str = ""
    sent_as: str = ""
    only_if: str = ""
    wrong: str = ""
    begins: str = ""
    begins_as: str = ""
    example: str | bool | int = ""
    key: str = ""

    @property
    def widget(self) -> Widget:
        return Widget.LINE

    def missing(self, name: str) -> BadInput:
        """What is said where it was needed and nothing was typed."""
        if self.wrong:
            return BadInput(name, "field.needed", self.wrong)
        return BadInput(name, "field.needed", "Required.")

    def unlisted(self, name: str) -> BadInput:
        return BadInput(name, "code.unknown", self.wrong or "Choose from the list.")

    def no_number(self, name: str, least: int, most: int) -> BadInput:
        said = self.wrong or "A whole number from {least} to {most}, please."
        return BadInput(name, "number.unreadable", said, least=str(least), most=str(most))

    def no_time(self, name: str) -> BadInput:
        return BadInput(name, "time.unreadable", self.wrong or "Enter a date and a time.")

    def read(self, name: str, text: str, *, at: datetime) -> object:
        """The value of what was typed, which is not empty. Errors: BadInput under `name`."""
        raise NotImplementedError

    def check(self, name: str, value: object, codes: Lists) -> None:
        """Refuse a value, whoever gives it. Errors: BadInput under `name`."""

    def choices(self, by: Any, *, at: datetime, codes: Lists) -> Choices:  # noqa: ARG002 - for those that have some
        """What may be chosen, in the reader's language."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Text. Too long (`most` characters) is refused with the count, never cut. `autofill`: HTML's word.

    `kept` is how it enters a command, whoever gives it: nothing invisible, and no more lines than it has room for.
    """

    most: int = 200
    rows: int = 1
    autofill: str = "off"

    @property
    def widget(self) -> Widget:
        return Widget.LINE if self.rows == 1 else Widget.LINES

    def kept(self, text: str) -> str:
        return line(text) if self.rows == 1 else lines(text)

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        return self.kept(text)

    def check(self, name: str, value: object, codes: Lists) -> None:  # noqa: ARG002
        text = str(value)
        if len(text) > self.most:
            raise BadInput(
                name,
                "text.long",
                "At most {most} characters. You entered {count}.",
                most=str(self.most),
                count=str(len(text)),
            )
        if "\0" in text:
            raise BadInput(
                name,
                "text.unkept",
                "This contains a character that cannot be saved. Remove it.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Text):
    """A name, or a number, that somebody is held to. Letters that only look like others are refused."""

    def check(self, name: str, value: object, codes: Lists) -> None:
        Text.check(self, name, value, codes)
        if mixes_scripts(str(value)):
            raise BadInput(
                name,
                "name.scripts",
                "One word here mixes two alphabets. Type it again in one alphabet.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Text):
    """A code of one of the community's lists. A retired one is refused."""

    list: str

    @property
    def widget(self) -> Widget:
        return Widget.CHOICE

    def check(self, name: str, value: object, codes: Lists) -> None:
        Text.check(self, name, value, codes)
        if not codes.known(self.list, str(value)):
            raise self.unlisted(name)

    def choices(self, by: Any, *, at: datetime, codes: Lists) -> Choices:  # noqa: ARG002
        return codes.named(self.list, by.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Code):
    """Any number of codes of one list, each once, in the order in which they were ticked."""

    @property
    def widget(self) -> Widget:
        return Widget.TICKS

    def check(self, name: str, value: object, codes: Lists) -> None:
        if isinstance(value, str) or not isinstance(value, Collection):
            raise self.unlisted(name)
        for each in value:
            Code.check(self, name, each, codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Field):
    """One word of an enum; `words` says each on screen."""

    words: Mapping[StrEnum, str]

    @property
    def kind(self) -> type[StrEnum]:
        return type(next(iter(self.words)))

    @property
    def widget(self) -> Widget:
        return Widget.CHOICE

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        try:
            return self.kind(text)
        except ValueError:
            raise self.unlisted(name) from None

    def check(self, name: str, value: object, codes: Lists) -> None:  # noqa: ARG002
        if value not in self.words:
            raise self.unlisted(name)

    def choices(self, by: Any, *, at: datetime, codes: Lists) -> Choices:  # noqa: ARG002
        return [(each.value, words) for each, words in self.words.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(Field):
    """The id of one of the things that `options` lists, or that the row lists under `of_row`."""

    options: Options | None = None
    of_row: str = ""

    @property
    def widget(self) -> Widget:
        return Widget.CHOICE

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        try:
            return UUID(text)
        except ValueError:
            raise self.unlisted(name) from None

    def choices(self, by: Any, *, at: datetime, codes: Lists) -> Choices:  # noqa: ARG002
        return self.options(by, at=at) if self.options else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PickCode(Pick):
    """A code that the row lists under `of_row`: what may be chosen is of the row's own kind, and the command knows it."""

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        if not _CODE.fullmatch(text):
            raise self.unlisted(name)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A whole number from `least` to `most`, both included."""

    least: int = 0
    most: int = 9999

    @property
    def widget(self) -> Widget:
        return Widget.NUMBER

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        if not text.isdecimal() or len(text) > len(str(self.most)):
            raise self.no_number(name, self.least, self.most)
        return int(text)

    def check(self, name: str, value: object, codes: Lists) -> None:  # noqa: ARG002
        if not isinstance(value, int) or not self.least <= value <= self.most:
            raise self.no_number(name, self.least, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromNow(Field):
    """A time to come. On a page a whole number of `unit`s from now; in the API a time with its zone.

    `offers`: the numbers that a page lets one choose from; none is any number up to `most`.
    """

    unit: timedelta = timedelta(minutes=1)
    most: int = DAY_MIN
    offers: tuple[int, ...] = ()

    @property
    def widget(self) -> Widget:
        return Widget.CHOICE if self.offers else Widget.NUMBER

    def choices(self, by: Any, *, at: datetime, codes: Lists) -> Choices:  # noqa: ARG002
        return [(str(each), str(each)) for each in self.offers]

    def read(self, name: str, text: str, *, at: datetime) -> object:
        if (
            not text.isdecimal()
            or len(text) > len(str(self.most))
            or not 0 < int(text) <= self.most
        ):
            raise self.no_number(name, 1, self.most)
        return at + int(text) * self.unit

    def check(self, name: str, value: object, codes: Lists) -> None:  # noqa: ARG002
        if not can_be_shown(value):
            raise self.no_time(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """A time: in the API with its zone; on a page as the community's clocks show it, which the edge knows."""

    @property
    def widget(self) -> Widget:
        return Widget.TIME

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        if not _DATE_AND_TIME.fullmatch(text):
            raise self.no_time(name)
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise self.no_time(name) from None

    def check(self, name: str, value: object, codes: Lists) -> None:  # noqa: ARG002
        if not can_be_shown(value):
            raise self.no_time(name)


def can_be_shown(value: object) -> bool:
    """Whether it is a time that the clocks of every zone show."""
    return isinstance(value, datetime) and EARLIEST <= value < LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Field):
    """Yes, or not said."""

    @property
    def widget(self) -> Widget:
        return Widget.TICK

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        if text != "yes":
            raise self.unlisted(name)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Field):
    """Yes or no, or nothing said."""

    yes: str
    no: str

    @property
    def widget(self) -> Widget:
        return Widget.CHOICE

    def choices(self, by: Any, *, at: datetime, codes: Lists) -> Choices:  # noqa: ARG002
        return [("yes", self.yes), ("no", self.no)]

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        if text not in ("yes", "no"):
            raise self.unlisted(name)
        return text == "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Field):
    """The version of the row that was on the screen: acting on an older one is refused."""

    sent_as: str = "version"

    @property
    def widget(self) -> Widget:
        return Widget.HIDDEN

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        if not text.isdecimal() or len(text) > len(str(2**31)) or int(text) >= 2**31:
            raise BadInput(name, "version.unreadable", "The page is damaged. Reload it.")
        return int(text)
