"""What is done about a caller's line: who comes on, who listens, who leaves; what is sought and sent."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.routes import routes_from
from nowrongdoor.calls import commands, forms, queries
from nowrongdoor.calls.facts import Channel, Mode, PlaceIs, Seeking
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
@needs(Action.ACCEPT)
@acts_once
def take_back(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    commands.take_back(by=actor_of(request), at=now(), episode_id=episode_id)
    return drawn(episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def join_line(request: HttpRequest, leg_id: UUID) -> HttpResponse:
    mode = forms.one_of(request.POST, "mode", Mode, default=Mode.JOINED)
    row = commands.join_line(by=actor_of(request), at=now(), leg_id=leg_id, mode=mode)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def leave(request: HttpRequest, leg_id: UUID) -> HttpResponse:
    row = commands.leave_line(by=actor_of(request), at=now(), leg_id=leg_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def see_level(request: HttpRequest, leg_id: UUID) -> HttpResponse:
    row = commands.see_level(by=actor_of(request), at=now(), leg_id=leg_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def lose_line(request: HttpRequest, leg_id: UUID) -> HttpResponse:
    row = commands.lose_line(by=actor_of(request), at=now(), leg_id=leg_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def lose_caller(request: HttpRequest, leg_id: UUID) -> HttpResponse:
    row = commands.lose_caller(by=actor_of(request), at=now(), leg_id=leg_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def seek(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    commands.seek(by=actor_of(request), at=now(), episode_id=episode_id, seeking=Seeking.PLACE)
    return drawn(episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def tried(request: HttpRequest, search_id: UUID) -> HttpResponse:
    row = commands.try_to_find(
        by=actor_of(request),
        at=now(),
        search_id=search_id,
        how=forms.line(request.POST, "how"),
        found=request.POST.get("found") == "yes",
    )
    return drawn(row.episode_id)


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


@require_POST
@needs(Action.ACCEPT)
@acts_once
def met(request: HttpRequest, sent_id: UUID) -> HttpResponse:
    row = commands.say_met(by=actor_of(request), at=now(), sent_id=sent_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def not_found(request: HttpRequest, sent_id: UUID) -> HttpResponse:
    row = commands.say_not_found(by=actor_of(request), at=now(), sent_id=sent_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def call_back(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    commands.promise_call_back(by=actor_of(request), at=now(), episode_id=episode_id)
    return drawn(episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def called_back(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    commands.say_called_back(by=actor_of(request), at=now(), episode_id=episode_id)
    return drawn(episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def escalate(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    commands.escalate(by=actor_of(request), at=now(), episode_id=episode_id)
    return drawn(episode_id)


@require_POST
@needs(Action.ACCEPT)
@acts_once
def ask_for(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    commands.ask_for(by=actor_of(request), at=now(), episode_id=episode_id)
    return drawn(episode_id)


@require_POST
@needs(Action.OFFER)
@acts_once
def give(request: HttpRequest, pull_id: UUID) -> HttpResponse:
    """Give the call to the clinician who asks, along the way that runs to their program."""
    by = actor_of(request)
    asked = next((each for each in queries.pulls(by) if each.id == pull_id), None)
    ways = [
        each
        for each in routes_from(by, at=now())
        if asked and each.to_program_id == asked.program_id
    ]
    if not ways:
        raise BadInput("pull", "pull.answered", "Nobody is asking for this call any more.")
    row = commands.give(by=by, at=now(), pull_id=pull_id, kind=ways[0].kind)
    return drawn(row.episode_id)


@require_POST
@needs(Action.OFFER)
@acts_once
def keep(request: HttpRequest, pull_id: UUID) -> HttpResponse:
    row = commands.keep(by=actor_of(request), at=now(), pull_id=pull_id)
    return drawn(row.episode_id)
