"""What makes an agreement, and who may agree to it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Verdict, no, yes


@dataclass(frozen=True, slots=True)
class AgreementWish:
    """An agreement as it is typed. `fields` empty: whatever the row of the table gives."""

    code: str
    title: str
    tells: tuple[UUID, ...]
    told: tuple[UUID, ...]
    data: tuple[str, ...]
    purposes: tuple[str, ...]
    legal_basis: str
    from_at: datetime
    until_at: datetime | None = None
    fields: tuple[str, ...] = ()
    signed_by: tuple[tuple[str, str], ...] = ()
    remind_days: tuple[int, ...] = (90, 30)


NEEDED = {
    "code": "Give it a short name, such as MOU-14.",
    "title": "Say in one line what it is about.",
    "tells": "Choose who tells.",
    "told": "Choose who is told.",
    "data": "Choose what it covers.",
    "purposes": "Choose for what.",
    "legal_basis": "Say what it rests on, such as the law or the contract.",
}


def check(wish: AgreementWish) -> None:
    """Refuse what an agreement cannot leave open. Errors: BadInput under the field."""
    for name, sentence in NEEDED.items():
        if not getattr(wish, name):
            raise BadInput(name, "agreement.needed", sentence)
    if wish.until_at is not None and wish.until_at <= wish.from_at:
        raise BadInput("until_at", "agreement.ends", "It must end after it begins.")


def may_agree(by: Actor, *, agencies: Collection[UUID], agreed: Collection[UUID]) -> Verdict:
    """Each agency agrees once, by its own privacy officer.

    Source: our choice: nobody opens another agency's records by typing.
    """
    if by.agency_id not in agencies:
        return no("agreement.not_yours", "Your agency is not part of this agreement.")
    if by.agency_id in agreed:
        return no("agreement.agreed", "Your agency has already agreed to this.")
    return yes("agreement.party")


def may_replace(tells: Collection[UUID], before: Collection[UUID] | None) -> Verdict:
    """A next version has the same programs telling: none of them loses an agreement to what another wrote.

    Source: our choice.
    """
    if before is not None and set(tells) != set(before):
        return no(
            "agreement.tellers",
            "A new version keeps who tells. End this agreement and make another instead.",
        )
    return yes("agreement.same_tellers")


def next_reminder(
    until_at: datetime | None, days: Collection[int], *, at: datetime
) -> datetime | None:
    """When somebody is told next that it ends. Units: whole days before `until_at`."""
    if until_at is None:
        return None
    times = (until_at - timedelta(days=each) for each in days)
    return min((each for each in times if each > at), default=None)
