"""Reads of what E and 4 owe a person clinically, until a program accepts it or a person ends it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import in_language
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.facts import Clinical
from nowrongdoor.triage.models import ClinicalNeed


@dataclass(frozen=True, slots=True)
class ClinicalNeedRow:
    """A team or a pair that is owed once it is safe. `waiting`: it was sent, and its desk has not answered.
    `closed`: the call is."""

    episode_id: UUID
    clinical: Clinical
    began_at: datetime
    waiting: bool
    to_program: str
    declined: bool
    closed: bool


def clinical_needs(by: Actor, ids: Collection[UUID] | None = None) -> tuple[ClinicalNeedRow, ...]:
    """What is owed on what `by`'s program works on and nobody has accepted or ended; the oldest first.

    A call that closes does not end it. One query.
    """
    with act_as(by):
        rows = ClinicalNeed.objects.filter(
            ended_at=None,
            request__accepted_at=None,
            episode__joined_into=None,
            episode__worked_by__contains=[by.program_id],
        )
        if ids is not None:
            rows = rows.filter(episode_id__in=ids)
        rows = rows.select_related("request__to_program", "episode").order_by("began_at", "id")
        return tuple(_clinical_need(row, by.language) for row in rows)


def _clinical_need(row: ClinicalNeed, language: str) -> ClinicalNeedRow:
    sent = row.request
    declined = sent is not None and sent.declined_at is not None
    return ClinicalNeedRow(
        episode_id=row.episode_id,
        clinical=Clinical(row.clinical),
        began_at=row.began_at,
        waiting=sent is not None and not declined and sent.withdrawn_at is None,
        to_program="" if sent is None else in_language(sent.to_program.names, language),
        declined=declined,
        closed=row.episode.closed_at is not None,
    )
