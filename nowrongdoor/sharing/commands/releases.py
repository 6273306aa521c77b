"""Every change to releases, and to whose record they mean. The release is locked first."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import parties
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, no, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.sharing import kinds, queries, reach, release_words, releasing, signing
from nowrongdoor.sharing.elements import Kind, Signer
from nowrongdoor.sharing.models import Release, Subject
from nowrongdoor.sharing.plans import PLANS
from nowrongdoor.sharing.release_said import DRAFTED, digest, facts_of, local_day
from nowrongdoor.sharing.release_wishes import HOWS, LANGUAGES, WAYS, How, Language, Way, Wish
from nowrongdoor.sharing.signing import Drawing, Signature, Strokes
from nowrongdoor.web.fields import Name, OneOf, Pick, Text, Tick
from nowrongdoor.web.inputs import Group

_ELSEWHERE = no("release.elsewhere", "Another program is taking this. Only they can go on with it.")


@command(needs=Action.TAKE_RELEASE)
def draft_release(*, by: Actor, at: datetime, wish: Annotated[Wish, Group()]) -> Release:
    """Write what a person will be asked, by one of the plans. It opens nothing.

    Refused: where a program would be told by itself. BadInput for a recipient to whom the table has no row for it.
    Journal: sharing.release_drafted.
    """
    asked = _asked(wish, by=by, on=local_day(at), from_at=at)
    _require_reach(asked, by)

    row = Release.objects.create(
        id=new_id(at), program_id=by.program_id, member_id=named(by), taken_at=at, **asked
    )
    record(kinds.RELEASE_DRAFTED, row, by=by, at=at)
    return row


@command(needs=Action.TAKE_RELEASE)
def change_release(
    *, by: Actor, at: datetime, release_id: UUID, wish: Annotated[Wish, Group()]
) -> Release:
    """Write a draft anew, before the person has answered.

    Refused: as `releasing.may_change` says; where another program is taking it; as `draft_release` says.
    Journal: sharing.release_changed.
    """
    row = _open_draft(release_id, by)

    asked = _asked(wish, by=by, on=local_day(at), from_at=row.taken_at)
    _require_reach(asked, by)

    for name, value in asked.items():
        setattr(row, name, value)
    row.save(update_fields=DRAFTED)
    record(kinds.RELEASE_CHANGED, row, by=by, at=at)
    return row


@command(needs=Action.TAKE_RELEASE)
def sign_release(
    *,
    by: Actor,
    at: datetime,
    release_id: UUID,
    read: Annotated[
        str, Text(label=_("What was read"), most=64, wrong="The page is damaged. Reload it.")
    ],
    drawn: Annotated[Strokes, Drawing(label=_("Signature"))] = (),
    typed: Annotated[str, Name(label=_("Name, typed"), most=120)] = "",
    minor: Annotated[str, Name(label=_("Name of the minor, typed"), most=120)] = "",
    witness_name: Annotated[str, Name(label=_("Who is with them"), most=120)] = "",
    language: Annotated[Language, OneOf(words=LANGUAGES, label=_("Read in"))] = Language.EN,
    text_version: Annotated[str, Text(label=_("Words"), most=20)] = "",
) -> Release:
    """Keep the signature of who read it; with every element there, it opens from this moment.

    `read`: the `digest` of what the page showed.
    Refused: as `draft_release` and `releasing.was_read` say, and as `releasing.may_activate` says, with the first element that is
        missing and its regulation.
    Journal: sharing.release_signed.
    """
    if text_version and text_version not in release_words.versions():
        raise BadInput("text_version", "text.unknown", "The page is damaged. Reload it.")
    version = text_version or release_words.NEWEST
    row = _open_draft(release_id, by)
    _require_reach(vars(row), by)

    require(releasing.was_read(read, digest(row, language, version)))

    _sign(row, Signature(drawn, "" if drawn else typed, minor), at=at)
    row.witness_name, row.language = witness_name, language.value
    row.text_version = version
    row.statements = list(release_words.statements(Kind(row.kind)))
    if release_words.is_plain(row.description, row.items):
        row.description = release_words.described(row.items, language.value, row.text_version)
    require(releasing.may_activate(facts_of(row), local_day(at)))

    row.activated_at, row.activated_by_id = at, named(by)
    row.save()
    record(kinds.RELEASE_SIGNED, row, by=by, at=at)
    return row


@command(needs=Action.TAKE_RELEASE)
def refuse_release(*, by: Actor, at: datetime, release_id: UUID) -> Release:
    """Keep that the person said no. It is an answer as good as a yes, and nothing follows from it.

    Refused: as `releasing.may_change` says.
    Journal: sharing.release_refused.
    """
    row = _open_draft(release_id, by)

    row.refused_at = at
    row.save(update_fields=["refused_at"])
    record(kinds.RELEASE_REFUSED, row, by=by, at=at)
    return row


@command(needs=Action.TAKE_RELEASE)
def revoke_release(
    *,
    by: Actor,
    at: datetime,
    release_id: UUID,
    how: Annotated[How, OneOf(words=HOWS, label=_("How the person said so"))],
    condition_ended: Annotated[
        bool, Tick(label=_("The condition it is tied to has ended"), only_if="tied")
    ] = False,
) -> Release:
    """End a release at once, at any door that knows of it. What was told by it stays told, and is listed.

    Refused: as `releasing.may_revoke` says.
    Journal: sharing.release_revoked.
    """
    row = locked(Release, release_id)

    require(releasing.may_revoke(facts_of(row), condition_ended=condition_ended, at=at))

    row.revoked_at, row.revoked_by_id, row.revoked_how = at, named(by), how.value
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_how"])
    record(kinds.RELEASE_REVOKED, row, by=by, at=at)
    return row


@command(needs=Action.TAKE_RELEASE)
def give_copy(
    *,
    by: Actor,
    at: datetime,
    release_id: UUID,
    how: Annotated[Way, OneOf(words=WAYS, label=_("Copy"), sent_as="way")],
    sha256: Annotated[str, Text(label=_("Fingerprint"), most=64)] = "",
) -> Release:
    """Keep which way the person got a copy, and the SHA-256 of its PDF; '' where none can be made.

    Refused: as `releasing.may_copy` says; to another program than the one that took it.
    Journal: sharing.copy_given.
    """
    row = locked(Release, release_id)

    require(releasing.may_copy(facts_of(row)))
    _require_ours(row, by)

    row.copy_given, row.copy_sha256 = how.value, sha256
    row.save(update_fields=["copy_given", "copy_sha256"])
    record(kinds.COPY_GIVEN, row, by=by, at=at)
    return row


@command(needs=Action.TAKE_RELEASE)
def say_subject(
    *,
    by: Actor,
    at: datetime,
    release_id: UUID,
    person_id: Annotated[UUID, Pick(label=_("Record here"), of_row="records")],
) -> Subject:
    """Say whose record a release means in a program that did not take it.

    Refused: as `releasing.may_say_subject` says.
    Journal: sharing.subject_said.
    """
    row = locked(Release, release_id)

    known = Subject.objects.filter(release=row, program_id=by.program_id, undone_at=None).exists()
    took_it = row.program_id == by.program_id
    require(releasing.may_say_subject(facts_of(row), took_it=took_it, known=known, at=at))

    subject = Subject.objects.create(
        id=new_id(at),
        release=row,
        program_id=by.program_id,
        person_id=person_id,
        member_id=named(by),
        at=at,
    )
    record(kinds.SUBJECT_SAID, subject, by=by, at=at)
    return subject


@command(needs=Action.TAKE_RELEASE)
def undo_subject(*, by: Actor, at: datetime, subject_id: UUID) -> Subject:
    """Take back whose record a release means here: a wrong one opens the wrong person's.

    Refused: where it was taken back already.
    Journal: sharing.subject_undone.
    """
    row = locked(Subject, subject_id)

    require(releasing.may_undo_subject(undone=row.undone_at is not None))

    row.undone_at = at
    row.save(update_fields=["undone_at"])
    record(kinds.SUBJECT_UNDONE, row, by=by, at=at)
    return row


def _open_draft(release_id: UUID, by: Actor) -> Release:
    """A draft of the actor's own program, locked."""
    row = locked(Release, release_id)
    require(releasing.may_change(facts_of(row)))
    _require_ours(row, by)
    return row


def _require_ours(row: Release, by: Actor) -> None:
    if row.program_id != by.program_id:
        raise NotPermitted(_ELSEWHERE)


def _asked(wish: Wish, *, by: Actor, on: date, from_at: datetime) -> dict[str, Any]:
    """The columns of what is asked: a plan's, and what was typed. `on`: today; `from_at`: a term runs from then."""
    plan, teller_id = PLANS[wish.plan], wish.teller_id or by.program_id
    unknown = [each for each in (*wish.told, teller_id) if each not in parties()]
    if unknown:
        raise BadInput("told_program_id", "code.unknown", "Choose from the list.")
    require(releasing.may_name(teller_id, wish.told))
    until_at = wish.until_at
    if until_at is None and not wish.until_event and plan.days:
        until_at = from_at + plan.term
    return {
        "kind": plan.kind.value,
        "person_id": wish.person_id,
        "person_name": wish.person_name,
        "person_born": wish.born_date(on),
        "teller_id": teller_id,
        "told": wish.told,
        "told_names": wish.names,
        "data": list(plan.data),
        "items": list(plan.items),
        "description": wish.description or release_words.described(plan.items, by.language),
        "purpose": plan.purpose,
        "until_at": until_at,
        "until_event": wish.until_event,
        "no_end": plan.kind is Kind.PART2_TPO and until_at is None and not wish.until_event,
        "condition": wish.condition,
        "signer": wish.signer.value,
        "signer_name": wish.signer_name,
        "signer_basis": wish.signer_basis,
    }


def _require_reach(asked: Mapping[str, Any], by: Actor) -> None:
    """Each who would be told can be, by the table: a person is asked for nothing that would open nothing."""
    table, known = queries.table(), parties()
    teller, release = known[asked["teller_id"]], reach.asked(asked)
    for field, each in zip(("told_program_id", "also_told_id"), asked["told"], strict=False):
        kinds = {"teller_kind": teller.kind, "told_kind": known[each].kind}
        if table is None or not reach.opens(table, release, **kinds):
            raise BadInput(
                field,
                "release.no_row",
                "By this permission {teller} may tell {told} nothing: the disclosure table has no row for it. "
                "Choose another permission, who tells, or who is told.",
                teller=teller.name(by.language),
                told=known[each].name(by.language),
            )


def _sign(row: Release, signature: Signature, *, at: datetime) -> None:
    """Put a signature on a draft; nothing is on it where nobody drew or typed."""
    row.signature = signing.kept(signature)
    if row.signature:
        row.signature_kind, row.signed_at = signature.kind, at
    if row.signer in (Signer.PERSON, Signer.MINOR):
        row.signer_name = row.person_name
