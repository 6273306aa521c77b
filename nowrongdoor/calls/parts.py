"""What calls show on a desk: the line and where it goes on to, the person as told, the note and plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import line, pages, queries
from nowrongdoor.calls.current_level import highest
from nowrongdoor.calls.found import in_words
from nowrongdoor.calls.holding import HoldingRow, holding_row
from nowrongdoor.calls.reads import LegRow, SearchRow
from nowrongdoor.calls.response import response_lines
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch.parts import requested
from nowrongdoor.episodes import finding, lookup
from nowrongdoor.episodes import pages as holding
from nowrongdoor.episodes.parts import episode, whole, works_on
from nowrongdoor.episodes.queries import EpisodeRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part, once_a_page
from nowrongdoor.triage.facts import Axes
from nowrongdoor.triage.parts import axes_now, needs
from nowrongdoor.triage.words import responder_words


@once_a_page
def legs(by: Actor, ids: tuple[UUID, ...]) -> dict[UUID, tuple[LegRow, ...]]:
    return queries.legs(by, ids)


@once_a_page
def _searches(by: Actor, ids: tuple[UUID, ...]) -> tuple[SearchRow, ...]:
    return queries.searches(by, ids)


@once_a_page
def _row(by: Actor, episode_id: UUID, *, at: datetime) -> HoldingRow:
    held = episode(by, episode_id, at=at).held
    names = community.code_names("incident_classes", by.language)
    on = legs(by, whole(by, episode_id)).get(episode_id, ())
    class_name = names.get(held.incident_class, held.incident_class)
    return holding_row(held, by, class_name=class_name, legs=on)


def _line(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object]:
    found, row, works = (
        episode(by, episode_id, at=at),
        _row(by, episode_id, at=at),
        works_on(by, episode_id),
    )
    holds, joined = found.held_by(by), whole(by, episode_id)
    by_id = needs(by, joined)
    need = highest(by_id, joined)
    lines = line.lines(by, legs(by, joined), by_id.get(episode_id), holds=holds, at=at)
    with act_as(by):
        joining = lookup.joining(by, episode_id) if holds else ()
    return (
        _onward(by, row, at=at)
        | _sought(by, episode_id, at=at)
        | _forms(by, at=at)
        | {
            "episode": found,
            "row": row,
            "me": str(by.member_id or ""),
            "holds": holds,
            "works": works,
            "joining": joining,
            "lines": lines,
            "must_see": any(each.must_see for each in lines),
            "on_line": any(each.on for each in lines),
            "rose_step": 0 if need is None else need.rose_step,
            "call_back_at": queries.call_back_at(by, episode_id),
            "no_answer": line.no_answer(by, row, need, at=at),
            "may_take_back": line.may_take_back(by, found, lines),
            "may_request_call": line.may_request_call(by, found),
            "pulls": queries.call_requests(by, [episode_id]),
            "outcome_name": line.outcome(by, found, at=at),
            "remark": _remark(by, episode_id, at=at) if works else "",
        }
    )


def _onward(by: Actor, row: HoldingRow, *, at: datetime) -> dict[str, object]:
    """Where to: the first way on as one key, the way back to 911 with its own, the others in a list."""
    if "offer_transfer" not in row.may:
        return {}
    psaps = queries.psaps()
    ways = [line.route_line(each, psaps) for each in routes.routes_from(by, at=at)]
    from_psap = line.is_psap(by.program_id)
    return {
        "first_route": next((each for each in ways if not each.to_psap), None),
        "return_route": next((each for each in ways if each.to_psap and not from_psap), None),
        "other_routes": line.nearest_first(ways, psaps, zone=row.zone_code),
    }


def _sought(by: Actor, episode_id: UUID, *, at: datetime) -> dict[str, object]:
    joined = whole(by, episode_id)
    searches = _searches(by, joined)
    own = {each.seeking for each in searches if each.episode_id == episode_id}
    return {
        "searches": searches,
        "search_tries": community.codes("search_tries", by.language),
        "at_once": "caller" in own and line.lost_is_urgent(by, episode_id, at=at),
    }


def _response(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """None to a program that does not work on it, and once it is closed."""
    found = episode(by, episode_id, at=at)
    if found.closed_at is not None or not works_on(by, episode_id):
        return None
    joined = whole(by, episode_id)
    sent = line.responders(by, joined)
    axes = axes_now(by, episode_id, at=at)
    asked = requested(by, episode_id)
    records = line.is_psap(by.program_id)
    return _forms(by, at=at) | {
        "row": _row(by, episode_id, at=at),
        "leveled": axes is not None,
        "response": response_lines(
            by, episode_id, axes or Axes(), asked=asked, recorded=sent, at=at
        ),
        "rescues": [each for each in sent if each.row.rescue],
        "records": records,
        "sent_words": responder_words(),
    }


def _remark(by: Actor, episode_id: UUID, *, at: datetime) -> str:
    released, zone = queries.released(by, [episode_id]), community.community().time_zone
    return line.copy_remark(episode(by, episode_id, at=at), released, zone=zone)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an episode's person and of what happened, as its forms begin."""

    id: UUID
    class_code: str
    zone_id: UUID | None
    place: str
    callback: str
    name_given: str
    note: str


def _told(found: EpisodeRow, by: Actor) -> Told | None:
    """None to whoever does not hold them, or may not read the card."""
    card, held = found.card, found.held
    if card is None or not found.held_by(by):
        return None
    return Told(
        id=found.facts.id,
        class_code=held.incident_class,
        zone_id=community.zone_id(held.zone_code) if held.zone_code else None,
        place=card.place,
        callback=card.callback,
        name_given=card.name_given,
        note=card.note,
    )


def _card(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object]:
    found, language = episode(by, episode_id, at=at), by.language
    searches = _searches(by, whole(by, episode_id))
    return _forms(by, at=at) | {
        "episode": found,
        "row": _row(by, episode_id, at=at),
        "holds": found.held_by(by),
        "told": _told(found, by),
        "outcomes": community.codes("outcomes", language),
        "colleagues": agencies.colleagues(by, at=at),
        "caller": queries.caller(by, episode_id),
        "alike": line.suggestions(by, found, at=at),
        "place_sought": any(
            each.seeking == "place" and each.episode_id == episode_id for each in searches
        ),
    }


def _past(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """What was before at this place and from this number. None where neither is known, or may be read."""
    card = episode(by, episode_id, at=at).card
    if card is None or not (card.place or card.callback):
        return None
    found = finding.past(by, card.facts(), besides=whole(by, episode_id), at=at)
    here, same = (in_words(by, rows, at=at) for rows in (found.place, found.phone))
    return {
        "place": (here, found.place_count) if card.place else None,
        "phone": (same, found.phone_count) if card.callback else None,
    }


def _plan(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """A counselor's: None to 911, and to whoever does not work on it."""
    plans = may(by, Action.SCREEN).allowed and not line.is_psap(by.program_id)
    if not plans or not works_on(by, episode_id):
        return None
    row = _row(by, episode_id, at=at)
    return _forms(by, at=at) | {"row": row, "plans": queries.plans(by, episode_id)}


def _forms(by: Actor, *, at: datetime) -> dict[str, object]:
    """The acts of calls and of holding, which stand side by side here."""
    return {"forms": pages.acts.forms(by, at=at) | holding.acts.forms(by, at=at)}


RESPONSE = Part("response", "calls/response.html", _response)
LINE = Part("line", "calls/line.html", _line)
CARD = Part("card", "calls/card.html", _card)
PAST = Part("past", "calls/past.html", _past)
PLAN = Part("plan", "calls/plan.html", _plan)
