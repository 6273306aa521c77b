"""What triage says of an episode, as far as the line, the transfer and the boards ask."""

from collections.abc import Collection
from uuid import UUID

from nowrongdoor.calls.facts import Need
from nowrongdoor.episodes import lookup
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.queries import CurrentLevelRow
from nowrongdoor.triage.rules import above
from nowrongdoor.triage.words import blocks_release


def current_level(by: Actor, episode_id: UUID) -> Need:
    """The need of one person: of the episode and those joined to it, the highest."""
    whole = lookup.joined_group(episode_id)
    found = triage.needs(by, whole)
    row = highest(found, whole)
    if row is None:
        return Need()
    own = found.get(episode_id)
    words = blocks_release(triage.protocol(by, at=row.at), by.language)
    return Need(
        level=row.shown.value if row.screened else "",
        step=0 if own is None else own.step,
        rose_step=0 if own is None else own.rose_step,
        open_duties=tuple(
            words[duty] for one in found.values() for duty in one.open_duties if duty in words
        ),
    )


def _goes_before(row: CurrentLevelRow, best: CurrentLevelRow) -> bool:
    """Who was screened goes before who was not; then the higher level, then what was said last."""
    if row.screened != best.screened:
        return row.screened
    return above(row.shown, best.shown) or (not above(best.shown, row.shown) and row.at > best.at)


def highest(found: dict[UUID, CurrentLevelRow], whole: Collection[UUID]) -> CurrentLevelRow | None:
    """Of several callers about one person, the highest level; of equals, what was said last."""
    best: CurrentLevelRow | None = None
    for id in whole:
        row = found.get(id)
        if row is not None and (best is None or _goes_before(row, best)):
            best = row
    return best
