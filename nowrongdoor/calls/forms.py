"""Reading what was typed at a desk. One clear sentence for each field; nothing typed is lost."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nowrongdoor.agencies.facts import AgencyKind
from nowrongdoor.calls import numbers
from nowrongdoor.calls.facts import CallerFacts, Channel, ContactFacts, Medium
from nowrongdoor.community import queries as community
from nowrongdoor.episodes.facts import CardFacts, Source
from nowrongdoor.kernel import text as kept
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hours import readings
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.fields import can_be_shown

LINE = 200
NOTE = 2000
TOO_LONG = {"max_length": _("At most %(limit_value)d characters. You entered %(show_value)d.")}


PASSES = ("first", "second")
"""Which of the two, where clocks go back: before they were put back, or after."""


class WallClock(forms.DateTimeField):
    """A time as the clocks here showed it, without a zone; what it can mean is asked for afterwards."""

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # where every time is one
            told: datetime | None = super().to_python(value)
        return told and told.replace(tzinfo=None)


class CallForm(forms.Form):
    """A call typed back in from paper. Only when and what happened are needed.

    `asks_pass`: clocks showed this time twice that night, and the sheet has to say which is meant.
    `another`: the ids of the calls that were shown as being like it, where somebody said that it is none of them.
    """

    came_at = WallClock(
        error_messages={
            "required": _("Enter the time received."),
            "invalid": _("Enter the time as 2026-11-24 14:05."),
            "skipped": _(
                "Clocks skipped this hour that night. Check the sheet: the time is an "
                "hour earlier or later."
            ),
            "twice": _("Clocks showed this time twice that night. Choose which one."),
        }
    )
    came_pass = forms.ChoiceField(choices=[(each, each) for each in PASSES], required=False)
    incident_class = forms.CharField(
        max_length=40, error_messages={"required": _("Choose the incident type.")}
    )
    place = forms.CharField(max_length=LINE, required=False, error_messages=TOO_LONG)
    zone = forms.CharField(max_length=40, required=False)
    callback = forms.CharField(max_length=LINE, required=False, error_messages=TOO_LONG)
    name_given = forms.CharField(max_length=LINE, required=False, error_messages=TOO_LONG)
    note = forms.CharField(max_length=NOTE, required=False, error_messages=TOO_LONG)
    send_to = forms.CharField(max_length=120, required=False)
    another = forms.CharField(required=False)

    asks_pass = False

    def clean_came_at(self) -> datetime:
        local: datetime = self.cleaned_data["came_at"]
        said = self.fields["came_at"].error_messages
        if not can_be_shown(local.replace(tzinfo=UTC)):
            raise forms.ValidationError(said["invalid"])
        possible = readings(local, timezone.get_current_timezone())
        if not possible:
            raise forms.ValidationError(said["skipped"])
        if len(possible) == 1:
            return possible[0]
        self.asks_pass = True
        if (chosen := self.data.get("came_pass")) not in PASSES:
            raise forms.ValidationError(said["twice"])
        return possible[PASSES.index(chosen)]

    def clean_zone(self) -> str:
        code = str(self.cleaned_data["zone"])
        if code and community.zone_id(code) is None:
            raise forms.ValidationError(_("Choose a zone from the list."))
        return code

    def clean_incident_class(self) -> str:
        code = str(self.cleaned_data["incident_class"])
        if not community.known_code("incident_classes", code):
            raise forms.ValidationError(_("Choose the incident type from the list."))
        return code

    def is_another_than(self, ids: Iterable[UUID]) -> bool:
        """Whether somebody looked at each of these, and said that this is another call."""
        return {str(each) for each in ids} <= set(self.cleaned_data["another"].split())

    def contact(self, *, by: Actor) -> ContactFacts:
        read = self.cleaned_data
        return ContactFacts(
            at=read["came_at"],
            class_code=read["incident_class"],
            behavioral=True,
            channel=channel_of(by),
            source=Source.PAPER,
            card=CardFacts(
                place=read["place"],
                callback=read["callback"],
                name_given=read["name_given"],
                note=read["note"],
            ),
            zone_id=community.zone_id(read["zone"]) if read["zone"] else None,
        )


MEDIA = (
    (Medium.AUDIO, _("Voice")),
    (Medium.TEXT, _("Text or chat")),
    (Medium.IN_PERSON, _("Walk-in")),
    (Medium.VIDEO, _("Video")),
)


def answered(posted: QueryDict, *, by: Actor, at: datetime) -> ContactFacts:
    """A contact that begins now, with as little as is known: nothing is needed."""
    medium = one_of(posted, "medium", Medium, default=Medium.AUDIO)
    code = line(posted, "class_code") or str(community.setting("class_before_any", at))
    return ContactFacts(
        at=at,
        class_code=code,
        behavioral=True,
        channel=channel_of(by, medium),
        medium=medium,
        card=CardFacts(
            place=line(posted, "place"),
            callback=line(posted, "callback"),
            name_given=line(posted, "name"),
        ),
        caller=CallerFacts(callback=line(posted, "callback")),
        external_ref=from_clip(line(posted, "number", most=numbers.MOST), at=at),
    )


def from_clip(number: str, *, at: datetime) -> str:
    """CAD's own number for a call, with its year; '' where its text gave none."""
    year = at.astimezone(timezone.get_current_timezone()).year
    return numbers.from_clip(number, year) if numbers.numbered(number) else ""


W = TypeVar("W", bound=StrEnum)


def one_of(posted: QueryDict, field: str, words: type[W], *, default: W | None = None) -> W:
    """A word of a list. Errors: BadInput where it is none of them."""
    text = posted.get(field, "")
    if not text and default is not None:
        return default
    try:
        return words(text)
    except ValueError:
        raise BadInput(field, "code.unknown", "Choose from the list.") from None


def answers(posted: QueryDict) -> dict[str, str]:
    """Questions and values, as they were pressed; the protocol says which there are."""
    return {key: posted.get(key, "") for key in posted if key.isupper()}


_CHANNELS = {Medium.TEXT: Channel.TEXT, Medium.IN_PERSON: Channel.WALK_IN}


def channel_of(by: Actor, medium: Medium = Medium.AUDIO) -> Channel:
    """How a contact came in: as its medium says, or else by whose telephone it is."""
    if medium in _CHANNELS:
        return _CHANNELS[medium]
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
        raise BadInput(field, "id.unreadable", "Choose from the list.") from None


def line(posted: QueryDict, field: str, *, most: int = LINE) -> str:
    """One line of text. Too long is refused, never cut."""
    text = kept.line(posted.get(field, ""))
    if len(text) > most:
        raise BadInput(
            field,
            "text.long",
            "At most {most} characters. You entered {count}.",
            most=str(most),
            count=str(len(text)),
        )
    return text
