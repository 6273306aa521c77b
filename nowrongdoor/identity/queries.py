"""Every read of a program's records of people, as frozen rows. Another program's are not read, nor counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import code_names
from nowrongdoor.identity import records, rules
from nowrongdoor.identity.facts import NameKind, Says
from nowrongdoor.identity.models import Judgment, Name, Person, Phone
from nowrongdoor.identity.reads import (
    JudgmentRow,
    NameRow,
    PartRow,
    PersonLine,
    PhoneRow,
    ReasonRow,
    RecordRow,
)
from nowrongdoor.identity.rules.born import written
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing

E = TypeVar("E", Name, Phone)


def lines(by: Actor, ids: Collection[UUID]) -> dict[UUID, PersonLine]:
    """These records, each by the id that was asked for, as a list shows them."""
    with act_as(by):
        roots = records.roots_of(ids)
        found = lines_of(set(roots.values()), by)
    return {id: found[root] for id, root in roots.items() if root in found}


def record(by: Actor, person_id: UUID) -> RecordRow:
    """One record, as part of which it is read. Errors: NotFound where it is not the program's own."""
    with act_as(by):
        root = root_of(person_id)
        parts = records.parts_of([root])[root]
        rows = {
            each.pk: each
            for each in Person.objects.filter(pk__in=parts).select_related("merged_by")
        }
        names = _own_first(Name.objects.filter(person_id__in=parts), parts)
        phones = _own_first(Phone.objects.filter(person_id__in=parts), parts)
        all_lines = lines_of(parts, by)
    whole = [rows[id] for id in parts]
    contact, protection = (
        code_names(each, by.language) for each in ("safe_contact", "protections")
    )
    row = whole[0]
    return RecordRow(
        id=row.pk,
        version=row.version,
        line=all_lines[root],
        moniker=row.moniker,
        born=written(row.born_facts()),
        address=row.address,
        usual_place=row.usual_place,
        description=row.description,
        language=row.language,
        language_name=code_names("languages", by.language).get(row.language, ""),
        safe_contact=tuple(row.safe_contact),
        safe_contact_note=row.safe_contact_note,
        protections=tuple(row.protections),
        contact_names=_named(contact, (each.safe_contact for each in whole)),
        protected_names=_named(protection, (each.protections for each in whole)),
        safe_notes=tuple(each.safe_contact_note for each in whole if each.safe_contact_note),
        names=tuple(map(_name_row, names)),
        phones=tuple(map(_phone_row, phones)),
        born_latest=row.born_facts().latest,
        what_helps=row.what_helps,
        what_helps_at=row.what_helps_at,
        parts=tuple(
            PartRow(id, all_lines[id], rows[id].merged_by.name, rows[id].merged_at)  # type: ignore[union-attr]  # a merged one has one
            for id in parts[1:]
        ),
    )


def judgments(by: Actor, person_id: UUID) -> tuple[JudgmentRow, ...]:
    """What was said of a record and others, the latest first, undone ones too. Errors: NotFound."""
    with act_as(by):
        root = root_of(person_id)
        parts = records.parts_of([root])[root]
        asked = Judgment.objects.filter(Q(one_id__in=parts) | Q(other_id__in=parts))
        rows = list(asked.select_related("judged_by", "undone_by").order_by("-judged_at", "-id"))
        found = lines_of({other_of(row, parts) for row in rows}, by)
        roots = records.roots_of({id for row in rows for id in (row.one_id, row.other_id)})
    return tuple(_judgment_row(row, root, other_of(row, parts), found, roots) for row in rows)


def other_of(row: Judgment, parts: Collection[UUID]) -> UUID:
    return row.one_id if row.other_id in parts and row.one_id not in parts else row.other_id


def _judgment_row(
    row: Judgment,
    root: UUID,
    other_id: UUID,
    found: dict[UUID, PersonLine],
    roots: dict[UUID, UUID],
) -> JudgmentRow:
    merged = row.says == Says.SAME and roots[row.one_id] == roots[row.other_id]
    may_undo = rules.may_undo(undone=row.undone_at is not None, merged=merged).allowed
    linked = row.says == Says.SAME and row.undone_at is None and not merged
    may = (("undo_judgment",) if may_undo else ()) + (
        ("merge_person",) if linked and other_id in found else ()
    )
    return JudgmentRow(
        id=row.pk,
        person_id=roots[other_id],
        into_id=root,
        other=found.get(other_id),
        says=Says(row.says),
        by_name=row.judged_by.name,
        judged_at=row.judged_at,
        bits=signed(row.bits_tenths / 10),
        reasons=tuple(
            ReasonRow(field, level, signed(bits), bits < 0) for field, level, bits in row.reasons
        ),
        undone_by="" if row.undone_by is None else row.undone_by.name,
        undone_at=row.undone_at,
        may=may,
    )


def signed(bits: float) -> str:
    """Bits as they are shown: with a sign, and one digit."""
    return f"{bits:+.1f}".replace("-", "−")


def root_of(person_id: UUID) -> UUID:
    if not Person.objects.filter(pk=person_id).exists():
        raise missing()
    return records.roots_of([person_id])[person_id]


def _own_first(rows: QuerySet[E], parts: Sequence[UUID]) -> list[E]:
    """What the record itself says before what is merged into it."""
    return sorted(rows.order_by("made_at", "id"), key=lambda each: parts.index(each.person_id))


def lines_of(ids: Collection[UUID], by: Actor) -> dict[UUID, PersonLine]:
    names, phones = defaultdict(list), defaultdict(list)
    for name in Name.objects.filter(person_id__in=ids, ended_at=None).order_by("made_at", "id"):
        names[name.person_id].append(name)
    rows = Phone.objects.filter(person_id__in=ids, ended_at=None).order_by("made_at", "id")
    for person_id, number in rows.values_list("person_id", "number"):
        phones[person_id].append(number)
    protection = code_names("protections", by.language)
    return {
        row.pk: PersonLine(
            id=row.pk,
            name=_first_name(names[row.pk]) or row.moniker,
            unknown=not names[row.pk],
            born=written(row.born_facts()),
            phones=tuple(phones[row.pk]),
            address=row.address,
            usual_place=row.usual_place,
            made_at=row.made_at,
            protections=_named(protection, [row.protections]),
        )
        for row in Person.objects.filter(pk__in=ids)
    }


def _first_name(names: Sequence[Name]) -> str:
    ordered = sorted(names, key=lambda each: each.kind != NameKind.LEGAL)
    return next((_whole(each) for each in ordered), "")


def _whole(name: Name) -> str:
    return " ".join(filter(None, (name.given, name.family, name.second_family)))


def _named(words: dict[str, str], codes: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The codes of any of these, once each, in words: the stricter holds for the whole."""
    every = {code: None for each in codes for code in each}
    return tuple(words.get(code, code) for code in every)


def _name_row(name: Name) -> NameRow:
    ended = name.ended_at is not None
    may = () if ended else ("end_name",)
    return NameRow(name.pk, NameKind(name.kind), _whole(name), ended, may)


def _phone_row(phone: Phone) -> PhoneRow:
    ended = phone.ended_at is not None
    return PhoneRow(phone.pk, phone.number, ended, () if ended else ("end_phone",))


def program_of(person_id: UUID) -> UUID | None:
    """Whose a record is. None where there is none. Called inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_program_of(%s)", [person_id])
        row = cursor.fetchone()
    return None if row is None else row[0]
