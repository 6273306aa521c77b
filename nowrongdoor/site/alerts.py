"""What sounds, how loudly, and for whom: from what a kind of entry says to whose ears it is for."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import queries as calls
from nowrongdoor.clocks.rules import LINE
from nowrongdoor.desks.board_rows import HOLDING
from nowrongdoor.dispatch import queries as dispatch
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.journal.feed import FedEntry
from nowrongdoor.journal.kinds import Kind, Severity
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site.modules import KINDS

ALERTS: Mapping[str, Kind] = {kind.name: kind for kind in KINDS if kind.severity is not None}
"""The kinds that sound, at which severity, and for whom (`to`): a side of an offer (`to`, `from`, `both`);
where a member holds (`held`); whoever is on the line or holds the person (`line`); their supervisors."""

SHIFT = LINE.index("shift_supervisor")


def severity_of(entry: FedEntry) -> Severity | None:
    """How loudly; what colleagues hand each other is no interruption, what a supervisor must see is."""
    kind = ALERTS[entry.kind]
    sides = entry.ids.get("from_program_id"), entry.ids.get("to_program_id")
    if kind.to == "to" and sides[0] == sides[1]:
        return Severity.INBOX
    return Severity.INTERRUPT if _climbed(entry) > 0 else kind.severity


def receives(entry: FedEntry, listeners: Sequence[Actor]) -> list[bool]:
    """For each of these listeners, in their order, whether this entry sounds for them."""
    whose = ALERTS[entry.kind].to
    heard = _receives(entry, listeners, whose)
    if not entry.kind.startswith("dispatch.duress"):
        return heard
    team = UUID(str(entry.ids["assignment_id"]))  # a phone that sounds tells whoever stands there
    return [sounds and not _sent(by, team) for by, sounds in zip(listeners, heard, strict=True)]


def _sent(by: Actor, assignment_id: UUID) -> bool:
    return by.member_id is not None and dispatch.is_sent(by.member_id, assignment_id)


def _receives(entry: FedEntry, listeners: Sequence[Actor], whose: str) -> list[bool]:
    programs = _programs(entry, whose)
    ears: Collection[tuple[UUID | None, UUID]] = ()
    if whose == "supervisors of to":
        return [
            str(by.program_id) in programs and may(by, Action.ASSUME).allowed for by in listeners
        ]
    supervisors = "supervisors" in whose or _climbed(entry) > 0
    if entry.episode_id is not None and ("line" in whose or supervisors):
        ears = calls.participants(entry.episode_id)
    return [
        str(by.program_id) in programs
        or ("line" in whose and _on(by, ears))
        or (supervisors and _over(by, entry, ears))
        or ("clinicians" in whose and _sees_as(Role.IN_CENTER_CLINICIAN, by, entry))
        or (_climbed(entry) >= SHIFT and _sees_as(Role.PSAP_SUPERVISOR, by, entry))
        for by in listeners
    ]


def _programs(entry: FedEntry, whose: str) -> set[str]:
    to, sender = str(entry.ids.get("to_program_id")), str(entry.ids.get("from_program_id"))
    if whose == "held":
        member_id = UUID(str(entry.ids["member_id"]))
        return set(map(str, episodes.held_by_member(member_id).values()))
    return {"to": {to}, "supervisors of to": {to}, "from": {sender}, "both": {to, sender}}.get(
        whose, set()
    )


def _on(by: Actor, ears: Collection[tuple[UUID | None, UUID]]) -> bool:
    """On the line, holding by name, or at a desk of the program in whose queue the person waits."""
    return any(
        member_id == by.member_id if member_id is not None else program_id == by.program_id
        for member_id, program_id in ears
    )


def _climbed(entry: FedEntry) -> int:
    """How far up its line a ring went: 0 the desk, 1 supervisors, 2 the 911 shift supervisor."""
    return int(str(entry.ids.get("supervisor", 0)))


def _sees_as(role: Role, by: Actor, entry: FedEntry) -> bool:
    """Somebody in this role who is told of this episode: a clinician on the floor, a shift supervisor."""
    if by.role != role or entry.episode_id is None:
        return False
    seen = HOLDING.seen_by(frozenset({entry.episode_id})).get(entry.episode_id)
    return seen is not None and by.program_id in seen.now


def _over(by: Actor, entry: FedEntry, ears: Collection[tuple[UUID | None, UUID]]) -> bool:
    """A supervisor of whoever is on the line, or of whoever asked them to look."""
    if not may(by, Action.ASSUME).allowed:
        return False
    if entry.kind == "calls.escalated":
        return by.program_id == entry.program_id
    if entry.kind == "calls.second_return":
        sides = {entry.ids.get("from_program_id"), entry.ids.get("to_program_id")}
        return str(by.program_id) in sides
    return any(program_id == by.program_id for _member, program_id in ears)
