"""The acts of holding: what happened, an offer besides accepting it, one person with two episodes."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import commands, queries, reads
from nowrongdoor.kit.acts import Acts

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
acts.reads("episodes", queries.board, reads.EpisodeNow, needs=Action.SEE_BOARD)
acts.reads(
    "episodes/<uuid:episode_id>",
    queries.one_episode,
    reads.EpisodeNow,
    needs=Action.SEE_BOARD,
    one=True,
)
