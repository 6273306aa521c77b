"""How an episode stands for whoever asks: what modules above need before they act on it.

Read inside their own command or query; one query each.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.facts import CardFacts, EpisodeFacts, HandoffFacts, Purpose, Source
from nowrongdoor.episodes.models import OPEN, Card, Episode, Handoff, Party
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.alike import Likeness, numbers_alike, same_place
from nowrongdoor.rows.locks import missing


def facts(episode_id: UUID) -> EpisodeFacts:
    """Who holds it. Errors: NotFound where there is none that the one acting may see."""
    row = Episode.objects.filter(pk=episode_id).first()
    if row is None:
        raise missing()
    return row.facts()


def works_on(by: Actor, episode_id: UUID) -> bool:
    """Whether `by`'s program works on it: holds it, is offered it, or has held it."""
    return Episode.objects.filter(pk=episode_id, worked_by__contains=[by.program_id]).exists()


def require_works_on(by: Actor, episode_id: UUID) -> None:
    """Errors: NotFound where `by`'s program does not work on it."""
    if not works_on(by, episode_id):
        raise missing()


def programs_on(episode_id: UUID) -> frozenset[UUID]:
    """The programs that work on it. Empty where there is none that the one acting may see."""
    row = Episode.objects.filter(pk=episode_id).values_list("worked_by", flat=True).first()
    return frozenset(row or ())


def zones_of(episode_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The zone of each of these episodes that has one."""
    rows = Episode.objects.filter(pk__in=episode_ids, zone__isnull=False)
    return dict(rows.values_list("id", "zone_id"))


def basis_of(by: Actor, episode_id: UUID) -> str:
    """The basis on which `by`'s program works on an episode. Errors: NotFound where it does not."""
    rows = Party.objects.filter(episode_id=episode_id, program_id=by.program_id, until_at=None)
    basis = rows.values_list("basis", flat=True).first()
    if basis is None:
        raise missing()
    return basis


def joined_group(episode_id: UUID) -> tuple[UUID, ...]:
    """The episode with those joined to it, or, of a joined one, with the one it is joined to."""
    row = Episode.objects.filter(pk=episode_id).values_list("joined_into_id", flat=True).first()
    root = row or episode_id
    joined = Episode.objects.filter(joined_into_id=root).values_list("id", flat=True)
    return (root, *joined)


def promise_stands(promise: HandoffFacts) -> bool:
    """Whether an acceptance that moved nobody yet is still waited for: no place that a team brings
    people to has accepted, or received them, since. One query."""
    if promise.accepted_at is None:
        return False
    since = Handoff.objects.filter(episode_id=promise.episode_id, kind__by_team=True)
    return not since.filter(accepted_at__gt=promise.accepted_at).exists()


def card_of(episode_id: UUID) -> CardFacts | None:
    row = Card.objects.filter(episode_id=episode_id).order_by("-made_at", "-id").first()
    return None if row is None else row.facts()


def places_said(episode_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where each of these is, as it was said last. Without those of which the one acting may see no card."""
    latest = Card.objects.filter(episode_id__in=episode_ids).distinct("episode_id")
    return dict(latest.order_by("episode_id", "-made_at", "-id").values_list("episode_id", "place"))


def names_said(episode_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name that was given for each of these last. Without those of which the one acting may see no card."""
    latest = Card.objects.filter(episode_id__in=episode_ids).distinct("episode_id")
    ordered = latest.order_by("episode_id", "-made_at", "-id")
    return dict(ordered.values_list("episode_id", "name_given"))


class Alike(NamedTuple):
    """An episode that may be of the same event. `holder` is '' where nobody holds it by name."""

    id: UUID
    number: str
    opened_at: datetime
    holder: str
    closed: bool


def alike(by: Actor, card: CardFacts, *, among: Q) -> tuple[Alike, ...]:
    """Those among these episodes whose latest card names the same place or number, the first first.

    Two queries. Only what `by`'s program works on: of others it knows neither.
    """
    with act_as(by):
        found = Episode.objects.filter(among, worked_by__contains=[by.program_id])
        rows = {row.pk: row for row in found.select_related("holder_member")}
        latest = Card.objects.filter(episode_id__in=rows)
        cards = latest.order_by("episode_id", "-made_at", "-id").distinct("episode_id")
        same = [rows[each.episode_id] for each in cards if _same(each.facts(), card)]
    return tuple(
        Alike(
            row.pk,
            row.label,
            row.opened_at,
            row.holder_member.name if row.holder_member else "",
            row.closed_at is not None,
        )
        for row in sorted(same, key=lambda row: row.number)
    )


def around(at: datetime, window: timedelta) -> Q:
    """Episodes that began near to a time, open or not."""
    return Q(opened_at__gte=at - window, opened_at__lte=at + window)


def _same(one: CardFacts, other: CardFacts) -> bool:
    number = numbers_alike(one.callback, other.callback)
    return number is not Likeness.OTHER or same_place(one.place, other.place)


def via(episode: EpisodeFacts) -> HandoffFacts | None:
    """The handoff that gave it to its holder."""
    if episode.holder_via_id is None:
        return None
    row = Handoff.objects.select_related("kind").filter(pk=episode.holder_via_id).first()
    return None if row is None else row.facts()


def offered(handoff_id: UUID) -> HandoffFacts:
    """One handoff. Errors: NotFound."""
    row = Handoff.objects.select_related("kind").filter(pk=handoff_id).first()
    if row is None:
        raise missing()
    return row.facts()


def returns(episode_id: UUID, centres: Collection[UUID]) -> int:
    """How often it came back to one of these 911 centres from elsewhere, by acceptance."""
    accepted = Handoff.objects.filter(episode_id=episode_id, accepted_at__isnull=False)
    back = accepted.filter(purpose=Purpose.TRANSFER.value, to_program_id__in=centres)
    return back.exclude(from_program_id__in=centres).count()


class Standing(NamedTuple):
    """How an episode stands beside the file it came from.

    `untouched`: it came from a file into the queue of the program that looks, and nobody has taken,
    offered or joined it since.
    """

    open: bool
    untouched: bool
    outcome: str


def standings(episode_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of each of these episodes that the one acting may see. One query."""
    offers = Handoff.objects.filter(episode_id=OuterRef("pk"))
    rows = Episode.objects.filter(pk__in=episode_ids).annotate(offered=Exists(offers))
    return {
        row.pk: Standing(
            open=row.closed_at is None and row.joined_into_id is None,
            untouched=(
                row.source == Source.IMPORT
                and row.holder_member_id is None
                and row.joined_into_id is None
                and not row.offered
            ),
            outcome=row.outcome,
        )
        for row in rows
    }


class Joining(NamedTuple):
    """An episode that somebody asks to join to another, by the handoff that waits."""

    id: UUID
    number: str
    name: str


def joining(by: Actor, episode_id: UUID) -> tuple[Joining, ...]:
    """Who asks to join which episode to this one, and waits. One query."""
    with act_as(by):
        rows = Handoff.objects.filter(OPEN, purpose=Purpose.JOIN.value, into_episode_id=episode_id)
        asked = rows.select_related("episode", "from_member", "from_program").order_by("offered_at")
        return tuple(
            Joining(row.pk, row.episode.label, row.from_member.name if row.from_member else "")
            for row in asked
        )
