"""What a privacy officer reads: agreements, reviews, asks, who looked, what was told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import parties
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import bases, bench, queries, said
from nowrongdoor.sharing.facts import Asked
from nowrongdoor.sharing.models import Agreement, Ask, Disclosure, Look, Paper, Review, SignOff
from nowrongdoor.sharing.reviewing import FINDINGS, Kind
from nowrongdoor.sharing.shelves import number_of
from nowrongdoor.sharing.suspension_queries import accounted
from nowrongdoor.sharing.told import ToldRow, in_words

SOON = timedelta(days=30)
MOST = 200
REPLAYED = 20_000


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement as it stands now. `waits`: agencies that tell by it and have not agreed."""

    id: UUID
    code: str
    version: int
    title: str
    tells: tuple[str, ...]
    told: tuple[str, ...]
    data: tuple[str, ...]
    purposes: tuple[str, ...]
    fields: tuple[str, ...]
    legal_basis: str
    from_at: datetime
    until_at: datetime | None
    state: str
    days_left: int | None
    waits: tuple[str, ...]
    paper_id: UUID | None
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: UUID
    kind: str
    asked_by: str
    program: str
    to: str
    reason: str
    told: str
    row: str
    asked_at: datetime
    due_at: datetime
    overdue: bool
    own: bool
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookRow:
    at: datetime
    name: str
    program: str
    page: str
    label: str
    basis: str
    without_reason: bool
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class OwnAskRow:
    """What one's own program asked to see, of whom, and the answer: '' while there is none."""

    of: str
    data: str
    asked_at: datetime
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class AskRow:
    id: UUID
    by_name: str
    program: str
    of_program: str
    data: str
    purpose: str
    why: str
    asked_at: datetime
    record_id: UUID | None
    """The asked program's own record: of the person of the call that the request names."""
    record: str
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignOffRow:
    id: UUID
    row: str
    name: str
    at: datetime
    may: tuple[str, ...] = ("withdraw_sign_off",)


def agreements(by: Actor, *, at: datetime) -> tuple[AgreementRow, ...]:
    """The agreements of `by`'s agency, the one that ends first on top; later versions instead of earlier ones."""
    with act_as(by):
        standing = {each.id for each in bases.in_force(queries.agreements(), at=at)}
        rows = list(
            Agreement.objects.filter(agencies__contains=[by.agency_id], replaced_by=None)
            .prefetch_related("agreed")
            .order_by("until_at", "code")
        )
    return tuple(_agreement(row, by, standing, at=at) for row in rows)


def _agreement(
    row: Agreement, by: Actor, standing: Collection[UUID], *, at: datetime
) -> AgreementRow:
    known = parties()
    agreed = {each.agency_id for each in row.agreed.all()}
    telling = {known[each].agency_id: known[each] for each in row.tells}
    waits = [each for agency, each in telling.items() if agency not in agreed]
    ends = row.ended_at or row.until_at
    over = ends is not None and ends <= at
    left = None if ends is None or over else (ends - at).days
    may = [] if over else ["end_agreement"]
    if not over and by.agency_id not in agreed:
        may.insert(0, "agree_agreement")
    return AgreementRow(
        id=row.pk,
        code=row.code,
        version=row.version,
        title=row.title,
        tells=tuple(known[each].name(by.language) for each in row.tells),
        told=tuple(known[each].name(by.language) for each in row.told),
        data=tuple(row.data),
        purposes=tuple(row.purposes),
        fields=tuple(row.fields),
        legal_basis=row.legal_basis,
        from_at=row.from_at,
        until_at=ends,
        state=_state(row, standing, over=over, waits=bool(waits), left=left, at=at),
        days_left=left,
        waits=tuple(each.name(by.language) for each in waits),
        paper_id=row.paper_id,
        may=tuple(may),
    )


def _state(
    row: Agreement,
    standing: Collection[UUID],
    *,
    over: bool,
    waits: bool,
    left: int | None,
    at: datetime,
) -> str:
    if row.ended_at is not None and over:
        return "ended"
    if over:
        return "expired"
    if waits:
        return "waits"
    if row.from_at > at or row.pk not in standing:
        return "later"
    return "soon" if left is not None and left <= SOON.days else "in_force"


def reviews(by: Actor, *, at: datetime) -> tuple[ReviewRow, ...]:
    """What waits for another person in `by`'s program, the one that is due first on top."""
    with act_as(by):
        rows = list(
            Review.objects.filter(program_id=by.program_id, done_at=None)
            .select_related("ground", "disclosure")
            .order_by("due_at", "id")[:MOST]
        )
        names = agencies.names_of({row.asked_by_id for row in rows})
    known, may = parties(), granted(by, (Action.GOVERN_SHARING, Action.ASSUME))
    return tuple(
        ReviewRow(
            id=row.pk,
            kind=row.kind,
            asked_by=names.get(row.asked_by_id, ""),
            program=known[row.from_program_id].name(by.language),
            to=known[row.to_program_id].name(by.language)
            if row.to_program_id
            else said.said(said.KINDS, row.to_kind),
            reason="" if row.ground is None else row.ground.reference,
            told="" if row.disclosure is None else _told(row.disclosure),
            row=row.row,
            asked_at=row.asked_at,
            due_at=row.due_at,
            overdue=row.due_at <= at,
            own=row.asked_by_id == by.member_id,
            may=("finish_review",) if may and row.asked_by_id != by.member_id else (),
        )
        for row in rows
    )


def _told(row: Disclosure) -> str:
    return said.told(row.record_kind, row.data, row.fields)


def findings(kind: str) -> tuple[str, ...]:
    return tuple(each.value for each in FINDINGS[Kind(kind)])


def looks(by: Actor, *, label: str = "", name: str = "") -> tuple[LookRow, ...]:
    """Who looked at what, the latest first: at one's agency's records, or by its staff."""
    with act_as(by):
        rows = Look.objects.select_related("member", "program__agency")
        rows = rows.filter(label__iexact=label) if label else rows
        rows = rows.filter(member__name__icontains=name) if name else rows
        found = list(rows.order_by("-at", "-id")[:MOST])
    known = parties()
    return tuple(
        LookRow(
            at=row.at,
            name=row.member.name,
            program=known[row.program_id].name(by.language),
            page=row.page,
            label=row.label,
            basis=row.basis,
            without_reason=row.basis == "",
            person_id=row.person_id if row.of_agency_id == by.agency_id else None,
        )
        for row in found
    )


def asked_of(by: Actor, person_id: UUID) -> tuple[OwnAskRow, ...]:
    """What one's own program asked others about this record of its own, the latest first, with the answers."""
    with act_as(by):
        rows = Ask.objects.filter(program_id=by.program_id, person_id=person_id)
        found = list(rows.order_by("-asked_at", "-id"))
    return tuple(
        OwnAskRow(
            of=parties()[row.of_program_id].name(by.language),
            data=row.data,
            asked_at=row.asked_at,
            answer=row.answer,
            reason=row.reason,
        )
        for row in found
    )


def asks(by: Actor) -> tuple[AskRow, ...]:
    """Who asks to see a record of `by`'s program, or agency where they are its privacy officer, and has no answer."""
    with act_as(by):
        rows = Ask.objects.filter(answered_at=None).exclude(program_id=by.program_id)
        found = list(rows.select_related("member").order_by("asked_at", "id")[:MOST])
        records = _records(found)
    known = parties()
    return tuple(
        AskRow(
            id=row.pk,
            by_name=row.member.name,
            program=known[row.program_id].name(by.language),
            of_program=known[row.of_program_id].name(by.language),
            data=row.data,
            purpose=row.purpose,
            why=row.why,
            asked_at=row.asked_at,
            record_id=records.get(row.pk),
            record=number_of(records[row.pk]) if row.pk in records else "",
            may=("answer_ask",),
        )
        for row in found
    )


def _records(asks: Iterable[Ask]) -> dict[UUID, UUID]:
    """Whom each asked program knows the person of the call as that a request names. One query.

    What is found is shown to those who are asked, and to no one who asks. Called inside a transaction.
    """
    named = [each for each in asks if each.episode_id is not None]
    with connection.cursor() as cursor:
        calls = [each.episode_id for each in named]
        cursor.execute("SELECT * FROM episodes_records_of(%s::uuid[])", [calls])
        known = {(episode, program): person for episode, program, person in cursor.fetchall()}
    found = {each.pk: known.get((each.episode_id, each.of_program_id)) for each in named}
    return {ask_id: record_id for ask_id, record_id in found.items() if record_id is not None}


def sign_offs(by: Actor) -> tuple[SignOffRow, ...]:
    """Who signed which row off here, besides those of the community's file."""
    with act_as(by):
        rows = list(SignOff.objects.filter(withdrawn_at=None).select_related("member"))
    return tuple(SignOffRow(row.pk, row.row, row.member.name, row.at) for row in rows)


def accounting(
    by: Actor, person_id: UUID, *, for_them_at: datetime | None = None
) -> tuple[ToldRow, ...]:
    """All that was told of one record, the latest first; also of its calls, before anyone had said whose they were.

    `for_them_at`: as the person has it at this time, without what is suspended.
    Errors: NotFound where nothing was that `by` may know of, and the record is no program's of their agency.
    """
    with act_as(by), connection.cursor() as cursor:
        cursor.execute("SELECT episode_id, program_id FROM episodes_of_record(%s)", [person_id])
        calls = Q(pk__in=())
        for episode_id, program_id in cursor.fetchall():
            calls |= Q(person_id=None, episode_id=episode_id, from_program_id=program_id)
        rows = Disclosure.objects.filter(Q(person_id=person_id) | calls).select_related("release")
        found = list(rows.order_by("-at", "-id"))
        cursor.execute("SELECT identity_program_of(%s)", [person_id])
        [keeper] = cursor.fetchone() or (None,)
        lines = found if for_them_at is None else accounted(found, person_id, at=for_them_at)
    if not found and (keeper is None or parties()[keeper].agency_id != by.agency_id):
        raise missing()
    return in_words(lines, by)


def told_lines(by: Actor) -> tuple[bench.Line, ...]:
    """The latest lines of the ledger that `by` may read, to try a changed table on."""
    with act_as(by):
        rows = Disclosure.objects.order_by("-at", "-id").values_list(
            "data", "from_kind", "to_kind", "purpose", "facts", "row", "fields"
        )
        found = list(rows[:REPLAYED])
    return tuple(
        bench.Line(Asked(data, sender, to, purpose, frozenset(facts)), row, tuple(fields))
        for data, sender, to, purpose, facts, row, fields in found
    )


def paper(by: Actor, paper_id: UUID) -> Paper:
    """A scan of one's own agency's. Errors: NotFound."""
    with act_as(by):
        row = Paper.objects.filter(pk=paper_id).first()
    if row is None:
        raise missing()
    return row
