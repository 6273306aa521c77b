"""Every read of releases, as rows for pages. What a release is worth is computed as it is read, never kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from uuid import UUID

from django.db.models import Q

from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import parties
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import (
    elements,
    queries,
    reach,
    release_words,
    releasing,
    said,
    signing,
)
from nowrongdoor.sharing.elements import Kind, ReleaseFacts, Signer
from nowrongdoor.sharing.models import Disclosure, Release, Subject
from nowrongdoor.sharing.plans import PLANS
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.release_said import (
    ElementRow,
    digest,
    element_rows,
    facts_of,
    local_day,
    may_read_whole,
    named,
)
from nowrongdoor.sharing.release_words import Named
from nowrongdoor.sharing.releasing import State
from nowrongdoor.web.fields import Choices

MOST = 200
"""Releases of a list, and disclosures by one release, that are read at most: the latest."""


NEW = UUID(int=0)
"""The id of a draft that is not written yet."""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release in a list, worth what it is worth at the time of the reading."""

    id: UUID
    label: str
    kind: Kind
    person_name: str
    teller: str
    told: tuple[str, ...]
    state: State
    until_at: datetime | None
    until_event: str
    taken_at: datetime
    ours: bool
    """Taken by the reader's own program."""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """What was told by a release: once told, it stays told."""

    at: datetime
    to: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """Whose record a release means in the reader's program."""

    id: UUID
    person_id: UUID
    at: datetime
    by_name: str
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One release, whole. `missing` keeps it from being signed; `may` names what the reader may do."""

    id: UUID
    row: ReleaseRow
    whole: bool
    """Whether the reader may still read what was signed, as `release_said.may_read_whole` says."""
    facts: ReleaseFacts
    named: Mapping[str, Named]
    """By the language of the reader."""
    digests: Mapping[str, str]
    """Of what a draft's page shows, by language; none once it is answered."""
    born: date | None
    program: str
    taken_by: str
    signer_name: str
    signature: str
    signature_path: str
    minor_signed: str
    witness_name: str
    signed_at: datetime | None
    revoked_at: datetime | None
    revoked_how: str
    refused_at: datetime | None
    language: str
    text_version: str
    copy_given: str
    copy_sha256: str
    person_id: UUID | None
    missing: tuple[elements.Missing, ...]
    elements: tuple[ElementRow, ...]
    told_by_it: tuple[ToldRow, ...]
    subject: SubjectRow | None
    may: tuple[str, ...]
    draft: "Draft"
    records: Choices = ()
    """The reader's own records of this name, where they may say which of them is meant."""

    @property
    def by_age(self) -> bool:
        """Whether it ends because the person is of age then."""
        return self.facts.grown_at is not None and self.row.until_at == self.facts.grown_at

    @property
    def tied(self) -> bool:
        """To a condition of a court: it is stopped only when that has ended."""
        return self.facts.kind is Kind.PART2_CJ


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its form shows it, each under its field's name; an empty one is a new form."""

    id: UUID = NEW
    plan: str = ""
    person_name: str = ""
    born: str = ""
    told_program: str = ""
    also_told: str = ""
    people: str = ""
    teller: str = ""
    days: str = ""
    until_event: str = ""
    condition: str = ""
    more: str = ""
    signer: str = Signer.PERSON.value
    signer_name: str = ""
    signer_basis: str = ""
    person_id: UUID | None = None


def recipients(by: Actor, *, at: datetime) -> Choices:  # noqa: ARG001 - as every list of choices
    """The programs to which the table lets some permission open something, in the reader's language."""
    with act_as(by):
        table = queries.table()
    kinds = frozenset() if table is None else reach.told_kinds(table)
    rows = (each for each in parties().values() if each.kind in kinds)
    return sorted(
        ((str(each.program_id), each.name(by.language)) for each in rows), key=itemgetter(1)
    )


def releases(by: Actor, *, at: datetime) -> tuple[tuple[ReleaseRow, ...], bool]:
    """The releases that the reader's program took, tells by or is told by, the latest first; whether there are more.

    For a privacy officer those of their agency. One query.
    """
    with act_as(by):
        found = list(Release.objects.order_by("-taken_at", "-id")[: MOST + 1])
    return tuple(_row(each, by, at=at) for each in found[:MOST]), len(found) > MOST


def of_person(by: Actor, person_id: UUID, *, at: datetime) -> tuple[ReleaseRow, ...]:
    """The releases that mean one record, the latest first, as far as `by` may know of them."""
    with act_as(by):
        meant = Subject.objects.filter(person_id=person_id, undone_at=None).values("release_id")
        rows = Release.objects.filter(Q(person_id=person_id) | Q(pk__in=meant))
        found = list(rows.order_by("-taken_at", "-id")[:MOST])
    return tuple(_row(row, by, at=at) for row in found)


def opening(by: Actor, decisions: Iterable[Decision], *, at: datetime) -> tuple[ReleaseRow, ...]:
    """The releases by which these decisions open something to `by`'s program, the latest first."""
    ids = {
        used.id
        for each in decisions
        if each.allowed
        for used in each.used
        if used.kind == "release"
    }
    with act_as(by):
        found = list(Release.objects.filter(pk__in=ids).order_by("-taken_at", "-id"))
    return tuple(_row(row, by, at=at) for row in found)


def release(by: Actor, release_id: UUID, *, at: datetime) -> ReleaseView:
    """One release with what was told by it. Errors: NotFound where `by` may not know of it. Three queries."""
    with act_as(by):
        row = Release.objects.select_related("member").filter(pk=release_id).first()
        if row is None:
            raise missing()
        told = list(Disclosure.objects.filter(release=row).order_by("-at", "-id")[:MOST])
        subject = (
            Subject.objects.select_related("member")
            .filter(release=row, program_id=by.program_id, undone_at=None)
            .first()
        )
    return _view(row, told, subject, by, at=at)


def _row(row: Release, by: Actor, *, at: datetime) -> ReleaseRow:
    who, facts = named(row, by.language), facts_of(row)
    return ReleaseRow(
        id=row.pk,
        label=f"R-{row.number}",
        kind=Kind(row.kind),
        person_name=row.person_name,
        teller=who.teller,
        told=who.told,
        state=releasing.state(facts, at),
        until_at=releasing.ends_at(facts),
        until_event=row.until_event,
        taken_at=row.taken_at,
        ours=row.program_id == by.program_id,
    )


def _view(
    row: Release,
    told: Iterable[Disclosure],
    subject: Subject | None,
    by: Actor,
    *,
    at: datetime,
) -> ReleaseView:
    facts, signature = facts_of(row), signing.read(row.signature)
    open_draft = releasing.may_change(facts).allowed
    version = row.text_version or release_words.NEWEST
    shown = release_words.LANGUAGES if open_draft else ()
    return ReleaseView(
        id=row.pk,
        row=_row(row, by, at=at),
        whole=may_read_whole(row, by, at=at),
        facts=facts,
        named={each: named(row, each) for each in release_words.LANGUAGES},
        digests={each: digest(row, each, version) for each in shown},
        born=row.person_born,
        program=parties()[row.program_id].name(by.language),
        taken_by=_name(row.member),
        signer_name=row.signer_name or row.person_name,
        signature=signature.typed,
        signature_path=signing.path(signature.drawn),
        minor_signed=signature.minor,
        witness_name=row.witness_name,
        signed_at=row.signed_at,
        revoked_at=row.revoked_at,
        revoked_how=row.revoked_how,
        refused_at=row.refused_at,
        language=row.language,
        text_version=version,
        copy_given=row.copy_given,
        copy_sha256=row.copy_sha256,
        person_id=row.person_id,
        missing=elements.unready(facts, local_day(at)) if open_draft else (),
        elements=element_rows(row, by.language, on=local_day(row.signed_at or at)),
        told_by_it=tuple(_told(each, by.language) for each in told),
        subject=None if subject is None else _subject(subject),
        may=_may(row, facts, subject, by, at=at),
        draft=_draft(row),
    )


def _may(
    row: Release, facts: ReleaseFacts, subject: Subject | None, by: Actor, *, at: datetime
) -> tuple[str, ...]:
    if not granted(by, Action.TAKE_RELEASE):
        return ()
    ours = row.program_id == by.program_id
    may_say = releasing.may_say_subject(facts, took_it=ours, known=subject is not None, at=at)
    possible = {
        "change_release": ours and releasing.may_change(facts).allowed,
        "sign_release": ours and releasing.may_change(facts).allowed,
        "refuse_release": ours and releasing.may_change(facts).allowed,
        "revoke_release": releasing.may_revoke(facts, condition_ended=True, at=at).allowed,
        "give_copy": ours and releasing.may_copy(facts).allowed,
        "say_subject": may_say.allowed,
    }
    return tuple(name for name, may in possible.items() if may)


def _told(row: Disclosure, language: str) -> ToldRow:
    known = parties()
    to = known[row.to_program_id].name(language) if row.to_program_id in known else row.to_name
    return ToldRow(
        at=row.at,
        to=to or said.said(said.KINDS, row.to_kind),
        what=said.told(row.record_kind, row.data, row.fields),
        purpose=said.said(said.PURPOSES, row.purpose),
    )


def _subject(row: Subject) -> SubjectRow:
    return SubjectRow(row.pk, row.person_id, row.at, _name(row.member), ("undo_subject",))


def _name(member: object) -> str:
    """A member's: the columns of sharing say of it only that it is a row."""
    return str(getattr(member, "name"))  # noqa: B009 - as above


def _draft(row: Release) -> Draft:
    plain = release_words.is_plain(row.description, row.items)
    told: Sequence[object] = [*row.told, "", ""]
    days = "" if row.until_at is None else str((row.until_at - row.taken_at).days)
    return Draft(
        id=row.pk,
        plan=_plan(row),
        person_name=row.person_name,
        born="" if row.person_born is None else row.person_born.isoformat(),
        told_program=str(told[0]),
        also_told=str(told[1]),
        people=", ".join(row.told_names),
        teller=str(row.teller_id),
        days=days,
        until_event=row.until_event,
        condition=row.condition,
        more="" if plain else row.description,
        signer=row.signer,
        signer_name=row.signer_name,
        signer_basis=row.signer_basis,
        person_id=row.person_id,
    )


def _plan(row: Release) -> str:
    asked = (row.kind, list(row.data), list(row.items), row.purpose)
    return next(
        (
            plan.value
            for plan, each in PLANS.items()
            if (each.kind.value, list(each.data), list(each.items), each.purpose) == asked
        ),
        "",
    )
