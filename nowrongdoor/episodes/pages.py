"""The acts of holding: what happened, an offer besides accepting it, one person with two episodes, and who they are."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import commands, identified, lookup, queries, reads
from nowrongdoor.identity.parts import told
from nowrongdoor.kernel.text import line
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.web.clock import now

TYPED = {"given": 80, "family": 120, "born": 40, "phone": 40}
"""What is read of somebody while it is typed, and how much of it at most."""


@require_POST
@requires(Action.KEEP_PERSONS)
def like_person(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The records that may be of who is being typed. POST, so that no address and no log says whom."""
    by, at = actor_of(request), now()
    with act_as(by):
        lookup.require_works_on(by, episode_id)
    said = {name: line(request.POST.get(name, ""))[:most] for name, most in TYPED.items()}
    found = identified.like(by, episode_id, **said, at=at)
    context = {
        "row": identified.Reported(episode_id),
        "candidates": told(found),
        "more": found.more,
        "desk": ("call", episode_id),
        "forms": acts.forms(by, at=at),
    }
    return render(request, "episodes/like.html", context)


acts = Acts("episodes", home="calls:board", desk="holding")
acts.add(
    commands.confirm_contact,
    at="offers/<uuid:handoff_id>/contact/",
    label=_("Contact made"),
    key="c",
    machine=False,
    subject="episode_id",
)
acts.add(
    commands.decline_offer,
    at="offers/<uuid:handoff_id>/decline/",
    label=_("Decline"),
    key="d",
    machine=False,
    leaves=True,
    subject="episode_id",
)
acts.add(
    commands.withdraw_offer,
    at="offers/<uuid:handoff_id>/withdraw/",
    label=_("Cancel transfer"),
    key="w",
    machine=False,
    subject="episode_id",
)
acts.add(
    commands.classify_episode,
    at="episodes/<uuid:episode_id>/class/",
    label=_("Save"),
    machine=False,
    edits=commands.lock_class,
    saves=True,
    again=True,
    folded=False,
)
acts.add(
    commands.join_by_number,
    at="episodes/<uuid:episode_id>/join/",
    label=_("Ask its owner"),
    machine=False,
    folded=False,
    target="",
    subject="into_episode_id",
)
acts.add(
    commands.separate_episode,
    at="episodes/<uuid:episode_id>/separate/",
    label=_("Unlink"),
    machine=False,
    folded=False,
    target="",
    subject="episode_id",
)
acts.add(
    commands.identify_person,
    at="episodes/<uuid:episode_id>/person/",
    label=_("Same person"),
    machine=False,
    folded=False,
    target="#follows",
    subject="episode_id",
)
acts.add(
    commands.new_person,
    at="episodes/<uuid:episode_id>/person/new/",
    label=_("New record"),
    machine=False,
    folded=False,
    target="#follows",
    subject="episode_id",
)
acts.add(
    commands.forget_person,
    at="episodes/<uuid:episode_id>/person/remove/",
    label=_("Not this person"),
    machine=False,
    target="#follows",
    subject="episode_id",
)
acts.reads("episodes", queries.board, reads.EpisodeNow, needs=Action.SEE_BOARD)
acts.reads(
    "episodes/<uuid:episode_id>",
    queries.one_episode,
    reads.EpisodeNow,
    needs=Action.SEE_BOARD,
    one=True,
)
