"""A dry run: stored answers, decided by the protocol in force and by a draft, side by side. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nowrongdoor.triage.conditions import compiled
from nowrongdoor.triage.facts import Answers, Level, Protocol, Response
from nowrongdoor.triage.rules import above, on_axes

LOWER, ACROSS, HIGHER, SAME = "lower", "across", "higher", "same"
_TURNS = (LOWER, ACROSS, HIGHER, SAME)
_RISING: tuple[Level | None, ...] = (
    None,
    Level.STANDARD,
    Level.REFERRAL,
    Level.LINE,
    Level.TEAM,
    Level.PAIR,
    Level.DANGER,
    Level.MEDICAL,
)
_OUTSIDE = frozenset({None, Level.STANDARD})
_TOP = {Level.DANGER, Level.MEDICAL}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one protocol says of one call. No level and no rule: no rule of it matches."""

    level: Level | None
    rule: str
    duties: tuple[str, ...]
    response: Response


@dataclass(frozen=True, slots=True)
class Change:
    """One call that would be told another level, other duties or another response. Nothing of what was said in it."""

    number: str
    was: Outcome
    now: Outcome

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(duty for duty in self.now.duties if duty not in self.was.duties)

    @property
    def dropped(self) -> tuple[str, ...]:
        return tuple(duty for duty in self.was.duties if duty not in self.now.duties)

    @property
    def differs(self) -> bool:
        same = self.was.level == self.now.level and self.was.response == self.now.response
        return not same or bool(self.added or self.dropped)

    @property
    def turn(self) -> str:
        """lower, higher, same (other duties or another response at most), or across: E for 4. X is the lowest here:
        whoever lets a call go by X lowers it."""
        was, now = self.was.level, self.now.level
        if was == now:
            return SAME
        if {was, now} & _OUTSIDE:
            return LOWER if _RISING.index(now) < _RISING.index(was) else HIGHER
        if was is not None and now is not None and above(was, now):
            return LOWER
        return ACROSS if {was, now} == _TOP else HIGHER


@dataclass(frozen=True, slots=True)
class Replay:
    """`counts`: how many calls went from one level to another, those that stayed among them."""

    looked_at: int
    changes: tuple[Change, ...]
    counts: Mapping[tuple[Level | None, Level | None], int]
    other_rule: int
    """Calls with the same level, duties and response by another rule: only the reason on the screen differs."""

    @property
    def levels(self) -> tuple[Level | None, ...]:
        """The levels that the table needs, from nothing upwards."""
        met = {level for pair in self.counts for level in pair}
        return tuple(level for level in _RISING if level in met)


def understood(protocol: Protocol, answers: Answers) -> dict[str, str]:
    """Those answers that this protocol knows: the question, and the value to it.

    Shape: in the order they came in. Answers are kept for ever and versions come and go; one that
        this version does not know counts as not asked here, and so, for a hard stop, as unknown.
    """
    known = protocol.by_id
    return {id: value for id, value in answers.items() if id in known and value in known[id].values}


def outcome(protocol: Protocol, answers: Answers) -> Outcome:
    place, duties, axes, _kept = compiled(protocol).judge(understood(protocol, answers))
    if place < 0:
        return Outcome(None, "", duties, on_axes(axes))
    rule = protocol.levels[place]
    return Outcome(
        rule.level, rule.id, duties, on_axes(axes, standard=rule.level is Level.STANDARD)
    )


def replay(old: Protocol, new: Protocol, calls: Sequence[tuple[str, Answers]]) -> Replay:
    """Decide each of these calls, (number, answers), by both protocols, and compare.

    Shape: changes with a lower level first, then across, then higher, then other duties alone;
        within each in the order that the calls came in.
    """
    both = [Change(number, outcome(old, given), outcome(new, given)) for number, given in calls]
    changed = [each for each in both if each.differs]
    return Replay(
        looked_at=len(both),
        changes=tuple(sorted(changed, key=lambda each: _TURNS.index(each.turn))),
        counts=Counter((each.was.level, each.now.level) for each in both),
        other_rule=sum(each.was.rule != each.now.rule for each in both if not each.differs),
    )
