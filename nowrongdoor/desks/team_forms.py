"""Reading what was typed about teams. One clear sentence for each field."""

from django.http import QueryDict

from nowrongdoor.calls import forms
from nowrongdoor.directory import queries as directory
from nowrongdoor.dispatch.facts import Point, Signing, Transport
from nowrongdoor.kernel.verdict import BadInput


def facility(posted: QueryDict) -> str:
    """A place that this community lists."""
    code = forms.line(posted, "facility")
    if code not in directory.names("en"):
        raise BadInput("facility", "code.unknown", "Choose from the list.")
    return code


def crew(posted: QueryDict) -> tuple[Signing, ...]:
    """Everybody who is ticked, and the car of whoever comes separately."""
    ids = [forms.id_in(text, field="member") for text in posted.getlist("member")]
    return tuple(Signing(id, forms.line(posted, f"own_car_{id}")) for id in dict.fromkeys(ids))


def way(posted: QueryDict) -> Transport:
    return forms.one_of(posted, "way", Transport, default=Transport.TAP)


def point(posted: QueryDict) -> Point:
    try:
        return Point(float(forms.line(posted, "lat")), float(forms.line(posted, "lon")))
    except ValueError:
        raise BadInput("point", "point.unreadable", "Latitude and longitude are degrees.") from None
