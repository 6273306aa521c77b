"""A slow second reading of `clocks.yaml`, which shares no line with ours: it steps through days and quarter hours.

It reads the file by itself, asks of each date by listing the month's days, and counts one by one.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

ZONES = (
    "America/Phoenix", "America/Phoenix", "America/Los_Angeles", "America/Denver", "Europe/Madrid",
    "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago",
)  # fmt: skip
"""Without a change of clocks; with one; of half an hour; at midnight."""
ONE = timedelta(days=1)
Line = dict[str, Any]


def months_day(rule: dict[str, Any], year: int) -> date:
    days = [date(year, rule["month"], n + 1) for n in range(monthrange(year, rule["month"])[1])]
    if "day" in rule:
        return days[rule["day"] - 1]
    of_week = [day for day in days if day.weekday() == rule["weekday"]]
    return of_week[rule["nth"] - 1 if rule["nth"] > 0 else rule["nth"]]


class Naive:
    def __init__(self, text: str) -> None:
        self.file = yaml.safe_load(text)
        self.rows = {row["id"]: row for row in self.file["clocks"]}
        self.known: dict[tuple[str, date], bool] = {}
        self.seen: dict[tuple[int, int], list[date]] = {}

    # ------------------------------------------------------------------ calendars
    def excluded(self, name: str, day: date) -> bool:
        if (name, day) not in self.known:
            self.known[name, day] = self._excluded(self.file["calendars"][name], day)
        return self.known[name, day]

    def _excluded(self, calendar: dict[str, Any], day: date) -> bool:
        if "both" in calendar:
            return all(self.excluded(each, day) for each in calendar["both"])
        if day.weekday() in calendar["weekend"]:
            return True
        return any(
            day == seen for rule in calendar["days"] for seen in self.remembered(rule, day.year)
        )

    def remembered(self, rule: dict[str, Any], near: int) -> list[date]:
        if (id(rule), near) not in self.seen:
            self.seen[id(rule), near] = list(self.observed(rule, near))
        return self.seen[id(rule), near]

    def observed(self, rule: dict[str, Any], near: int) -> Iterator[date]:
        for year in (near - 1, near, near + 1):
            if rule.get("from", 0) <= year <= rule.get("until", 9999):
                day = months_day(rule, year) + timedelta(days=rule.get("plus", 0))
                moved = {5: "saturday", 6: "sunday"}.get(day.weekday(), "")
                yield day + timedelta(days=rule.get(moved, 0))

    def closed(self, name: str, day: date, closures: list[str], kind: str) -> bool:
        calendar = self.file["calendars"][name]
        if "both" in calendar:
            return all(self.closed(each, day, closures, kind) for each in calendar["both"])
        shut = calendar.get("court") and kind != "authority" and day.isoformat() in closures
        return bool(shut) or self.excluded(name, day)

    # ------------------------------------------------------------------ one line
    def answer(self, line: Line) -> str:
        facts, row = line["facts"], dict(self.rows[line["clock"]])
        if row.get("pending") and row["pending"] not in facts.get("adopted", []):
            return "not in force"
        zone = ZoneInfo(line["zone"])
        start = datetime.fromisoformat(line["start"]).replace(
            tzinfo=zone, fold=facts.get("fold", 0)
        )
        if "versions" in row:
            day = start.date().isoformat()
            of_day = [
                v for v in row["versions"] if v.get("from", "0") <= day <= v.get("until", "9")
            ]
            if not of_day:
                return "not in force"
            row |= of_day[0]
        if facts.get("reading") == "cautious":
            row |= row.get("cautious", {})
        row["amount"] = facts.get("amount", row["amount"])
        if "calendar" in facts:
            row |= {
                key: facts["calendar"]
                for key in ("excluded", "calendar", "roll_calendar")
                if row.get(key)
            }
        found = self.by_time(row, start, facts, zone) if "day" not in row["unit"] and "year" not in row["unit"] else self.by_day(row, start, facts, zone)  # fmt: skip
        if isinstance(found, str):
            return found
        cap = facts.get(row.get("cap", ""))
        if cap:
            ends = self.wall(date.fromisoformat(cap), row.get("ends") or "23:59", zone) if len(cap) == 10 else datetime.fromisoformat(cap).replace(tzinfo=zone)  # fmt: skip
            found = min(found, ends.astimezone(UTC))
        local = found.astimezone(zone)
        return f"{local:%Y-%m-%d %H:%M} {local:%z}"[:-2] + ":" + f"{local:%z}"[-2:]

    def wall(self, day: date, time: str, zone: ZoneInfo) -> datetime:
        return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=zone)

    def by_time(self, row: Line, start: datetime, facts: Line, zone: ZoneInfo) -> datetime:
        """Minute by minute to a full quarter hour, then by quarters: within one, no date and no clock changes."""
        left = row["amount"] * (1 if row["unit"] == "minutes" else 60)
        now = start.astimezone(UTC)
        if row.get("direction") == "before":
            return now - timedelta(minutes=left)
        pauses = [tuple(datetime.fromisoformat(t).replace(tzinfo=zone).astimezone(UTC) for t in span) for span in facts.get("paused", [])]  # fmt: skip
        edges = [each for span in pauses for each in span]
        while True:
            soon = any(timedelta() < edge - now < timedelta(minutes=15) for edge in edges)
            step = 1 if soon or now.minute % 15 else 15
            if self.runs(row, now.astimezone(zone), facts) and not any(
                a <= now < b for a, b in pauses
            ):
                if left <= step:
                    return now + timedelta(minutes=left)
                left -= step
            now += timedelta(minutes=step)

    def runs(self, row: Line, local: datetime, facts: Line) -> bool:
        if row["unit"] == "business_hours":
            opens, closes = row["open"]
            if not opens <= f"{local:%H:%M}" < closes:
                return False
            return not self.closed(
                row["calendar"], local.date(), facts.get("closures", []), row["kind"]
            )
        return not (row.get("excluded") and self.excluded(row["excluded"], local.date()))

    def by_day(self, row: Line, start: datetime, facts: Line, zone: ZoneInfo) -> datetime | str:
        day, step = start.date(), -ONE if row.get("direction") == "before" else ONE
        closures, kind = facts.get("closures", []), row["kind"]
        if row["unit"] == "calendar_years":
            day = self.years(day, row)
        elif kind == "counter":
            used = {d for a, b in facts.get("stays", []) for d in self.dates(a, b) if d < day}
            if len(used) >= row["amount"]:
                return "none left"
            while len(used) < row["amount"]:
                used.add(day)
                day += ONE
            day -= ONE
        else:
            day = self.stepped(day, step, row, facts)
        if row.get("roll", "none") != "none":
            while self.closed(row["roll_calendar"], day, closures, kind):
                day += ONE if row["roll"] == "forward" else -ONE
        time = "00:00" if kind == "opens" else row.get("ends") or "23:59"
        return self.wall(day, time, zone).astimezone(UTC)

    def stepped(self, day: date, step: timedelta, row: Line, facts: Line) -> date:
        away = set()
        if row.get("tolled_by"):
            away = {d for a, b in facts.get("absences", []) for d in list(self.dates(a, b))[1:-1]}
        left, first = row["amount"], row.get("first_day") == "counted"
        if left == 0:
            return day
        if not first:
            day += step
        while True:
            working = row["unit"] in {"court_days", "business_days"}
            shut = working and self.closed(
                row["calendar"], day, facts.get("closures", []), row["kind"]
            )
            if not shut and day not in away:
                left -= 1
                if not left:
                    return day
            day += step

    def years(self, day: date, row: Line) -> date:
        year = day.year + row["amount"] * (-1 if row.get("direction") == "before" else 1)
        if (day.month, day.day) == (2, 29) and monthrange(year, 2)[1] == 28:
            return date(year, 3, 1) if row["kind"] == "opens" else date(year, 2, 28)
        return date(year, day.month, day.day)

    def dates(self, first: str, last: str) -> Iterator[date]:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield day
            day += ONE

    # ------------------------------------------------------------------ lines by chance
    def lines(self, seed: int, first: date, years: int) -> Iterator[Line]:
        """One for every date of so many years, of any clock, at any minute, with facts by chance."""
        chance, names = Random(seed), sorted(self.rows)
        for n in range((first.replace(year=first.year + years) - first).days):
            day, zone = first + timedelta(days=n), chance.choice(ZONES)
            if chance.random() < 0.02:
                day = date(day.year // 4 * 4, 2, 29)
            minute = chance.choice((0, 1, 90, 719, 1439, *[chance.randrange(1440)] * 5))
            if chance.random() < 0.02:  # an hour that clocks go through twice
                day = months_day({"month": 11, "weekday": 6, "nth": 1}, day.year)
                zone, minute = "America/Los_Angeles", chance.randrange(60, 120)
            start = datetime(day.year, day.month, day.day, minute // 60, minute % 60)
            if not there(start, zone):
                continue
            row = self.rows[chance.choice(names)]
            facts = self.facts(row, start, zone, chance)
            yield {
                "clock": row["id"],
                "start": f"{start:%Y-%m-%d %H:%M}",
                "zone": zone,
                "facts": facts,
            }

    def facts(self, row: Line, start: datetime, zone: str, chance: Random) -> Line:
        some: Line = {}
        day = start.date()

        def near(least: int, most: int) -> date:
            return day + timedelta(days=chance.randint(least, most))

        def span(least: int, most: int, long: int) -> list[str]:
            begin = near(least, most)
            return [
                begin.isoformat(),
                (begin + timedelta(days=chance.randint(0, long))).isoformat(),
            ]

        if chance.random() < 0.5:
            some["fold"] = chance.choice((0, 1)) if repeats(start, zone) else 0
            some["reading"] = chance.choice(("ordinary", "cautious"))
        if chance.random() < 0.2:
            some["calendar"] = chance.choice(sorted(self.file["calendars"]))
        if chance.random() < 0.4:
            some["closures"] = [near(-12, 12).isoformat() for _ in range(chance.randint(1, 5))]
        return some | self.own_facts(row, start, zone, chance, span)

    def own_facts(
        self, row: Line, start: datetime, zone: str, chance: Random, span: Callable[..., list[str]]
    ) -> Line:
        """Facts that a row of its sort alone has a use for."""
        some: Line = {}
        if row.get("setting") and chance.random() < 0.5:
            some["amount"] = chance.randint(1, 40)
        if row.get("pending") and chance.random() < 0.7:
            some["adopted"] = [row["pending"]]
        if row.get("tolled_by") and chance.random() < 0.7:
            some["absences"] = [span(-20, 380, 30) for _ in range(chance.randint(1, 4))]
        if row["kind"] == "counter" and chance.random() < 0.8:
            some["stays"] = [span(-400, 5, 90) for _ in range(chance.randint(1, 4))]
        if row.get("pausable") and chance.random() < 0.8:
            some["paused"] = [self.pause(start, zone, chance) for _ in range(chance.randint(1, 3))]
        if row.get("cap") and chance.random() < 0.6:
            cap = start + timedelta(minutes=chance.randint(0, 25_000))
            some[row["cap"]] = f"{cap:%Y-%m-%d}" if chance.random() < 0.5 or not there(cap, zone) else f"{cap:%Y-%m-%d %H:%M}"  # fmt: skip
        return some

    def pause(self, start: datetime, zone: str, chance: Random) -> list[str]:
        step = chance.choice((1, 15, 15, 15))
        while True:
            begin = start.replace(minute=0) + timedelta(minutes=step * chance.randint(-100, 300))
            end = begin + timedelta(minutes=step * chance.randint(0, 200))
            if all(there(t, zone) and not repeats(t, zone) for t in (begin, end)):
                return [f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}"]


def there(local: datetime, zone: str) -> bool:
    """Whether wall clocks showed it."""
    time = local.replace(tzinfo=ZoneInfo(zone))
    return time.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def repeats(local: datetime, zone: str) -> bool:
    time = local.replace(tzinfo=ZoneInfo(zone))
    return there(local, zone) and time.utcoffset() != time.replace(fold=1).utcoffset()
