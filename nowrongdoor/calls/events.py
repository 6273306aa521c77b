"""What can have happened to a contact."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """A contact opened an episode."""

    kind: ClassVar[str] = "calls.received"
    contact_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerChanged(Event):
    """Who is on the line was written down, or better."""

    kind: ClassVar[str] = "calls.caller_changed"
    contact_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Event):
    """Contacts without a behavioral need were counted, in one go."""

    kind: ClassVar[str] = "calls.counted"
    first_contact_id: UUID
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEvent(Event):
    """Common to what happens on a caller's line. Never written itself."""

    leg_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(LegEvent):
    """A caller's line was answered."""

    kind: ClassVar[str] = "calls.answered"
    on_line_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnLineEvent(LegEvent):
    """Common to what one person does on a line. Never written itself."""

    on_line_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedLine(OnLineEvent):
    kind: ClassVar[str] = "calls.joined_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening(OnLineEvent):
    kind: ClassVar[str] = "calls.listening"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftLine(OnLineEvent):
    kind: ClassVar[str] = "calls.left_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(OnLineEvent):
    """Whoever stayed on has left the line to whoever holds."""

    kind: ClassVar[str] = "calls.released"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRelieved(OnLineEvent):
    kind: ClassVar[str] = "calls.watch_relieved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefAsked(OnLineEvent):
    """Whoever listens asks a colleague to listen on."""

    kind: ClassVar[str] = "calls.watch_offered"
    from_program_id: UUID
    to_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(OnLineEvent):
    kind: ClassVar[str] = "calls.lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(LegEvent):
    kind: ClassVar[str] = "calls.leg_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLost(LegEvent):
    """The caller's line broke, or they hung up."""

    kind: ClassVar[str] = "calls.caller_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerAlone(LegEvent):
    """Nobody of ours is on an open line."""

    kind: ClassVar[str] = "calls.caller_alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSeen(OnLineEvent):
    """Somebody on the line has acknowledged that the need rose."""

    kind: ClassVar[str] = "calls.level_seen"
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDue(OnLineEvent):
    """Time to ask whether whoever stayed on is still needed; `supervisor` 1 asks them too."""

    kind: ClassVar[str] = "calls.watch_due"
    supervisor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue(OnLineEvent):
    """Released, and what became of it is not known yet."""

    kind: ClassVar[str] = "calls.reminder_due"
    reminder: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchEvent(Event):
    """Common to looking for a place or a caller. Never written itself."""

    search_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBegan(SearchEvent):
    kind: ClassVar[str] = "calls.search_began"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(SearchEvent):
    kind: ClassVar[str] = "calls.tried"
    try_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(SearchEvent):
    kind: ClassVar[str] = "calls.found"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDue(SearchEvent):
    kind: ClassVar[str] = "calls.search_due"
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent(Event):
    """Common to what was sent. Never written itself."""

    sent_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WasSent(SentEvent):
    kind: ClassVar[str] = "calls.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RescueBegan(SentEvent):
    kind: ClassVar[str] = "calls.rescue_began"


@dataclass(frozen=True, slots=True, kw_only=True)
class Met(SentEvent):
    """Those who were sent have met the person."""

    kind: ClassVar[str] = "calls.met"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundThere(SentEvent):
    kind: ClassVar[str] = "calls.not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class RescueDue(SentEvent):
    """Nobody has confirmed yet that the responders met the person."""

    kind: ClassVar[str] = "calls.rescue_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackPromised(Event):
    """A caller was promised that a counselor calls back."""

    kind: ClassVar[str] = "calls.call_back_promised"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackDue(Event):
    """Nobody has called back in the time that was promised."""

    kind: ClassVar[str] = "calls.call_back_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack(Event):
    kind: ClassVar[str] = "calls.called_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullEvent(Event):
    """Common to a clinician's asking for a call. Never written itself."""

    pull_id: UUID
    from_program_id: UUID
    to_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PullAsked(PullEvent):
    kind: ClassVar[str] = "calls.pull_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullGiven(PullEvent):
    kind: ClassVar[str] = "calls.pull_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRefused(PullEvent):
    kind: ClassVar[str] = "calls.pull_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event):
    kind: ClassVar[str] = "calls.plan_note_written"
    note_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReturn(Event):
    """It comes back to 911 once more: supervisor and clinician look at it together."""

    kind: ClassVar[str] = "calls.second_return"
    from_program_id: UUID
    to_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Event):
    """Somebody asked their supervisor to look, now."""

    kind: ClassVar[str] = "calls.escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDown(Event):
    kind: ClassVar[str] = "calls.line_down"
    line_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUp(Event):
    kind: ClassVar[str] = "calls.line_up"
    line_program_id: UUID
