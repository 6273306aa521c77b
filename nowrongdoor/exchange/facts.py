"""What a line of another system's file says, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import datetime

from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.dispatch.facts import Visit

TIMES = (
    "received_at",
    "queued_at",
    "dispatched_at",
    "enroute_at",
    "arrived_at",
    "cleared_at",
    "closed_at",
)
"""The stages of a call, in the order of a CAD's own chain."""

AFTER = {
    **{name: TIMES[:place] for place, name in enumerate(TIMES[:5])},
    "cleared_at": TIMES[:1],
    "closed_at": TIMES[:5],
}
"""What each stage cannot come before. A first unit may clear before another arrives."""

GAPS = {
    "start_to_queue_s": ("received_at", "queued_at"),
    "queue_to_dispatch_s": ("queued_at", "dispatched_at"),
    "dispatch_to_enroute_s": ("dispatched_at", "enroute_at"),
    "enroute_to_arrival_s": ("enroute_at", "arrived_at"),
    "arrival_to_clear_s": ("arrived_at", "cleared_at"),
    "queue_to_arrival_s": ("queued_at", "arrived_at"),
    "dispatch_to_clear_s": ("dispatched_at", "cleared_at"),
}
"""The spans whose medians are reported, in seconds, under the names of the calibration."""

VISIT_TIMES = (
    "asked_at",
    "assigned_at",
    "en_route_at",
    "on_scene_at",
    "engaged_at",
    "cleared_at",
)
"""The stages of a team's visit, in the order of the way."""

VISIT_AFTER = {name: VISIT_TIMES[:place] for place, name in enumerate(VISIT_TIMES)}
"""None can come before one before."""

VISIT_GAPS = {
    "request_to_dispatch_s": ("asked_at", "assigned_at"),
    "dispatch_to_arrival_s": ("assigned_at", "on_scene_at"),
    "arrival_to_engagement_s": ("on_scene_at", "engaged_at"),
    "arrival_to_departure_s": ("on_scene_at", "cleared_at"),
    "request_to_arrival_s": ("asked_at", "on_scene_at"),
}
VISIT_MOST_S = 8 * 3600
"""A longer span is no visit but a slip. Source: sources, "Lane County team file"."""


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A line of the profile: what the values must match whole, and what they then mean.

    `class_code` '' means that it is counted, not opened as an episode.
    """

    group: str
    class_code: str = ""
    problem: str = ""
    agency: str = ""
    reception: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What came of a visit where both values match whole. '' matches all."""

    outcome: str
    end_point: str = ""
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a line cannot be entered. It names a column, never what stands in it."""

    column: str
    because: str
    no_time: bool = False
    """Not one of the ways in which the profile writes a time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a contact to enter, or a reject. `group` '' where not even that could be told.

    `written` are the times as they stand in the file, by its own clock and without a zone: the
    report's spans are taken between them, whatever becomes of the line. `known` are the times that can
    be entered, and `missing` the names of those that are not. `repeated` counts those that fall into
    the hour which clocks went through twice, where the order of the line does not tell which is meant.
    `also` are the numbers under which the same call may be known already. `same` is the line that this
    one is another writing of. `updated_at` is when the other system wrote it. `unmatched` are the words
    of it that no line of the profile names: (column, word).
    """

    number: int
    group: str
    contact: ContactFacts | None = None
    visit: Visit | None = None
    reject: Reject | None = None
    written: dict[str, datetime] = field(default_factory=dict)
    known: dict[str, datetime] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    repeated: int = 0
    also: tuple[str, ...] = ()
    same: int = 0
    updated_at: datetime | None = None
    unmatched: tuple[tuple[str, str], ...] = ()
