"""Help that a desk asks for: which kind it thinks of, and what comes of asking."""

from collections.abc import Generator
from random import Random
from typing import NamedTuple
from uuid import UUID

from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Ask
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.state import Town
from nowrongdoor.sandbox.teams import requested
from nowrongdoor.triage import queries as needs


class Help(NamedTuple):
    """What is asked for, what a call came to once it was there, and whose desk sends it: '' the floor's."""

    kind: str
    outcome: str
    to: str = ""


def came(
    town: Town, episode_id: UUID, by: Actor, help: Help, random: Random
) -> Generator[float, None, str]:
    """Ask a desk for help and see it through; where nobody met anybody, say why nobody else is asked."""
    to = help.to or town.desks.floor
    asked = Ask(episode_id, help.kind, town.program_ids[to])
    row = dispatch.ask(by=by, at=town.at, asked=asked)
    end = yield from requested(town, row.pk, episode_id, to, random)
    if end in ("", "not_found", "other"):
        dispatch.close_without_response(
            by=by, at=town.at, request_id=row.pk, reason="person_declined"
        )
    town.told[f"{help.kind} asked"] += 1
    return end


def thought_of(town: Town, episode_id: UUID, by: Actor, desk: str, random: Random) -> Help | None:
    """Help beside teams and police that this desk thinks of this time."""
    need = needs.needs(by, [episode_id]).get(episode_id)
    due = set() if need is None else set(need.duties)
    for each in town.rates.others:
        fits = each.asked_by == desk and (not each.duty or each.duty in due)
        if fits and town.happens(random, each.kind, each.chance):
            return Help(each.kind, each.outcome, each.sent_by)
    return None
