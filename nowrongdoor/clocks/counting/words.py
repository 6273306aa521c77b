"""A count in words: what it began with, what was left out and why, when it ends. Pure.

Every sentence goes through `say`, which gives it in the reader's language: nothing but the sentence itself in English.
What a community's file says (names of holidays, events without a word of their own) stands as it is there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nowrongdoor.clocks.counting.calendars import holiday_on, is_weekend, left_out
from nowrongdoor.clocks.counting.facts import (
    WORKING_DAYS,
    Answer,
    Book,
    Calendar,
    Certainty,
    Count,
    Counted,
    Kind,
    Terms,
    Unit,
)
from nowrongdoor.clocks.counting.instants import instant, seconds_of, zone_of
from nowrongdoor.clocks.counting.rules import joined, shut, whole_days_away, window_opens
from nowrongdoor.kernel.words import _

Say = Callable[[str], str]
DAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MONTHS = (
    *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug")),
    *(_("Sep"), _("Oct"), _("Nov"), _("Dec")),
)
BY_HALF_DAYS = frozenset({"en"})
"""Languages in which the hours are said from 1 to 12, before noon and after it."""
WITH_DATE = _("{weekday} {month} {day}")
WITH_YEAR = _("{weekday} {month} {day}, {year}")
ENDS = {
    Kind.DUTY: _("due {time}"),
    Kind.TARGET: _("due {time}"),
    Kind.AUTHORITY: _("ends {time}"),
    Kind.OPENS: _("begins {time}"),
    Kind.COUNTER: _("the last day ends {time}"),
}
CERTAINTY = {
    Certainty.VERIFIED: _("text read"),
    Certainty.SECONDARY: _("read in a summary"),
    Certainty.MEMORY: _("from memory, not found in a text"),
    Certainty.DESIGN: _("our own setting"),
}
NO_STATUTE = "none"
DATES = WORKING_DAYS | {Unit.CALENDAR_DAYS}
NEAR = timedelta(days=7)
"""Within so long a weekday says which date is meant."""
MOST_NAMED, NOON = 4, 12


@dataclass(frozen=True, slots=True)
class Said:
    """`count`: how it was counted; `beside`: the statute and how certain it is; `doubt`: '' where there is none."""

    count: str
    beside: str
    doubt: str = ""

    @property
    def whole(self) -> str:
        return ". ".join(filter(None, (self.count, self.beside, self.doubt)))


def in_words(book: Book, counted: Counted, say: Say = str, language: str = "en") -> Said:
    """Say a count, in the reading that was asked for, and both readings where they differ.

    Units: times are local, in the zone of the start. `language`: which of a file's own words are read.
    """
    words = _Words(book, counted, say, language)
    return Said("; ".join(words.count()), words.beside(), words.doubt())


class _Words:
    def __init__(self, book: Book, counted: Counted, say: Say, language: str) -> None:
        self.book, self.counted, self.say, self.language = book, counted, say, language
        self.clock, self.case, self.answer = counted.clock, counted.case, counted.count
        readings = [each for each in (counted.ordinary, counted.cautious) if each]
        dues = [each.due for each in readings if each.due]
        times = [self.case.start, *dues]
        self.near = bool(dues) and max(times) - min(times) < NEAR
        self.one_year = bool(dues) and len({each.year for each in times}) == 1

    def count(self) -> Iterator[str]:
        if self.answer.answer is Answer.NOT_IN_FORCE:
            yield self.not_in_force()
            return
        yield self.started()
        if self.answer.answer is Answer.NONE_LEFT:
            used, amount = str(self.answer.used), str(self.amount)
            yield self.fill(
                _("none left: {used} of {amount} days are used up"), used=used, amount=amount
            )
            return
        yield from self.passed_over()
        if opens := window_opens(self.clock, self.case):
            yield self.fill(_("the window opens {day}"), day=self.day(opens.date()))
        if self.answer.rolled:
            yield self.rolled()
        if self.answer.capped:
            yield self.fill(_("cut short by {name}"), name=self.clock.cap)
        yield self.fill(ENDS[self.clock.kind], time=self.time(self.answer.due))

    def beside(self) -> str:
        certainty = self.say(CERTAINTY[self.clock.certainty])
        if self.clock.statute == NO_STATUTE:
            return certainty[:1].upper() + certainty[1:]
        law = (
            f"{self.clock.statute}; {self.counted.law}" if self.counted.law else self.clock.statute
        )
        return f"{law} ({certainty})"

    def doubt(self) -> str:
        """Both times, and what warnings run to. A reading by which nothing is left is told as such."""
        if not self.counted.doubtful or self.counted.cautious is None:
            return ""
        ordinary, cautious = (
            self.ending(each) for each in (self.counted.ordinary, self.counted.cautious)
        )
        return self.fill(
            _("Doubtful: {ordinary}, or by the cautious reading {cautious}. Ask the court or counsel; warnings run to {earlier}"),
            ordinary=ordinary,
            cautious=cautious,
            earlier=self.time(self.counted.warned_by),
        )  # fmt: skip

    @property
    def amount(self) -> int:
        return self.answer.terms.amount if self.answer.terms else 0

    def fill(self, sentence: str, **values: str) -> str:
        return self.say(sentence).format_map(values)

    def ending(self, count: Count) -> str:
        return self.say(_("none left")) if count.due is None else self.time(count.due)

    def not_in_force(self) -> str:
        if self.clock.pending and not {self.clock.pending} & (
            self.book.adopted | self.case.adopted
        ):
            return self.fill(_("not in force: {bill} is not adopted here"), bill=self.clock.pending)
        return self.fill(_("not in force on {day}"), day=self.day(self.case.start.date()))

    def started(self) -> str:
        event = self.book.events.get(self.clock.starts_on, {})
        name = event.get(self.language) or event.get("en") or self.clock.starts_on.replace("_", " ")
        if self.clock.before:
            return self.fill(
                _("back from {event} {time}"), event=name, time=self.time(self.case.start)
            )
        return f"{name} {self.time(self.case.start)}"

    def passed_over(self) -> Iterator[str]:
        terms = self.answer.terms
        if terms is None:
            return
        yield from self.first_day(terms)
        calendar = terms.excluded or terms.calendar
        if calendar is not None and (days := self.left_out(calendar)):
            yield self.these(days, calendar)
        if terms.unit is Unit.BUSINESS_HOURS:
            opens, closes = (f"{m // 60}:{m % 60:02}" for m in (terms.opens_at, terms.closes_at))
            yield self.fill(_("only {opens} to {closes}"), opens=opens, closes=closes)
        if terms.tolled and (days := self.away()):
            yield self.fill(_("days of absence left out: {number}"), number=str(len(days)))
        if minutes := self.paused():
            hours, rest = (str(each) for each in divmod(minutes, 60))
            yield self.fill(
                _("pauses left out: {hours} h {minutes} min"), hours=hours, minutes=rest
            )
        if self.answer.used:
            yield self.fill(_("days used before: {number}"), number=str(self.answer.used))

    def first_day(self, terms: Terms) -> Iterator[str]:
        if terms.first_counted:
            yield self.say(_("that day is counted"))
        elif terms.unit in DATES and self.clock.kind is not Kind.COUNTER and terms.amount:
            yield self.say(_("that day is not counted"))

    def left_out(self, calendar: Calendar) -> list[int]:
        """The dates that would have run or counted, and did not, in their order."""
        terms, due = self.answer.terms, self.answer.due
        if terms is None or due is None:
            return []
        out = left_out(calendar, () if terms.excluded else shut(self.clock, self.case))
        start = self.case.start.toordinal()
        if terms.unit in WORKING_DAYS:
            last = self.answer.last.toordinal() if self.answer.last else start
            days = range(min(start + 1, last), max(last + 1, start))
        else:
            days = range(start, due.toordinal() + 1)
        end, zone = seconds_of(due), zone_of(self.case)
        runs = terms.unit in WORKING_DAYS
        return [day for day in days if out(day) and (runs or instant(zone, day) < end)]

    def these(self, days: Sequence[int], calendar: Calendar) -> str:
        if len(days) <= MOST_NAMED:
            return self.fill(
                _("{days} left out"), days=", ".join(self.named(day, calendar) for day in days)
            )
        special = [self.named(day, calendar) for day in days if not is_weekend(calendar, day)]
        if not special:
            return self.fill(_("days of weekends left out: {number}"), number=str(len(days)))
        return self.fill(
            _("{number} days left out, weekends and {days}"),
            number=str(len(days)),
            days=", ".join(special),
        )

    def named(self, day: int, calendar: Calendar) -> str:
        """A date, and why it is left out where it is no weekend."""
        date_ = self.day(date.fromordinal(day))
        if is_weekend(calendar, day):
            return date_
        name = holiday_on(calendar, day) or self.say(_("court closed"))
        return f"{date_} ({name})"

    def rolled(self) -> str:
        last, terms = self.answer.last, self.answer.terms
        if last is None or terms is None or terms.roll_calendar is None:
            return ""
        return self.fill(
            _("{day} does not count, so it moves"),
            day=self.named(last.toordinal(), terms.roll_calendar),
        )

    def away(self) -> list[int]:
        """The whole dates of absence before the count ended."""
        end = self.answer.last.toordinal() if self.answer.last else 0
        start = self.case.start.toordinal()
        spans = whole_days_away(self.case)
        return [day for first, after in spans for day in range(max(first, start), min(after, end))]

    def paused(self) -> int:
        """The minutes of pause that lay within the count."""
        if not self.case.paused or self.answer.due is None:
            return 0
        start, end = seconds_of(self.case.start), seconds_of(self.answer.due)
        spans = joined((seconds_of(a), seconds_of(b)) for a, b in self.case.paused)
        return sum(max(min(b, end) - max(a, start), 0) for a, b in spans) // 60

    def time(self, when: datetime | None) -> str:
        if when is None:
            return ""
        return f"{self.day(when.date())}{'' if self.near else ','} {self.clock_time(when)}"

    def clock_time(self, when: datetime) -> str:
        if self.language not in BY_HALF_DAYS:
            return f"{when.hour}:{when.minute:02}"
        return f"{when.hour % 12 or 12}:{when.minute:02} {'am' if when.hour < NOON else 'pm'}"

    def day(self, day: date) -> str:
        weekday = self.say(DAYS[day.weekday()])
        if self.near:
            return weekday
        month = self.say(MONTHS[day.month - 1])
        shape = WITH_DATE if self.one_year else WITH_YEAR
        return self.fill(shape, weekday=weekday, month=month, day=str(day.day), year=str(day.year))
