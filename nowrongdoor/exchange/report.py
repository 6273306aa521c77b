"""What an import did: totals for each group, and the medians of the stages."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from nowrongdoor.exchange.facts import GAPS, Line
from nowrongdoor.exchange.rules import gap_s


@dataclass(slots=True)
class Report:
    """Filled line by line. `in_file` counts every line of a group, rejects included."""

    in_file: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    episodes: int = 0
    repeated: int = 0
    gaps: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        self.in_file[line.group] += 1
        self.rejected[line.group] += line.reject is not None
        self.repeated += line.repeated
        for name, (start, end) in GAPS.items():
            gap = gap_s(line.written.get(start), line.written.get(end))
            if gap is not None:
                self.gaps.setdefault((line.group, name), []).append(gap)

    def medians(self, group: str) -> dict[str, tuple[float, int]]:
        """Of each gap of a group: the median in seconds, and of how many calls."""
        return {
            name: (round(median(self.gaps[group, name]), 2), len(self.gaps[group, name]))
            for name in GAPS
            if (group, name) in self.gaps
        }

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
        stages = [
            f"{group:<24}{name:<24}{value:>10.2f}{count:>9}"
            for group in sorted(self.in_file)
            for name, (value, count) in self.medians(group).items()
        ]
        opened = f"{self.episodes} episodes opened, each held by the importing program with its true times."
        if self.repeated:
            opened += (
                f"\n{self.repeated} times fall into the hour that clocks repeated; they are stored as "
                "missing.\nThe spans below are by the file's own clock."
            )
        second = f"{'group':<24}{'stage':<24}{'median s':>10}{'calls':>9}"
        return "\n".join([head, *totals, whole, "", opened, "", second, *stages])
