"""Reading what was typed at a desk. One clear sentence for each field; nothing typed is lost."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nowrongdoor.agencies.facts import AgencyKind
from nowrongdoor.calls.facts import Channel, ContactFacts
from nowrongdoor.community import queries as community
from nowrongdoor.episodes.facts import Attested, CardFacts, Closing
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput

LINE = 200
NOTE = 2000


class CallForm(forms.Form):
    """A new call. Only what happened is needed; a place never blocks anything."""

    incident_class = forms.CharField(
        max_length=40, error_messages={"required": _("Choose what happened.")}
    )
    place = forms.CharField(max_length=LINE, required=False)
    zone = forms.CharField(max_length=40, required=False)
    callback = forms.CharField(max_length=40, required=False)
    name_given = forms.CharField(max_length=LINE, required=False)
    note = forms.CharField(max_length=NOTE, required=False)
    send_to = forms.CharField(max_length=120, required=False)

    def clean_zone(self) -> str:
        code = str(self.cleaned_data["zone"])
        if code and community.zone_id(code) is None:
            raise forms.ValidationError(_("Choose a zone from the list."))
        return code

    def clean_incident_class(self) -> str:
        code = str(self.cleaned_data["incident_class"])
        if not community.known_code("incident_classes", code):
            raise forms.ValidationError(_("Choose what happened from the list."))
        return code

    def contact(self, *, by: Actor, at: datetime) -> ContactFacts:
        read = self.cleaned_data
        return ContactFacts(
            at=at,
            class_code=read["incident_class"],
            behavioral=True,
            channel=channel_of(by),
            card=CardFacts(
                place=read["place"],
                callback=read["callback"],
                name_given=read["name_given"],
                note=read["note"],
            ),
            zone_id=community.zone_id(read["zone"]) if read["zone"] else None,
        )


def channel_of(by: Actor) -> Channel:
    """How a live call came in: by whose telephone it is."""
    return Channel.LINE if by.agency_kind == AgencyKind.CRISIS_LINE else Channel.CALL_911


def route_chosen(text: str) -> tuple[str, UUID] | None:
    """`kind:program` as the form offers it, or None for "hold here"."""
    if not text:
        return None
    kind, _colon, program = text.partition(":")
    return kind, id_in(program, field="send_to")


def id_in(text: str, *, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(field, "id.unreadable", "Choose one of the list.") from None


def optional_id(posted: QueryDict, field: str) -> UUID | None:
    text = posted.get(field, "")
    return id_in(text, field=field) if text else None


def version_in(posted: QueryDict) -> int | None:
    text = posted.get("version", "")
    if text and not text.isdecimal():
        raise BadInput("version", "version.unreadable", "The page is damaged. Look again.")
    return int(text) if text else None


def line(posted: QueryDict, field: str, *, most: int = LINE) -> str:
    """One line of text. Too long is refused, never cut."""
    text = posted.get(field, "").strip()
    if len(text) > most:
        raise BadInput(field, "text.long", "At most {most} characters, please.", most=str(most))
    return text


def attested(posted: QueryDict) -> Attested:
    return Attested(
        name=line(posted, "name"),
        operator=line(posted, "operator"),
        incident=line(posted, "incident"),
    )


def closing(posted: QueryDict) -> Closing:
    return Closing(
        outcome=line(posted, "outcome"),
        accountable_member_id=optional_id(posted, "accountable"),
        declined_by_person=posted.get("declined") == "yes",
    )
