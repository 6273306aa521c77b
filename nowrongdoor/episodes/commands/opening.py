"""Opening an episode, and what its card and parties say."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import WHOLE_FEED, Action
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import kinds, lookup, rules
from nowrongdoor.episodes.commands.handoffs import require_code
from nowrongdoor.episodes.commands.sharing import (
    lock_episodes,
    new_party,
    opened_by_program,
)
from nowrongdoor.episodes.facts import DIGITS, CardFacts, EpisodeFacts, Opening, PartyRole
from nowrongdoor.episodes.models import Card, Episode, Party
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import Made, insert, insert_all
from nowrongdoor.sharing.commands import cards
from nowrongdoor.web.fields import Code, Pick

NUMBERED = Made(
    (("number", "n"), ("label", f"%s || lpad(n::text, greatest({DIGITS}, length(n::text)), '0')")),
    "nextval('episodes_number') AS n",
)
"""An episode's number is drawn as it is written: nobody waits for it. The label is `rules.label`'s."""


def _zones(by: Actor, *, at: datetime) -> list[tuple[str, str]]:  # noqa: ARG001 - as fields ask
    return [(str(each.id), each.name) for each in community.zones(by.language)]


@command
def open_episode(*, by: Actor, at: datetime, opening: Opening) -> Episode:
    """Open an episode held by `by`'s program, and make known that it is there.

    Programs to which a standing feed runs become informed parties on that feed's basis, where the gate
    lets them be told; without an agreement in force nobody is.
    Journal: episodes.opened.
    """
    place = community.community()
    feeds = routes.routes_into(by.program_id, at=at)
    year = at.astimezone(ZoneInfo(place.time_zone)).year

    episode_id = new_id(at)
    told = {
        feed.to_program_id: cards.line_of_feed(
            feed.to_program_id, episode_id=episode_id, by=by, at=at
        )
        for feed in feeds
        if feed.kind != WHOLE_FEED
    }
    feeds = tuple(feed for feed in feeds if told.get(feed.to_program_id, True) is not None)
    working = [feed.to_program_id for feed in feeds if feed.kind == WHOLE_FEED]
    episode = insert(
        Episode,
        made=NUMBERED,
        id=episode_id,
        label=rules.label_head(place.number_prefix, year),
        kind=opening.kind,
        class_code=opening.class_code,
        zone_id=opening.zone_id,
        source=opening.source.value,
        opened_at=at,
        holder_program_id=by.program_id,
        holder_member_id=opening.holder_member_id,
        held_since=at,
        seen_by=sorted({by.program_id, *(feed.to_program_id for feed in feeds)}),
        worked_by=sorted({by.program_id, *working}),
    )
    insert_all(
        [
            new_party(episode.pk, by.program_id, at=at, role=PartyRole.WORKING, basis="N"),
            *(
                new_party(
                    episode.pk,
                    feed.to_program_id,
                    at=at,
                    role=rules.route_kind(feed),
                    basis=feed.basis,
                )
                for feed in feeds
            ),
        ]
    )
    card = _write_card(episode.pk, opening.card, by=by, at=at)
    lines = [each for each in told.values() if each is not None]
    lines += cards.lines_at_opening(card.pk, working, episode_id=episode_id, by=by, at=at)
    insert_all(lines)

    record(kinds.OPENED, episode, card, *lines, by=by, at=at)
    return episode


@command(needs=Action.OFFER)
def change_card(*, by: Actor, at: datetime, episode_id: UUID, card: CardFacts) -> Card:
    """Write a new card; the earlier one stays as it was.

    The episode's version is of its holding: whoever is about to accept is not sent away by it.

    Refused: to roles that offer nobody, and to whoever does not hold the episode.
    Journal: episodes.card_changed.
    """
    episode = lock_episodes(episode_id)[episode_id]

    require(rules.holds(by, episode.facts()))

    opened_by = opened_by_program(episode_id)
    row = _write_card(episode_id, card, by=by, at=at)
    cards.tell_card(
        row.pk, episode.worked_by, episode_id=episode_id, opened_by=opened_by, by=by, at=at
    )
    record(kinds.CARD_CHANGED, row, by=by, at=at)
    return row


@command(needs=Action.OFFER)
def classify_episode(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    class_code: Annotated[
        str,
        Code(
            label=_("Incident type"),
            list="incident_classes",
            sent_as="incident_class",
            wrong=_("Choose the incident type from the list."),
        ),
    ],
    zone_id: Annotated[UUID | None, Pick(label=_("Zone"), options=_zones, key="j")] = None,
) -> Episode:
    """Say, or say better, what happened and in which zone. A zone left out stays as it is.

    Refused: to roles that offer nobody, and to whoever does not hold the episode; BadInput for a
        class or a zone that is not on the list.
    Journal: episodes.classified.
    """
    episode = lock_episodes(episode_id)[episode_id]

    require(rules.holds(by, episode.facts()))
    if zone_id and zone_id not in {each.id for each in community.zones(by.language)}:
        raise BadInput("zone_id", "code.unknown", "Choose a zone from the list.")

    episode.class_code = class_code
    episode.zone_id = zone_id or episode.zone_id
    episode.save(update_fields=["class_code", "zone"])

    record(kinds.CLASSIFIED, episode, by=by, at=at)
    return episode


@command
def reclassify(*, by: Actor, at: datetime, episode_id: UUID, class_code: str) -> Episode:
    """What another system says later of an episode that came from it and that nobody has touched.

    Open or closed: how it ended stays as it is, what it was is said better.
    Refused: as `episodes.rules.may_follow_file` says; BadInput for a class that is not listed.
    Journal: episodes.classified.
    """
    episode = lock_episodes(episode_id)[episode_id]

    standing = lookup.standings([episode_id])[episode_id]
    require(rules.may_follow_file(by, episode.facts(), untouched=standing.untouched))
    require_code("incident_classes", class_code, field="class")

    episode.class_code = class_code
    episode.save(update_fields=["class_code"])

    record(kinds.CLASSIFIED, episode, by=by, at=at)
    return episode


@command(needs=Action.OFFER)
def set_pointer(
    *, by: Actor, at: datetime, episode_id: UUID, program_id: UUID, pointer_record: str, status: str
) -> Party:
    """Note that a provider who keeps records at home has this person, by their number and a code.

    Refused: as `episodes.rules.may_point` says.
    Journal: episodes.pointer_set.
    """
    episode = lock_episodes(episode_id)[episode_id]
    party = Party.objects.filter(
        episode_id=episode_id, program_id=program_id, until_at=None
    ).first()

    at_home = agencies.keeps_records_at_home(program_id)
    role = "" if party is None else party.role
    require(rules.may_point(by, episode.facts(), at_home=at_home, role=role))

    if party is None:
        party = Party(
            id=new_id(at),
            episode_id=episode_id,
            program_id=program_id,
            role=PartyRole.POINTER.value,
            basis="A",
            since_at=at,
        )
    party.pointer_record, party.pointer_status = pointer_record, status
    party.save()

    record(kinds.POINTER_SET, party, by=by, at=at)
    return party


def _write_card(episode_id: UUID, card: CardFacts, *, by: Actor, at: datetime) -> Card:
    return insert(
        Card,
        id=new_id(at),
        episode_id=episode_id,
        made_at=at,
        made_by_program_id=by.program_id,
        place=card.place,
        callback=card.callback,
        name_given=card.name_given,
        note=card.note,
    )


def lock_episode(episode_id: UUID) -> EpisodeFacts:
    """Lock an episode, and what is joined with it, for a command of a module above. NotFound where unseen."""
    return lock_episodes(episode_id)[episode_id].facts()


def lock_card(by: Actor, *, episode_id: UUID) -> CardFacts:  # noqa: ARG001 - as `kit.records` asks
    """The card in force, of an episode that is locked; an empty one to whoever may not read it."""
    lock_episodes(episode_id)
    return lookup.card_of(episode_id) or CardFacts()


def lock_class(by: Actor, *, episode_id: UUID) -> Episode:  # noqa: ARG001 - as `kit.records` asks
    """An episode that is locked, with its class and its zone in force."""
    return lock_episodes(episode_id)[episode_id]
