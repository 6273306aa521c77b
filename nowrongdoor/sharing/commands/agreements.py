"""Agreements and sign-offs: versions, never deleted, in force only once every telling agency agreed."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import parties, party
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, no, require, yes
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.sharing import agreeing, kinds, queries
from nowrongdoor.sharing.agreeing import AgreementWish
from nowrongdoor.sharing.models import Agreed, Agreement, Paper, SignOff

RENEWAL = "sharing.renewal"
MOST_BYTES = 2_000_000
MEDIA = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}
"""What a scan may be, and how such a file begins."""


@command(needs=Action.GOVERN_SHARING)
def make_agreement(
    *,
    by: Actor,
    at: datetime,
    wish: AgreementWish,
    replaces_id: UUID | None = None,
    paper_id: UUID | None = None,
) -> Agreement:
    """Write an agreement down, or the next version of one. One's own agency agrees with it.

    Refused: where one's own agency is no part of it. BadInput as `agreeing.check`, and for a name in use.
    Journal: sharing.agreement_made.
    """
    before = None if replaces_id is None else locked(Agreement, replaces_id)

    agreeing.check(wish)
    _known(wish)
    agencies = sorted({party(each).agency_id for each in (*wish.tells, *wish.told)})
    require(agreeing.may_agree(by, agencies=agencies, agreed=()))
    require(agreeing.may_replace(wish.tells, None if before is None else before.tells))
    newest = Agreement.objects.filter(code=wish.code).order_by("-version").first()
    if (newest and newest.pk) != (before and before.pk):
        raise BadInput("code", "agreement.code", "Another agreement has this name already.")

    row = Agreement.objects.create(
        id=new_id(at),
        code=wish.code,
        version=1 if before is None else before.version + 1,
        title=wish.title,
        tells=list(wish.tells),
        told=list(wish.told),
        agencies=agencies,
        data=list(wish.data),
        purposes=list(wish.purposes),
        fields=list(wish.fields),
        legal_basis=wish.legal_basis,
        signed_by=[{"name": name, "agency": agency} for name, agency in wish.signed_by],
        paper_id=paper_id,
        from_at=wish.from_at,
        until_at=wish.until_at,
        remind_days=list(wish.remind_days),
        replaces=before,
        program_id=by.program_id,
        member_id=named(by),
        made_at=at,
    )
    mine = _agreed(row, by=by, at=at)
    _remind(row, by=by, at=at)
    record(kinds.AGREEMENT_MADE, row, mine, by=by, at=at)
    return row


@command(needs=Action.GOVERN_SHARING)
def agree_agreement(*, by: Actor, at: datetime, agreement_id: UUID) -> Agreement:
    """Agree for one's own agency. It is in force once every agency that tells has agreed.

    Refused: as `sharing.agreeing.may_agree` says.
    Journal: sharing.agreed.
    """
    row = locked(Agreement, agreement_id)

    agreed = set(row.agreed.values_list("agency_id", flat=True))
    require(agreeing.may_agree(by, agencies=row.agencies, agreed=agreed))

    mine = _agreed(row, by=by, at=at)
    record(kinds.AGREED, mine, by=by, at=at)
    return row


@command(needs=Action.GOVERN_SHARING)
def end_agreement(*, by: Actor, at: datetime, agreement_id: UUID) -> Agreement:
    """End an agreement now, for everybody: from this second it opens nothing.

    Refused: where it has ended, and to whose agency is no part of it.
    Journal: sharing.agreement_ended.
    """
    row = locked(Agreement, agreement_id)

    mine = by.agency_id in row.agencies
    require(yes("agreement.party") if mine else agreeing.may_agree(by, agencies=(), agreed=()))
    over = row.ended_at is not None
    require(no("agreement.over", "This has ended already.") if over else yes("agreement.runs"))

    row.ended_at, row.ended_by_id = at, named(by)
    row.save(update_fields=["ended_at", "ended_by"])
    clocks.cancel_deadline(row.pk, at=at)
    record(kinds.AGREEMENT_ENDED, row, by=by, at=at)
    return row


@command(needs=Action.GOVERN_SHARING)
def keep_paper(
    *, by: Actor, at: datetime, name: str, media: str, content: bytes, agencies: list[UUID]
) -> Paper:
    """Keep a scan of what was signed. BadInput for a file that is too large, or of another sort.

    Journal: none of its own; the agreement that names it has one.
    """
    if len(content) > MOST_BYTES:
        raise BadInput("paper", "paper.large", "The file is larger than 2 MB. Scan it smaller.")
    if not content.startswith(MEDIA.get(media, b"\0\0")):
        raise BadInput("paper", "paper.media", "Choose a PDF, PNG or JPEG file.")
    return Paper.objects.create(
        id=new_id(at),
        name=name[:120],
        media=media,
        content=content,
        sha256=sha256(content).hexdigest(),
        agencies=agencies,
        member_id=named(by),
        at=at,
    )


@command(needs=Action.GOVERN_SHARING)
def sign_off_row(*, by: Actor, at: datetime, row: str) -> SignOff:
    """Sign a row of the table off, by name: counsel has said that it may decide here. Of the text as it now stands.

    Refused: a row that is settled, or signed off already; BadInput for no such row.
    Journal: sharing.signed_off.
    """
    table = queries.table()
    found = next((each for each in table.allow if each.id == row), None) if table else None
    if table is None or found is None:
        raise BadInput("row", "signoff.row", "There is no such row.")
    kinds_here = {each.kind for each in parties().values() if each.agency_id == by.agency_id}
    tells = bool(kinds_here & found.scope.senders)
    require(
        yes("signoff.tells")
        if tells
        else no("signoff.not_yours", "Only an agency that tells by this row can sign it off.")
    )
    waits = not table.counts(found)
    require(yes("signoff.waits") if waits else no("signoff.decides", "This row decides already."))

    made = SignOff.objects.create(
        id=new_id(at),
        row=row,
        digest=queries.digest(found),
        agency_id=by.agency_id,
        member_id=named(by),
        at=at,
    )
    record(kinds.SIGNED_OFF, made, by=by, at=at)
    return made


@command(needs=Action.GOVERN_SHARING)
def withdraw_sign_off(*, by: Actor, at: datetime, signoff_id: UUID) -> SignOff:
    """Take a sign-off back: the row is passed over again.

    Journal: sharing.sign_off_withdrawn. Done twice it changes nothing.
    """
    row = locked(SignOff, signoff_id)

    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by_id = max(at, row.at), named(by)
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record(kinds.SIGN_OFF_WITHDRAWN, row, by=by, at=at)
    return row


def renewal_due(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Say that an agreement ends soon, and when to say so next.

    Read and not locked: only a privacy officer may change an agreement, and a clock is no person.
    Journal: sharing.renewal_due; none where it was ended at this moment.
    """
    row = Agreement.objects.filter(pk=subject_id, ended_at=None).first()
    if row is None:
        return
    record(kinds.RENEWAL_DUE, row, by=by, at=at, to_program_id=row.program_id)
    _remind(row, by=by, at=at)


def _known(wish: AgreementWish) -> None:
    """Errors: BadInput for a word that the table does not have."""
    table = queries.table()
    for name, given, known in (
        ("data", wish.data, () if table is None else table.data),
        ("purposes", wish.purposes, () if table is None else table.purposes),
        ("fields", wish.fields, () if table is None else table.fields),
    ):
        if any(each not in known for each in given):
            raise BadInput(name, "code.unknown", "Choose from the list.")


def _agreed(row: Agreement, *, by: Actor, at: datetime) -> Agreed:
    return Agreed.objects.create(
        id=new_id(at), agreement=row, agency_id=by.agency_id, member_id=named(by), at=at
    )


def _remind(row: Agreement, *, by: Actor, at: datetime) -> None:
    due = agreeing.next_reminder(row.until_at, row.remind_days, at=at)
    if due is not None:
        clocks.set_deadline(
            DeadlineFacts(RENEWAL, row.pk, due, program_id=row.program_id), by=by, at=at
        )
