"""What is done about a caller's line: who comes on, who listens, who leaves; what is sought and sent."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands, forms
from nowrongdoor.calls.facts import Channel, PlaceIs
from nowrongdoor.community import queries as community
from nowrongdoor.desks.views.answers import actor_of, acts_once, saved, to
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import drawn


@require_POST
@needs(Action.OFFER)
@acts_once
def classify(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    zone = forms.line(request.POST, "zone")
    episodes.classify_episode(
        by=actor_of(request),
        at=now(),
        episode_id=episode_id,
        class_code=forms.line(request.POST, "incident_class"),
        zone_id=community.zone_id(zone) if zone else None,
    )
    return saved(request, episode_id)


@require_POST
@needs(Action.TAKE_CALL)
@acts_once
def caller(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    row = commands.change_caller(
        by=actor_of(request),
        at=now(),
        contact_id=contact_id,
        caller=forms.caller(request.POST),
        channel=forms.one_of(request.POST, "channel", Channel),
    )
    return drawn(UUID(str(row.episode_id)))


@require_POST
@needs(Action.OFFER)
@acts_once
def give_back(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    chosen = forms.route_chosen(forms.line(request.POST, "send_to"))
    if chosen is None:
        raise BadInput("send_to", "id.unreadable", "Choose one of the list.")
    commands.return_person(
        by=actor_of(request),
        at=now(),
        proposal=Proposal(episode_id, kind=chosen[0], to_program_id=chosen[1]),
        place_is=forms.one_of(request.POST, "place_is", PlaceIs),
        new_place=forms.line(request.POST, "new_place"),
    )
    return drawn(episode_id)


@require_POST
@needs(Action.OFFER)
@acts_once
def reattach(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    into_id = forms.id_in(forms.line(request.POST, "into"), field="into")
    commands.reattach(by=actor_of(request), at=now(), episode_id=episode_id, into_id=into_id)
    return to(request, reverse("calls:episode", args=[into_id]))


@require_POST
@needs(Action.ACCEPT)
@acts_once
def sent(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    axis, value = forms.what_sent(request.POST)
    commands.say_sent(
        by=actor_of(request),
        at=now(),
        episode_id=episode_id,
        axis=axis,
        value=value,
        rescue=forms.line(request.POST, "rescue"),
    )
    return drawn(episode_id)
