"""What a program's calls say of somebody, as the gate reads it for others: the cards, and one status word."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.community.queries import code_names
from nowrongdoor.episodes.facts import Moves, Purpose
from nowrongdoor.episodes.models import Card, Episode, Handoff, Party
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.shelves import About, Item, Shelf

STATUS = {
    "in_care": _("In care"),
    "received": _("Received"),
    "left": _("Left"),
    "resolved": _("Resolved"),
    "no_contact": _("No contact"),
    "team_sent": _("Team sent"),
}
"""The codes of a status, in words: all that a status says."""
CARERS = ("crc", "hospital", "clinic")


def _latest_cards(by: Actor, about: About) -> list[Card]:
    """Of the calls that `by`'s program opened: a card is the record of that program, whoever wrote the latest one."""
    every = Card.objects.filter(episode_id__in=about.episode_ids)
    first = every.order_by("episode_id", "made_at", "id").distinct("episode_id")
    of = dict(first.values_list("episode_id", "made_by_program_id"))
    own = [id for id, program_id in of.items() if program_id == by.program_id]
    rows = every.filter(episode_id__in=own).select_related("episode")
    return list(rows.order_by("episode_id", "-made_at", "-id").distinct("episode_id"))


def card_versions(by: Actor, about: About) -> dict[UUID, int]:
    return {row.pk: 1 for row in _latest_cards(by, about)}


def read_cards(by: Actor, about: About, _groups: Collection[str]) -> tuple[Item, ...]:
    kinds = code_names("incident_classes", by.language)
    return tuple(
        Item(
            "card",
            row.episode.label,
            ". ".join(filter(None, (kinds.get(row.episode.class_code, ""), row.place, row.note))),
            at=row.episode.opened_at,
            record_id=row.pk,
        )
        for row in sorted(
            _latest_cards(by, about), key=lambda each: each.episode.opened_at, reverse=True
        )
    )


def _held(by: Actor, about: About) -> list[tuple[Episode, datetime]]:
    """The calls that `by`'s program owns, or owned until it left them, each with its own time; of no others it has a status."""
    parties = Party.objects.filter(program_id=by.program_id, episode_id__in=about.episode_ids)
    rows = Episode.objects.filter(pk__in=parties.values("episode_id"))
    left = _left(by, about)
    found: list[tuple[Episode, datetime]] = []
    for row in rows.select_related("holder_program__agency").order_by("-opened_at"):
        if row.holder_program_id == by.program_id:
            found.append((row, row.closed_at or row.held_since))
        elif row.pk in left:
            handoff = left[row.pk]
            # some move the person only once they are met: then since that the other owns the call
            met = row.held_since if row.holder_via_id == handoff.pk else None
            found.append((row, met or handoff.accepted_at or row.held_since))
    return found


def _left(by: Actor, about: About) -> dict[UUID, Handoff]:
    """By call, the handoff by which it last left `by`'s program: an offer is its owner's, and accepted it moves the person."""
    rows = Handoff.objects.filter(
        episode_id__in=about.episode_ids,
        from_program_id=by.program_id,
        accepted_at__isnull=False,
    )
    rows = rows.exclude(to_program_id=by.program_id).exclude(purpose=Purpose.JOIN.value)
    moved = rows.exclude(moves=Moves.NEVER.value).order_by("accepted_at", "id")
    return {row.episode_id: row for row in moved}


def status_versions(by: Actor, about: About) -> dict[UUID, int]:
    return {row.pk: row.version for row, _at in _held(by, about)}


def read_status(by: Actor, about: About, _groups: Collection[str]) -> tuple[Item, ...]:
    return tuple(
        Item(
            "status",
            row.label,
            gettext(STATUS[status_of(row, by.program_id)]),
            at=at,
            record_id=row.pk,
        )
        for row, at in _held(by, about)
    )


def status_of(row: Episode, program_id: UUID) -> str:
    """One code of what became of somebody with a program that owns their call or owned it, of its own rows alone."""
    mine = row.holder_program_id == program_id
    if row.closed_at is not None:
        return "resolved" if mine else "left"
    if mine:
        return "in_care" if row.holder_program.agency.kind in CARERS else "received"
    return "left"


CARDS = Shelf(
    name="card",
    label=_("Calls"),
    record=_("Call card"),
    groups=("card",),
    versions=card_versions,
    read=read_cards,
    data="incident",
)
STATUSES = Shelf(
    name="status",
    label=_("Status"),
    holds={"status": _("one status word")},
    groups=("status",),
    versions=status_versions,
    read=read_status,
)
