"""What a disclosure can rest on, and which facts of the table follow from it. Pure: nothing here reads."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf
from uuid import UUID

EMERGENCY = "emergency"
HOLDER_SAYS = frozenset(
    {
        *("order", "process", "part2_order", "mandate", "custody_of", "agrees", "hmis_consent"),
        *("signed_request", "irb"),
    }
)
"""Facts that whoever holds the record stands for: a recipient cannot open a record with their own word."""
PART_2 = frozenset({"sud", "sud_notes"})
NAMED = "named"
TPO_CONSENT = "part2_tpo"
TPO = frozenset({"treatment", "payment", "operations", "handover", "refer"})


class Signer(StrEnum):
    PERSON = "person"
    GUARDIAN = "guardian"
    MINOR = "minor"  # who may sign alone, by a law that is named
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Want:
    """Something of one person's that one program would tell another, or somebody who has no program here.

    `known`: facts of the table that whoever asks has seen for themselves: `working`, `minor`. `person_id`: the
    teller's own record. `to_name`: of a recipient without a program.
    """

    data: str
    purpose: str
    from_id: UUID
    to_id: UUID | None = None
    to_kind: str = ""
    to_name: str = ""
    person_id: UUID | None = None
    episode_id: UUID | None = None
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Basis:
    """One row that facts follow from: an agreement, a release or a ground."""

    kind: str
    id: UUID
    facts: frozenset[str]
    items: tuple[str, ...] = ()
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    id: UUID
    tells: frozenset[UUID]
    told: frozenset[UUID]
    data: frozenset[str]
    purposes: frozenset[str]
    from_at: datetime
    until_at: datetime | None
    ended_at: datetime | None
    agencies_tell: frozenset[UUID]
    agreed: frozenset[UUID]
    replaces_id: UUID | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    id: UUID
    kind: str
    teller_id: UUID
    told: frozenset[UUID]
    data: frozenset[str]
    items: tuple[str, ...]
    purposes: frozenset[str]
    signer: str
    activated_at: datetime | None
    until_at: datetime | None
    revoked_at: datetime | None
    persons: frozenset[UUID]
    """The teller's records that it means."""


@dataclass(frozen=True, slots=True)
class GroundFacts:
    id: UUID
    kind: str
    said_by_id: UUID
    from_id: UUID
    to_id: UUID | None
    to_kind: str
    person_id: UUID | None
    episode_id: UUID | None
    from_at: datetime
    until_at: datetime | None
    withdrawn_at: datetime | None


def stands(agreement: AgreementFacts, *, at: datetime) -> bool:
    """Whether this version is in force: from its start to its end, and every telling agency agreed to it.

    Source: issue text: an expired one opens nothing from that second, computed at read.
    """
    return (
        agreement.from_at <= at
        and (agreement.until_at is None or at < agreement.until_at)
        and (agreement.ended_at is None or at < agreement.ended_at)
        and agreement.agencies_tell <= agreement.agreed
    )


def in_force(agreements: Iterable[AgreementFacts], *, at: datetime) -> tuple[AgreementFacts, ...]:
    """Those that stand, without those that a later version has taken the place of."""
    standing = [each for each in agreements if stands(each, at=at)]
    replaced = {each.replaces_id for each in standing}
    return tuple(each for each in standing if each.id not in replaced)


def of_agreement(agreement: AgreementFacts, want: Want) -> Basis | None:
    """What an agreement in force gives: it covers these two, this class and this purpose."""
    covers = (
        want.from_id in agreement.tells
        and want.to_id in agreement.told
        and want.data in agreement.data
        and want.purpose in agreement.purposes
    )
    if not covers:
        return None
    ends = [each for each in (agreement.until_at, agreement.ended_at) if each is not None]
    return Basis(
        "agreement",
        agreement.id,
        frozenset({"agreement"}),
        agreement.fields,
        min(ends, default=None),
    )


def is_active(release: ReleaseFacts, *, at: datetime) -> bool:
    """From its signature until it ends or is revoked, to the second."""
    return (
        release.activated_at is not None
        and release.activated_at <= at
        and (release.until_at is None or at < release.until_at)
        and (release.revoked_at is None or at < release.revoked_at)
    )


def of_release(release: ReleaseFacts, want: Want, *, at: datetime) -> Basis | None:
    """What an active release gives to this: it names this teller, this recipient, this class and purpose.

    A Part 2 record is opened by a Part 2 consent alone, and victim-service data by its own release.
    Source: 42 CFR 2.31, 2.33, 2.35; 45 CFR 164.508; the facts of the table.
    """
    covers = (
        is_active(release, at=at)
        and release.teller_id == want.from_id
        and want.to_id in release.told
        and want.data in release.data
        and want.purpose in _for(release)
        and want.person_id in release.persons
    )
    facts = gives(release.kind, release.signer, want) if covers else frozenset()
    if not facts:
        return None
    return Basis("release", release.id, facts, release.items, release.until_at)


def _for(release: ReleaseFacts) -> frozenset[str]:
    """A consent for treatment, payment and operations is for all of these; any other is for its own purposes."""
    return TPO if release.kind == TPO_CONSENT else release.purposes


def gives(kind: str, signer: str, want: Want) -> frozenset[str]:
    """The facts that a release of this kind gives, so signed, where it covers this. None: another kind of record."""
    if not _of_its_kind(kind, want.data):
        return frozenset()
    if kind == TPO_CONSENT:
        return frozenset({"tpo"})
    given = {
        "part2_named": {"named"},
        "part2_cj": {"cj"},
        "authorization": {"authorization", "named"},
        "hmis": {"hmis_consent"},
        "victim": {"victim_release"},
    }[kind]
    alone = signer in (Signer.GUARDIAN, Signer.MINOR)
    return frozenset(given | ({"guardian"} if alone else set()))


def _of_its_kind(kind: str, data: str) -> bool:
    if kind.startswith("part2"):
        return data in PART_2
    if kind == "victim":
        return data == "victim"
    return data not in PART_2 | {"victim"}


def of_ground(ground: GroundFacts, want: Want, *, at: datetime) -> Basis | None:
    """What somebody stands for by name: of this teller, to this recipient, about this person or call."""
    to = want.to_id == ground.to_id if ground.to_id is not None else want.to_kind == ground.to_kind
    about = (ground.person_id is not None and ground.person_id == want.person_id) or (
        ground.episode_id is not None and ground.episode_id == want.episode_id
    )
    now = ground.from_at <= at and all(
        each is None or at < each for each in (ground.until_at, ground.withdrawn_at)
    )
    said = ground.said_by_id == ground.from_id and ground.kind in HOLDER_SAYS
    claimed = ground.kind == EMERGENCY and ground.said_by_id in (ground.from_id, ground.to_id)
    if not (ground.from_id == want.from_id and to and about and now and (said or claimed)):
        return None
    return Basis("ground", ground.id, frozenset({ground.kind}), (), ground.until_at)


def needed(bases: Sequence[Basis], decides: Callable[[frozenset[str]], str]) -> tuple[Basis, ...]:
    """The fewest of these that still lead to the same row. `decides` answers the row of some facts.

    Shape: those that expire first are let go of first, so that what is told rests on what lasts.
    """
    left = sorted(bases, key=end_of)
    row = decides(facts_of(left))
    for each in tuple(left):
        without = [other for other in left if other is not each]
        if decides(facts_of(without)) == row:
            left = without
    return tuple(left)


def end_of(basis: Basis) -> float:
    """By when it ends, the first first; what has no end comes last."""
    return basis.until_at.timestamp() if basis.until_at else inf


def facts_of(bases: Iterable[Basis]) -> frozenset[str]:
    return frozenset().union(*(each.facts for each in bases))


def opened(row_fields: Sequence[str], used: Iterable[Basis]) -> tuple[str, ...]:
    """The groups of fields that are told: the row's, with `named` read as what the releases name.

    An agreement that lists fields opens no others, even where the row gives more. `named` stays where no release
    names anything: what a court's process names is chosen by whoever tells it, and no page shows it.
    """
    used = tuple(used)
    listed = {item for each in used if each.kind == "agreement" for item in each.items}
    named = [item for each in used if each.kind == "release" for item in each.items]
    found = [field for field in row_fields if field != NAMED]
    if listed:
        found = [field for field in found if field in listed]
    by_hand = [NAMED] if NAMED in row_fields and not named and _stood_for(used) else []
    return tuple(dict.fromkeys([*found, *(named if NAMED in row_fields else ()), *by_hand]))


def _stood_for(used: Iterable[Basis]) -> bool:
    return any(each.kind == "ground" for each in used)
