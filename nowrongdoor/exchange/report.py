"""What an import did: totals for each group, and the medians of the stages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from statistics import median

from nowrongdoor.exchange.facts import GAPS, Line
from nowrongdoor.exchange.rules import gap_s
from nowrongdoor.kernel.text import plain

MOST_SHOWN = 60


@dataclass(slots=True)
class Report:
    """Filled line by line. `in_file` counts every line of a group, rejects included.

    `known` are the lines of calls that were entered before, or from another line of the same file; of
    these `completed` brought something new, and `different` say something otherwise, which was left.
    `gaps` are taken between the times as they stand in the file, whatever becomes of the line; `kept`
    between those that were entered. `missing`, `repeated` and `span` too are only of what was entered.
    `unmatched` counts the words that no line of the profile names, by their column.
    """

    spans: Mapping[str, tuple[str, str]] = field(default_factory=lambda: GAPS)
    most_s: int = 6 * 3600
    zone: tzinfo = UTC
    in_file: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    completed: Counter[str] = field(default_factory=Counter)
    different: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    episodes: int = 0
    repeated: int = 0
    either: int = 0
    span: tuple[datetime, datetime] | None = None
    missing: Counter[str] = field(default_factory=Counter)
    unmatched: dict[str, Counter[str]] = field(default_factory=dict)
    gaps: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    kept: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """A line that was read."""
        self.in_file[line.group] += 1
        self.rejected[line.group] += line.reject is not None
        self.known[line.group] += line.same > 0
        self._add(self.gaps, line.group, line.written)
        if line.contact is not None:
            for column, word in line.unmatched:
                self.unmatched.setdefault(column, Counter())[_shown(word)] += 1

    def enter(self, line: Line, *, opened: bool = False) -> None:
        """A line that was entered, or (`opened`) opened an episode."""
        self.entered[line.group] += 1
        self.keep(line, opened=opened)

    def meet(self, line: Line, *, brings: bool, different: bool) -> None:
        """A line of a call that is known."""
        self.known[line.group] += 1
        self.completed[line.group] += brings
        self.different[line.group] += different

    def keep(self, line: Line, *, opened: bool = False) -> None:
        """What is entered now of a line, new or later."""
        self.episodes += opened
        self.repeated += line.repeated
        self.missing.update(line.missing)
        self._add(self.kept, line.group, line.known)
        if line.contact is not None:
            self.either += line.contact.at_either
            first, last = self.span or (line.contact.at, line.contact.at)
            self.span = min(first, line.contact.at), max(last, line.contact.at)

    def _add(
        self,
        gaps: dict[tuple[str, str], list[float]],
        group: str,
        times: Mapping[str, datetime],
    ) -> None:
        for name, (start, end) in self.spans.items():
            gap = gap_s(times.get(start), times.get(end), most_s=self.most_s)
            if gap is not None:
                gaps.setdefault((group, name), []).append(gap)

    def medians(self, group: str) -> dict[str, tuple[float, int]]:
        """Of each span of a group: the median in seconds, and of how many calls."""
        return _medians(self.gaps, self.spans, group)

    def kept_medians(self, group: str) -> dict[str, tuple[float, int]]:
        """The same between the times that are entered."""
        return _medians(self.kept, self.spans, group)

    def text(self) -> str:
        """What was done, by groups; of what time; what the profile does not name; then the medians."""
        columns = {
            "in file": self.in_file,
            "entered": self.entered,
            "known": self.known,
            "completed": self.completed,
            "different": self.different,
            "rejected": self.rejected,
        }
        head = f"{'group':<24}" + "".join(f"{name:>10}" for name in columns)
        totals = [
            f"{group or '(no group)':<24}"
            + "".join(f"{each[group]:>10}" for each in columns.values())
            for group in sorted(self.in_file)
        ]
        whole = f"{'all':<24}" + "".join(f"{each.total():>10}" for each in columns.values())
        notes = [*self._entered(), *self._missing(), *self._unmatched()]
        return "\n".join([head, *totals, whole, "", *notes, "", *self._stages()])

    def _entered(self) -> list[str]:
        opened = f"{self.episodes} episodes opened, each owned by the importing program with its true times."
        if self.span is None:
            return ["Nothing new was entered."]
        first, last = (f"{each.astimezone(self.zone):%Y-%m-%d %H:%M:%S}" for each in self.span)
        said = [
            opened,
            f"What was entered was received from {first} to {last}, by the file's own clock.",
        ]
        if self.repeated:
            said.append(
                f"{self.repeated} times fall into the hour that clocks repeated, and the order of their line "
                "does not tell which is meant;\nthey are stored as missing"
                + (
                    f", but for {self.either} received times: the first of two, and marked."
                    if self.either
                    else "."
                )
            )
        return said

    def _unmatched(self) -> list[str]:
        said = []
        for column, words in sorted(self.unmatched.items()):
            said += ["", f"Words under {column} that no line of the profile names:"]
            said += [
                f"{count:>9}  {word}"
                for word, count in sorted(words.items(), key=lambda each: (-each[1], each[0]))
            ]
        return said

    def _missing(self) -> list[str]:
        if not self.missing:
            return []
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.missing.items()))
        return [f"Times that are missing in what was entered: {counts}."]

    def _stages(self) -> list[str]:
        second = f"{'group':<24}{'stage':<24}{'median s':>10}{'calls':>9}"
        if self.kept:
            second += f"{'entered s':>12}{'calls':>9}"
        rows = [second]
        for group in sorted(self.in_file):
            kept = self.kept_medians(group)
            for name, (value, count) in self.medians(group).items():
                row = f"{group:<24}{name:<24}{value:>10.2f}{count:>9}"
                if name in kept:
                    row += f"{kept[name][0]:>12.2f}{kept[name][1]:>9}"
                rows.append(row)
        return rows


def _shown(word: str) -> str:
    """A word of the file as a terminal can show it, and no longer than a word is."""
    text = plain(word)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _medians(
    gaps: Mapping[tuple[str, str], list[float]], spans: Mapping[str, object], group: str
) -> dict[str, tuple[float, int]]:
    return {
        name: (round(median(gaps[group, name]), 2), len(gaps[group, name]))
        for name in spans
        if (group, name) in gaps
    }
