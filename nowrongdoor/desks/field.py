"""What the team's phone shows: one person, what is known, the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import AgencyKind
from nowrongdoor.calls import pages as calls
from nowrongdoor.community import queries as community
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.guest_card import risks
from nowrongdoor.directory import queries as directory
from nowrongdoor.directory.facts import Age, DestinationNeed
from nowrongdoor.directory.queries import DestinationRow
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch.asked import Line, line_of
from nowrongdoor.dispatch.board import RequestRow, TeamRow
from nowrongdoor.dispatch.cautions import cautions, scene_notes
from nowrongdoor.dispatch.facts import STEP_WORDS, Axis, Stage
from nowrongdoor.dispatch.pages import choices
from nowrongdoor.dispatch.words import stage_words
from nowrongdoor.episodes import lookup
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import queries as narrative
from nowrongdoor.triage import passing
from nowrongdoor.triage import queries as triage
from nowrongdoor.web.refusals import reason

Context = dict[str, Any]
NEAREST = 8
CENTER = "crisis_center"
BRINGS = ("drop_off", "ed_transfer")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One stage of the way that may be said next."""

    stage: str
    words: str
    first: bool


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place to take somebody to, with why and why not. `offers`: they are asked to receive."""

    code: str
    name: str
    kind: str
    state: str
    said_at: datetime | None
    by_name: str
    against: tuple[str, ...]
    ask: tuple[str, ...]
    far: str
    phone: str
    able: bool
    offers: bool
    first: str
    """Why it stands first; '' where it does not."""


def field(by: Actor, *, at: datetime) -> Context:
    """The page of the crew that `by` is on: with somebody, waiting, or not signed on yet."""
    seq = feed.latest_position()
    team = dispatching.my_team(by)
    units = dispatching.units(by, at=at)
    mine = next(
        (unit for unit in units if by.member_id in {one.member_id for one in unit.people}), None
    )
    context: Context = {"seq": seq, "team": team, "unit": mine, "me": by.member_id}
    context |= {"desk": ("field", "")} | choices(by, at=at)
    context["forms"] = calls.acts.forms(by, at=at) | context["forms"]
    if team is not None:
        return context | _with_somebody(by, team, at=at)
    taken = {person.member_id for unit in units for person in unit.people}
    staff = agencies.staff_of(by.program_id, at=at)
    return context | {
        "units": [unit for unit in units if unit.crew_id is None and not unit.facts.cad],
        "staff": [person for person in staff if person[0] not in taken],
    }


def _with_somebody(by: Actor, team: TeamRow, *, at: datetime) -> Context:
    episode_id = team.episode_id
    reasons = community.code_names("decline_reasons", by.language)
    lines = tuple(
        line_of(each, by, reasons) for each in dispatching.requests(by, episode_ids=[episode_id])
    )
    rows = boards.rows(by, at=at, ids=frozenset({episode_id}))
    with act_as(by):
        card = lookup.card_of(episode_id)
    need = triage.needs(by, [episode_id]).get(episode_id)
    asked = next((line.request for line in lines if line.request.id == team.request_id), None)
    written = narrative.log(by, episode_id)
    given = triage.answers(by, episode_id)
    return _numbers(asked, at=at) | {
        "access": "" if asked is None else asked.note,
        "age": passing.in_words(by, "AGE", given.get("AGE", ""), at=at),
        "risks": risks(given),
        "note": written.notes[0] if written and written.notes else None,
        "row": rows[0] if rows else None,
        "told": () if need is None else need.for_crews,
        "card": card,
        "steps": steps(team),
        "stage": stage_words(team.stage),
        "at_scene": team.stage in (Stage.ON_SCENE, Stage.ENGAGED, Stage.TRANSPORTING),
        "others": [
            line
            for line in lines
            if line.request.id != team.request_id and line.teams and not _police(line)
        ],
        "police": [line for line in lines if _police(line)],
        "cautions": cautions(by, episode_id, at=at),
        "places": places(by, team, at=at) if team.stage in _BRINGING else (),
    }


def _numbers(asked: RequestRow | None, *, at: datetime) -> Context:
    """Whom the crew can call: who asked for them, and their own desk. '' where no number is listed."""
    if asked is None:
        return {"desk_phone": "", "requester_phone": ""}
    paths = [agencies.path_of(each) for each in (asked.to_program_id, asked.from_program_id)]
    desk, requester = (community.telephone(path, at=at) for path in paths)
    return {"desk_phone": desk, "requester_phone": "" if requester == desk else requester}


_BRINGING = (Stage.ON_SCENE, Stage.ENGAGED, Stage.TRANSPORTING)


def _police(line: Line) -> bool:
    return line.request.axis == Axis.POLICE and line.request.open


def steps(team: TeamRow) -> tuple[StepLine, ...]:
    """What may be said next; the first is the big button. Staged is a choice, never the first."""
    order = [stage for stage in Stage if stage not in (Stage.ASSIGNED, Stage.CLEARED)]
    ahead = [stage for stage in order if order.index(stage) > _place(order, team.stage)]
    ahead = [stage for stage in ahead if stage is not Stage.TRANSPORTING]  # by its destination
    usual = next((stage for stage in ahead if stage is not Stage.STAGED), None)
    return tuple(
        StepLine(stage.value, _say(stage), stage is usual)
        for stage in sorted(ahead, key=lambda stage: (stage is not usual, order.index(stage)))
    )


def _place(order: Sequence[Stage], stage: Stage) -> int:
    return order.index(stage) if stage in order else -1


def _say(stage: Stage) -> str:
    return gettext(STEP_WORDS[stage])


def places(by: Actor, team: TeamRow, *, at: datetime) -> tuple[PlaceLine, ...]:
    """Where this person can go now, the best first, with what is known of each."""
    point = scene_notes(by, [team.episode_id]).get(team.episode_id)
    age = triage.answers(by, team.episode_id).get("AGE", "")
    need = DestinationNeed(
        age=Age(age) if age in set(Age) else None,
        police_arrival=by.agency_kind in (AgencyKind.POLICE, AgencyKind.SHERIFF),
        point=None if point is None else (point.lon, point.lat),
    )
    rows, why = _center_first(directory.destinations(by, need, at=at))
    return tuple(
        _place_line(
            each,
            offers=receiver(by, each.facility.code, at=at) is not None,
            first=why if place == 0 else "",
            at=at,
        )
        for place, each in enumerate(rows[:NEAREST])
    )


def _center_first(rows: Sequence[DestinationRow]) -> tuple[list[DestinationRow], str]:
    """The crisis center before all, where nothing speaks against it; and why, in words.

    Source: sources, "The case study": no wrong door, whom teams bring is never turned away.
    """
    fits = [each for each in rows if each.facility.kind == CENTER and each.able]
    center = next((each for each in fits if not each.against), None)
    if center is None:
        return list(rows), ""
    return [center, *(each for each in rows if each is not center)], gettext(
        "Crisis center, no wrong door: fits what is known"
    )


def _place_line(each: DestinationRow, *, offers: bool, first: str, at: datetime) -> PlaceLine:
    said = each.facility.said
    return PlaceLine(
        code=each.facility.code,
        name=each.facility.name,
        kind=each.facility.kind_name,
        state=each.facility.state_name,
        said_at=said.said_at if said else None,
        by_name=said.by_name if said else "",
        against=tuple(reason(verdict) for verdict in each.against),
        ask=tuple(reason(verdict) for verdict in each.ask),
        far="" if each.distance_m is None else community.distance_words(each.distance_m, at=at),
        phone=each.facility.phone,
        able=each.able,
        offers=offers,
        first=first,
    )


def receiver(by: Actor, facility_code: str, *, at: datetime) -> tuple[str, UUID] | None:
    """The kind of handoff and the program at a place to which `by` may bring somebody. None: they take
    people without being offered them here, as a shelter does."""
    program_id = directory.program_of(facility_code)
    if program_id is None:
        return None
    for kind in BRINGS:
        way = routes.route_for(kind, from_id=by.program_id, to_id=program_id, at=at)
        if way is not None:
            return kind, program_id
    return None
