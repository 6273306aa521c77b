"""When the phones ring, and with what. Pure, hour by hour: an hour is the same however one comes to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from nowrongdoor.sandbox.people import Person, SaidToBe, heard, person, who
from nowrongdoor.sandbox.sampling import chosen, poisson, seeded
from nowrongdoor.sandbox.schema import Rates

HOUR = timedelta(hours=1)
ANSWERS: dict[str, tuple[dict[str, str], ...]] = {
    "E": (
        {"MED": "Y"},
        {"REL": "family", "PSY": "Y", "ONSET": "Y"},
        {"REL": "bystander", "MED": "U", "TALK": "U"},
    ),
    "4": (
        {"WPN": "in_hand", "PSY": "Y"},
        {"SI": "active", "ACT": "Y"},
        {"SI": "active", "WPN": "in_reach", "GUN": "Y"},
        {"HI": "named"},
    ),
    "3B": (
        {"SI": "active", "PLAN": "Y", "MEANS": "Y", "TIME": "day"},
        {"REL": "family", "PSY": "Y", "TALK": "N", "SCN": "Y"},
        {"CRM": "victim_wants_police", "PSY": "Y"},
    ),
    "3A": (
        {"REL": "family", "PSY": "Y", "TALK": "N"},
        {"REL": "bystander", "CARE": "Y", "PSY": "Y", "TALK": "U"},
        {"REL": "family", "TALK": "N"},
    ),
    "2": (
        {"SI": "passive"},
        {"SI": "active", "PLAN": "N", "MEANS": "N", "TIME": "none", "GUN": "N"},
        {"CRM": "drug"},
        {"REL": "professional", "AGE": "teen", "SI": "passive"},
        {"PSY": "Y"},
    ),
    "1": ({"NEED": "Y"},),
}
"""What is answered, by the level it leads to; everything else is answered with its benign value.

A test holds each of them against the community's own protocol.
"""
CLASSES = {
    "E": ("overdose", "psych_distress"),
    "4": ("suicide_attempt", "suicide_threat"),
    "3B": ("suicide_threat", "disturbance_bh"),
    "3A": ("psych_distress", "welfare_check"),
    "2": ("suicide_threat", "psych_distress", "intoxicated"),
    "1": ("homeless_assist", "intoxicated"),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One contact: who, what they will answer, and everything else that is theirs to bring."""

    key: str
    stream: str
    at: datetime
    someone: Person
    said: SaidToBe
    level: str
    class_code: str
    given: dict[str, str]
    text: bool
    sought: bool

    def random(self, seed: int) -> Random:
        """What happens to them is drawn from this."""
        return seeded(seed, "life", self.key)


def expected(rates: Rates, stream: str, hour: datetime, zone: ZoneInfo) -> float:
    """How many are expected in this hour. Over a week they add up to seven times `per_day`."""
    local = hour.astimezone(zone)
    hours, weekdays = rates.hours.share, rates.weekdays.share
    of_day = hours[local.hour] / sum(hours)
    of_week = weekdays[local.weekday()] / sum(weekdays) * len(weekdays)
    return rates.streams[stream].per_day * of_day * of_week


def in_hour(
    rates: Rates, zones: dict[str, float], seed: int, hour: datetime, *, zone: ZoneInfo
) -> tuple[Arrival, ...]:
    """Everybody who calls within one hour of the clock, in the order in which they do."""
    found: list[Arrival] = []
    for stream in rates.streams:
        random = seeded(seed, stream, hour.astimezone(UTC).isoformat())
        count = poisson(random, expected(rates, stream, hour, zone))
        for at_s in sorted(random.uniform(0, 3600) for _ in range(count)):
            at = hour + timedelta(seconds=at_s)
            found.append(_arrival(rates, zones, seed, stream, at))
    return tuple(sorted(found, key=lambda each: (each.at, each.key)))


def between(
    rates: Rates,
    zones: dict[str, float],
    seed: int,
    start: datetime,
    end: datetime,
    *,
    zone: ZoneInfo,
) -> Iterator[Arrival]:
    """Everybody who calls from `start` until before `end`."""
    hour = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < end:
        for each in in_hour(rates, zones, seed, hour, zone=zone):
            if start <= each.at < end:
                yield each
        hour += HOUR


def one_more(
    rates: Rates, zones: dict[str, float], seed: int, stream: str, at: datetime
) -> Arrival:
    """Somebody who calls now, because a newcomer wants to take a call."""
    return _arrival(rates, zones, seed, stream, at)


def _arrival(
    rates: Rates, zones: dict[str, float], seed: int, stream: str, at: datetime
) -> Arrival:
    key = f"{stream} {at.isoformat()}"
    random = seeded(seed, key)
    someone = person(rates, zones, seed, who(rates, random))
    shares = rates.levels if stream == "911" else rates.line_levels
    level = chosen(random, shares.share)
    return Arrival(
        key=key,
        stream=stream,
        at=at,
        someone=someone,
        said=heard(rates, someone, random),
        level=level,
        class_code=random.choice(CLASSES[level]),
        given=random.choice(ANSWERS[level]),
        text=random.random() < rates.rare.text,
        sought=random.random() < rates.rare.place_sought,
    )
