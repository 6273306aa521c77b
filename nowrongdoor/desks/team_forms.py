"""Reading what was typed about teams. One clear sentence for each field."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict

from nowrongdoor.calls import forms
from nowrongdoor.directory import queries as directory
from nowrongdoor.dispatch.facts import Answer, Ask, Clearing, Point, Signing, Way
from nowrongdoor.kernel.verdict import BadInput

LONGEST_MIN = 24 * 60
NOTE = 500
NEXT_TRY_MIN = 30
"""How long after a person was not met the next try is due where nobody says."""


def asked(posted: QueryDict, episode_id: UUID) -> Ask:
    """`kind:program`, as the form offers it."""
    chosen = forms.route_chosen(forms.line(posted, "ask"))
    if chosen is None:
        raise BadInput("ask", "code.unknown", "Choose one of the list.")
    return Ask(
        episode_id=episode_id,
        kind=chosen[0],
        to_program_id=chosen[1],
        note=forms.line(posted, "note", most=NOTE),
        language=forms.line(posted, "language", most=forms.CALLBACK),
        follows_id=forms.optional_id(posted, "follows"),
    )


def promise(posted: QueryDict, *, at: datetime) -> Answer:
    """Minutes from now, and who rings the caller until then."""
    return Answer(
        promised_at=in_minutes(posted, "minutes", at=at),
        rings_member_id=forms.id_in(forms.line(posted, "rings"), field="rings"),
    )


def in_minutes(posted: QueryDict, field: str, *, at: datetime) -> datetime:
    text = forms.line(posted, field)
    if not text.isdecimal() or not 0 < int(text) <= LONGEST_MIN:
        raise BadInput(field, "minutes.unreadable", "Give minutes from now, 1 to 1440.")
    return at + timedelta(minutes=int(text))


def facility(posted: QueryDict) -> str:
    """A place that this community lists."""
    code = forms.line(posted, "facility")
    if code not in directory.names("en"):
        raise BadInput("facility", "code.unknown", "Choose one of the list.")
    return code


def clearing(posted: QueryDict, *, at: datetime) -> Clearing:
    outcome = forms.line(posted, "outcome")
    took = posted.get("took") == "yes"
    next_try = in_minutes(posted, "next_try", at=at) if posted.get("next_try") else None
    return Clearing(
        outcome=outcome,
        left_behind=tuple(posted.getlist("left_behind")),
        took_somebody=took,
        next_try_at=next_try,
    )


def crew(posted: QueryDict) -> tuple[Signing, ...]:
    """Everybody who is ticked, and the car of whoever comes separately."""
    ids = [forms.id_in(text, field="member") for text in posted.getlist("member")]
    return tuple(Signing(id, forms.line(posted, f"own_car_{id}")) for id in dict.fromkeys(ids))


def way(posted: QueryDict) -> Way:
    return forms.one_of(posted, "way", Way, default=Way.TAP)


def point(posted: QueryDict) -> Point:
    try:
        return Point(float(forms.line(posted, "lat")), float(forms.line(posted, "lon")))
    except ValueError:
        raise BadInput("point", "point.unreadable", "Latitude and longitude are degrees.") from None


def caution_end(posted: QueryDict, *, at: datetime) -> datetime:
    text = forms.line(posted, "days")
    if not text.isdecimal() or not 0 < int(text) <= LONGEST_MIN:
        raise BadInput("days", "days.unreadable", "Give whole days from now.")
    return at + timedelta(days=int(text))
