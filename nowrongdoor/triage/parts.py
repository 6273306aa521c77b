"""What triage shows on a desk: the level and what to ask, another level, how it was screened."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.community import queries as community
from nowrongdoor.episodes import rules as holding
from nowrongdoor.episodes.parts import episode, works_on
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part, once_a_page
from nowrongdoor.triage import owed, permissions, queries
from nowrongdoor.triage.facts import Axes
from nowrongdoor.triage.queries import CurrentLevelRow
from nowrongdoor.triage.screen import Screen, screen


@once_a_page
def needs(by: Actor, ids: tuple[UUID, ...]) -> dict[UUID, CurrentLevelRow]:
    return queries.needs(by, ids)


@once_a_page
def _screen(by: Actor, episode_id: UUID, *, at: datetime) -> Screen | None:
    return screen(by, episode_id, at=at)


def axes_now(by: Actor, episode_id: UUID, *, at: datetime) -> Axes | None:
    """What the level that a screen says asks for; None where it says none yet."""
    shown = _screen(by, episode_id, at=at)
    if shown is not None:
        return shown.axes if shown.level else None
    row = needs(by, (episode_id,)).get(episode_id)
    return None if row is None or not row.screened else row.response


def _screening(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """None to a program that does not work on it, and once it is closed. Where nothing can be screened,
    the part says so."""
    if episode(by, episode_id, at=at).closed_at is not None or not works_on(by, episode_id):
        return None
    return {"row": {"key": episode_id}, "screen": _screen(by, episode_id, at=at)}


def _level(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """None before there is a level."""
    shown = _screening(by, episode_id, at=at)
    found = None if shown is None else _screen(by, episode_id, at=at)
    if found is None or not found.level:
        return None
    return {
        "row": {"key": episode_id},
        "screen": found,
        "screened": queries.steps(by, episode_id),
        "override_reasons": community.codes("override_reasons", by.language),
    }


def _need(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """None where no team or pair is owed, or to a program that does not work on it."""
    found = episode(by, episode_id, at=at)
    if not works_on(by, episode_id):
        return None
    needs = owed.clinical_needs(by, [episode_id])
    if not needs:
        return None
    return {
        "row": {"key": episode_id},
        "need": max(needs, key=lambda each: each.clinical.place),
        "holds": found.held_by(by) and found.closed_at is None,
        "may_end": permissions.may_settle_need(
            closed=found.facts.closed,
            ours=found.facts.holder_program_id == by.program_id,
            holds=holding.holds(by, found.facts),
        ).allowed,
        "ends": community.codes("clinical_need_ends", by.language),
    }


NEED = Part("clinical_need", "triage/need.html", _need)
SCREEN = Part("screen", "triage/screen.html", _screening)
LEVEL = Part("level", "triage/level.html", _level)
