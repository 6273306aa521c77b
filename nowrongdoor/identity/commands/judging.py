"""What a named person says of two records, and what follows: linked, merged, separated, undone.

No job, import or key of the API can do any of this: each asks for a member by name.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.identity import kinds, rules
from nowrongdoor.identity.facts import Compared, JudgmentFacts, Likely, Says
from nowrongdoor.identity.models import Judgment, Person
from nowrongdoor.identity.records import described, roots_of, standing, weights
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import in_turn, locked, locked_all, missing
from nowrongdoor.sharing import queries as gate
from nowrongdoor.sharing.bases import Want
from nowrongdoor.web.fields import OneOf, Pick

WORDS: Mapping[Says, str] = MappingProxyType(
    {
        Says.SAME: _("Same person"),
        Says.NOT_SAME: _("Not the same"),
        Says.LATER: _("Later"),
    }
)
_NOTHING = Compared((), 0.0, Likely.UNLIKELY)


def may_link(program_id: UUID, other_program_id: UUID, *, at: datetime) -> Verdict:
    """Say whether a program may compare people with another one, of its own agency or not: the gate's word.

    What the other one keeps would be told, so it is the teller.
    """
    want = Want("incident", "coordinate", from_id=other_program_id, to_id=program_id)
    return gate.decide(want, at=at).verdict


@command(needs=Action.KEEP_PERSONS)
def judge(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    other_id: Annotated[UUID, Pick(label=_("Other record"))],
    says: Annotated[Says, OneOf(label=_("Judgment"), words=WORDS)],
) -> Judgment:
    """Say of two records that they are the same person, that they are not, or that it is put off.

    The reasons are kept as they stand now. One that was put off gives way to what is said next.
    Refused: as `identity.rules.may_judge` says; NotFound for another program's record, unless `may_link`.
    Journal: identity.judged, and identity.judgment_undone of what gives way.
    """
    in_turn("identity", by.program_id)
    person_id, other_id = _own_and_other(by, person_id, other_id, at=at)

    require(rules.may_judge(person_id, other_id, says, standing(by.program_id)))

    _end_standing(person_id, other_id, by=by, at=at)
    return _say(person_id, other_id, says, by=by, at=at)


@command(needs=Action.KEEP_PERSONS)
def undo_judgment(*, by: Actor, at: datetime, judgment_id: UUID) -> Judgment:
    """Take a judgment back, whoever made it. It stays in the history.

    Refused: as `identity.rules.may_undo` says.
    Journal: identity.judgment_undone.
    """
    in_turn("identity", by.program_id)
    row = locked(Judgment, judgment_id)
    roots = roots_of((row.one_id, row.other_id))

    merged = row.says == Says.SAME and roots[row.one_id] == roots[row.other_id]
    require(rules.may_undo(undone=row.undone_at is not None, merged=merged))

    _undo(row, by=by, at=at)
    return row


@command(needs=Action.KEEP_PERSONS)
def merge_person(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    into_id: Annotated[UUID, Pick(label=_("Into the record"))],
) -> Person:
    """Read a record as part of another one of the same program. Nothing is copied and nothing lost.

    The stricter protection holds for the whole. That both are the same person is judged with it.
    Refused: as `identity.rules.may_merge` and `may_judge` say.
    Journal: identity.merged, and identity.judged where that was not said before.
    """
    in_turn("identity", by.program_id)
    rows = {each.pk: each for each in _locked_own(person_id, into_id)}
    row, into = rows[person_id], rows[into_id]

    judgments = standing(by.program_id)
    require(
        rules.may_merge(
            one_merged=row.merged_into_id is not None,
            into_merged=into.merged_into_id is not None,
            same_program=row.program_id == into.program_id,
        )
    )
    require(rules.may_judge(person_id, into_id, Says.SAME, judgments))

    if not _says_same(person_id, into_id, judgments):
        _end_standing(person_id, into_id, by=by, at=at)
        _say(person_id, into_id, Says.SAME, by=by, at=at)
    row.merged_into, row.merged_at, row.merged_by_id = into, at, named(by)
    row.version += 1
    row.save()
    _changed(into)
    record(kinds.MERGED, row, by=by, at=at)
    return into


@command(needs=Action.KEEP_PERSONS)
def separate_person(*, by: Actor, at: datetime, person_id: UUID) -> Person:
    """Take a merged record out again, as it was, and say that the two are not the same person.

    Nothing joins them again but a named person who first undoes that judgment.
    Refused: where it is not merged; where other judgments still join the two (`may_judge`).
    Journal: identity.separated, identity.judgment_undone, identity.judged.
    """
    in_turn("identity", by.program_id)
    row = locked(Person, person_id)
    into_id = row.merged_into_id

    require(rules.may_separate(merged=into_id is not None))
    into = locked(Person, into_id) if into_id else row
    others = [
        each
        for each in standing(by.program_id)
        if {each.one_id, each.other_id} != {person_id, into.pk}
    ]
    require(rules.may_judge(person_id, into.pk, Says.NOT_SAME, others))

    row.merged_into = row.merged_at = row.merged_by = None
    row.version += 1
    row.save()
    _changed(into)
    _end_standing(person_id, into.pk, by=by, at=at)
    _say(person_id, into.pk, Says.NOT_SAME, by=by, at=at)
    record(kinds.SEPARATED, row, by=by, at=at, from_id=into.pk)
    return row


def _own_and_other(
    by: Actor, person_id: UUID, other_id: UUID, *, at: datetime
) -> tuple[UUID, UUID]:
    """Both records locked, each as the one that it is read in. Errors: NotFound where one may not be known."""
    roots = roots_of((person_id, other_id))
    person_id, other_id = roots[person_id], roots[other_id]
    own = {each.pk for each in locked_all(Person.objects.filter(pk__in=(person_id, other_id)))}
    if person_id not in own:
        raise missing()
    if other_id not in own:
        _require_link(by, other_id, at=at)
    return person_id, other_id


def _require_link(by: Actor, other_id: UUID, *, at: datetime) -> None:
    """Another program's record, where the gate lets the two compare people; else it is not there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_program_of(%s)", [other_id])
        [program_id] = cursor.fetchone()
    if program_id is None or not may_link(by.program_id, program_id, at=at).allowed:
        raise missing()


def _locked_own(*ids: UUID) -> list[Person]:
    rows = locked_all(Person.objects.filter(pk__in=ids))
    if len(rows) != len(set(ids)):
        raise missing()
    return rows


def _says_same(one_id: UUID, other_id: UUID, judgments: list[JudgmentFacts]) -> bool:
    pair = {one_id, other_id}
    return any(
        each.says is Says.SAME and {each.one_id, each.other_id} == pair for each in judgments
    )


def _end_standing(one_id: UUID, other_id: UUID, *, by: Actor, at: datetime) -> None:
    first, second = sorted((one_id, other_id))
    rows = Judgment.objects.filter(one_id=first, other_id=second, undone_at=None)
    for row in locked_all(rows.filter(program_id=by.program_id)):
        _undo(row, by=by, at=at)


def _undo(row: Judgment, *, by: Actor, at: datetime) -> None:
    row.undone_at, row.undone_by_id = max(at, row.judged_at), named(by)
    row.save(update_fields=["undone_at", "undone_by"])
    record(kinds.UNDONE, row, by=by, at=at)


def _say(one_id: UUID, other_id: UUID, says: Says, *, by: Actor, at: datetime) -> Judgment:
    first, second = sorted((one_id, other_id))
    own = described((first, second))
    both = len(own) == 2  # noqa: PLR2004 - two records
    seen = rules.compare(own[first], own[second], weights(at=at)) if both else _NOTHING
    versions = dict(Person.objects.filter(pk__in=own).values_list("id", "told_version"))
    row = Judgment.objects.create(
        id=new_id(at),
        program_id=by.program_id,
        one_id=first,
        other_id=second,
        says=says.value,
        judged_at=at,
        judged_by_id=named(by),
        bits_tenths=round(seen.bits * 10),
        reasons=[[each.field, each.level, each.bits] for each in seen.reasons],
        one_version=versions.get(first, 0),
        other_version=versions.get(second, 0),
    )
    record(kinds.JUDGED, row, by=by, at=at)
    return row


def _changed(person: Person) -> None:
    person.version += 1
    person.told_version += 1
    person.save()
