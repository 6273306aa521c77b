"""One offer, as somebody who is no user is asked to answer it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import code_names, in_language
from nowrongdoor.episodes import arriving, lookup
from nowrongdoor.episodes.facts import CardFacts, Moves
from nowrongdoor.episodes.models import Card, Handoff
from nowrongdoor.episodes.queries import kind_name
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing


@dataclass(frozen=True, slots=True)
class OfferedRow:
    """`ended` says how it ended: accepted, declined, withdrawn, or ''. `signed` is the name of a
    receiver who is no user. `stands`: it was accepted, and the episode went no other way since.
    `coming`: it was a promise, and the person has not been received yet; `received_by` says who did.

    The card is the latest, not the one of the moment of offering: a place that was corrected since
    must reach whoever is asked to come.
    """

    episode_id: UUID
    number: str
    happened: str
    zone: str
    card: CardFacts
    kind_name: str
    from_name: str
    from_program: str
    from_agency: str
    to_program: str
    offered_at: datetime
    ended: str
    ended_at: datetime | None
    signed: str
    operator: str
    stands: bool
    coming: bool
    received_by: str
    received_at: datetime | None


def one(by: Actor, handoff_id: UUID) -> OfferedRow:
    """This offer and nothing else. Errors: NotFound where there is none that `by` may see. At most five queries."""
    with act_as(by):
        row = (
            Handoff.objects.select_related(
                "kind",
                "episode__zone",
                "from_member",
                "from_program__agency",
                "to_program",
            )
            .filter(pk=handoff_id)
            .first()
        )
        if row is None:
            raise missing()
        return _row(row, by.language)


def _row(row: Handoff, language: str) -> OfferedRow:
    episode, code = row.episode, row.episode.class_code
    over = not episode.facts().open
    card = Card.objects.filter(episode=episode).order_by("-made_at", "-id").first()
    accepted_at = row.accepted_at
    facts = row.facts()
    coming = accepted_at is not None and arriving.by_arrival(facts)
    coming = coming and not over and lookup.promise_stands(facts)
    arrival = None if accepted_at is None or coming else _arrival(row)
    since = accepted_at if arrival is None else arrival.accepted_at
    return OfferedRow(
        episode_id=row.episode_id,
        number=episode.label,
        happened=code_names("incident_classes", language).get(code, code),
        zone=in_language(episode.zone.names, language) if episode.zone else "",
        card=card.facts() if card is not None else CardFacts(),
        kind_name=kind_name(row, language),
        from_name=row.from_member.name if row.from_member else "",
        from_program=in_language(row.from_program.names, language),
        from_agency=in_language(row.from_program.agency.names, language),
        to_program=in_language(row.to_program.names, language),
        offered_at=row.offered_at,
        ended=row.ended,
        ended_at=accepted_at or row.declined_at or row.withdrawn_at,
        signed=row.attested_name,
        operator=row.attested_operator,
        stands=coming or (since is not None and episode.held_since <= since and not over),
        coming=coming,
        received_by="" if arrival is None else _receiver(arrival),
        received_at=None if arrival is None else arrival.accepted_at,
    )


def _arrival(promise: Handoff) -> Handoff | None:
    """The handoff by which a promise came true; None where it did not, or nothing was promised."""
    if not arriving.by_arrival(promise.facts()):
        return None
    later = Handoff.objects.select_related("accepted_by").filter(
        episode_id=promise.episode_id,
        kind=promise.kind,
        to_program_id=promise.to_program_id,
        moves=Moves.ON_ACCEPT.value,
        accepted_at__gt=promise.accepted_at,
    )
    return later.order_by("accepted_at").first()


def _receiver(arrival: Handoff) -> str:
    return arrival.accepted_by.name if arrival.accepted_by else arrival.attested_name
