"""What an import did: totals for each group, and the medians of the stages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from nowrongdoor.exchange.facts import GAPS, Line
from nowrongdoor.exchange.rules import gap_s


@dataclass(slots=True)
class Report:
    """Filled line by line. `in_file` counts every line of a group, rejects included.

    `gaps` are taken between the times as they stand in the file, whatever becomes of the line; `kept`
    between those that are entered, where the file's own are not all times. `missing` counts, of lines
    that are no reject, the times that are not known.
    """

    spans: Mapping[str, tuple[str, str]] = field(default_factory=lambda: GAPS)
    most_s: int = 6 * 3600
    in_file: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    completed: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    episodes: int = 0
    repeated: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    gaps: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    kept: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        self.in_file[line.group] += 1
        self.rejected[line.group] += line.reject is not None
        self.repeated += line.repeated
        self.missing.update(line.missing)
        self._add(self.gaps, line.group, line.written)
        self._add(self.kept, line.group, line.known)

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
        """Two tables: totals, then medians in seconds with the number of calls they rest on."""
        head = f"{'group':<24}{'in file':>9}{'entered':>9}{'known':>9}{'rejected':>10}"
        totals = [
            f"{group or '(no group)':<24}{self.in_file[group]:>9}{self.entered[group]:>9}"
            f"{self.known[group]:>9}{self.rejected[group]:>10}"
            for group in sorted(self.in_file)
        ]
        whole = (
            f"{'all':<24}{self.in_file.total():>9}{self.entered.total():>9}"
            f"{self.known.total():>9}{self.rejected.total():>10}"
        )
        opened = f"{self.episodes} episodes opened, each held by the importing program with its true times."
        if self.repeated:
            opened += (
                f"\n{self.repeated} times fall into the hour that clocks repeated; they are stored as "
                "missing.\nThe spans below are by the file's own clock."
            )
        return "\n".join([head, *totals, whole, "", opened, *self._missing(), "", *self._stages()])

    def _missing(self) -> list[str]:
        if not self.missing:
            return []
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.missing.items()))
        return [f"Times that are missing in what can be entered: {counts}."]

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


def _medians(
    gaps: Mapping[tuple[str, str], list[float]], spans: Mapping[str, object], group: str
) -> dict[str, tuple[float, int]]:
    return {
        name: (round(median(gaps[group, name]), 2), len(gaps[group, name]))
        for name in spans
        if (group, name) in gaps
    }
