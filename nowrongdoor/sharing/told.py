"""The ledger in plain words: of one record, or of an agency over some days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import parties
from nowrongdoor.community.loading import midnight
from nowrongdoor.community.queries import community
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import said
from nowrongdoor.sharing.models import Disclosure
from nowrongdoor.sharing.shelves import number_of

MOST = 2000
"""Lines of one ledger page: the latest."""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One line of the ledger in plain words."""

    at: datetime
    from_name: str
    to_name: str
    what: str
    purpose: str
    row: str
    basis: str
    release: str
    notice: str
    number: str
    counted: bool
    """Whether it belongs in the person's accounting (45 CFR 164.528, 42 CFR 2.25)."""


ACCOUNTED = frozenset({"account", "log_who_when_why", "notice"})
"""The duties by which a line belongs in an accounting."""


def ledger(by: Actor, *, since: date, until: date) -> tuple[ToldRow, ...]:
    """What `by`'s agency told, and was told, on these days of the community's clocks, the latest first. Two queries.

    Shape: both days count; at most `MOST` lines. Who reads it is asked by the database: a privacy officer reads
        their agency's lines, from both sides.
    """
    zone = community().time_zone
    begins, ends = midnight(since, zone), midnight(until + timedelta(days=1), zone)
    with act_as(by):
        rows = Disclosure.objects.filter(at__gte=begins, at__lt=ends).select_related("release")
        found = list(rows.order_by("-at", "-id")[:MOST])
    return in_words(found, by)


def in_words(rows: Iterable[Disclosure], by: Actor) -> tuple[ToldRow, ...]:
    """These lines in the reader's language. A record is said by its number: no name is in the ledger."""
    known = parties()
    return tuple(
        ToldRow(
            at=row.at,
            from_name=known[row.from_program_id].name(by.language),
            to_name=known[row.to_program_id].name(by.language)
            if row.to_program_id
            else row.to_name,
            what=said.told(row.record_kind, row.data, row.fields),
            purpose=said.said(said.PURPOSES, row.purpose),
            row=row.row,
            basis=said.said(said.BASES, row.basis),
            release="" if row.release is None else f"R-{row.release.number}",
            notice=row.notice,
            number="" if row.person_id is None else number_of(row.person_id),
            counted=bool(ACCOUNTED & set(row.duties)),
        )
        for row in rows
    )
