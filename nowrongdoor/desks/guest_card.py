"""What a guest is told of the person they are asked to receive, besides the card: in words.

Only what travels with the call (`triage.models.Answer.travels`); the rest is *Not told*. Given to the
guests' gate, which says when it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.community import queries as community
from nowrongdoor.directory import queries as directory
from nowrongdoor.directory.facts import DestinationNeed
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch.board import TeamRow
from nowrongdoor.dispatch.cautions import scene_notes
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.dispatch.queries import travel_times
from nowrongdoor.guests.facts import Known
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import passing
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.words import level_words

IS_THERE = {"WPN": ("in_hand", "in_reach", "home_locked")}
"""Which answers mean yes, where the question is not a yes or no: a weapon that is elsewhere is none here."""


def known(guest: Actor, episode_id: UUID, *, at: datetime) -> Known:
    """What the sender's program knows and may pass on. About ten queries, for one reader."""
    given = passing.travelling(guest, episode_id)
    level = triage.levels(guest, [episode_id]).get(episode_id)
    team = _team(guest, episode_id)
    return Known(
        age=passing.in_words(guest, "AGE", given.get("AGE", ""), at=at),
        level="" if level is None else level.shown.value,
        level_words="" if level is None else level_words(level.shown.value),
        weapon=_answered("WPN", given),
        violence=_answered("VIO", given),
        medical=_answered("MED", given),
        unit="" if team is None else team.unit,
        vehicle="" if team is None else team.vehicle,
        arrives_at=None if team is None else arrives_at(guest, team, at=at),
        phone=phone_of(guest.program_id, team, at=at),
    )


def _team(by: Actor, episode_id: UUID) -> TeamRow | None:
    """The sender's own unit that is with the person."""
    every = dispatching.requests(by, episode_ids=[episode_id])
    teams = [team for request in every for team in request.teams]
    mine = [team for team in teams if team.program_id == by.program_id]
    return next((team for team in mine if team.stage is not Stage.CLEARED), None)


def phone_of(program_id: UUID, team: TeamRow | None, *, at: datetime) -> str:
    """The unit's own number, else its program's; '' where the community lists none."""
    own = "" if team is None else community.telephone(team.unit, at=at)
    return own or community.telephone(agencies.path_of(program_id), at=at)


def arrives_at(by: Actor, team: TeamRow, *, at: datetime) -> datetime | None:
    """An estimate: from when they left, by straight line; None where either end is not known."""
    left_at, start = team.reached.get(Stage.TRANSPORTING), scene_notes(by, [team.episode_id])
    point = start.get(team.episode_id)
    if left_at is None or point is None:
        return None
    need = DestinationNeed(point=(point.lon, point.lat))
    places = directory.destinations(by, need, at=at)
    place = next((each for each in places if each.facility.code == team.facility_code), None)
    if place is None or place.distance_m is None:
        return None
    driving = travel_times(at)
    hours = place.distance_m / 1000 * driving.factor / driving.speed_kmh
    return left_at + timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing to look out for. `yes`: it is there, and stands in red."""

    icon: str
    label: str
    said: str
    yes: bool


def risks(given: Mapping[str, str]) -> tuple[Risk, ...]:
    """Weapon, violence and medical emergency: yes, no, unknown, or not told."""
    named = (
        ("weapon", gettext("Weapon"), "WPN"),
        ("alert", gettext("Violence"), "VIO"),
        ("medical", gettext("Medical"), "MED"),
    )
    return tuple(
        Risk(icon, label, _answered(asked, given) or gettext("Not told"), _is_there(asked, given))
        for icon, label, asked in named
    )


def _is_there(question: str, given: Mapping[str, str]) -> bool:
    return given.get(question) in IS_THERE.get(question, ("Y",))


def _answered(question: str, given: Mapping[str, str]) -> str:
    """Yes, no or unknown, as far as it was told; '' where it was not."""
    value = given.get(question, "")
    if value in ("", "U"):
        return gettext("Unknown") if value else ""
    return gettext("Yes") if _is_there(question, given) else gettext("No")
