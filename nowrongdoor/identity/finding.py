"""Finding the records of a program that may be of one person, while somebody types. A person decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import records, rules
from nowrongdoor.identity.facts import Born, Compared, Described, Likely, NameFacts, Says
from nowrongdoor.identity.models import Judgment, Person
from nowrongdoor.identity.queries import lines_of, other_of, root_of, signed
from nowrongdoor.identity.reads import Candidate, Candidates, PersonLine, ReasonRow
from nowrongdoor.identity.rules.born import read_born
from nowrongdoor.identity.rules.sounds import sought
from nowrongdoor.kernel.actor import Actor

MOST = 5
"""Candidates that are shown: more than a hand can judge while somebody talks help nobody."""
LISTED = 50
"""Records on the list, the latest; that there are more is said."""


def typed(
    *,
    given: str = "",
    family: str = "",
    born: str = "",
    phone: str = "",
    address: str = "",
    at: datetime,
) -> Described:
    """What somebody is typing, as far as it can be read already."""
    return Described(
        names=(NameFacts(given, family),) if given or family else (),
        born=read_born(born, on=at.date()) or Born(),
        phones=(phone,) if phone else (),
        address=address,
    )


def like(by: Actor, seen: Described, *, at: datetime, person_id: UUID | None = None) -> Candidates:
    """The records of `by`'s program that may be of this person. Eight queries, whatever is typed.

    `person_id`: the record that is compared; what was judged not to be the same is left out, unless one of
    the two changed since in what is compared.
    """
    if seen.empty:
        return Candidates((), more=False)
    with act_as(by):
        weights = records.weights(at=at)
        found = records.found_by(sought(seen, weights.nicknames), by.program_id)
        roots = set(records.roots_of(found).values())
        judged = _judged(person_id) if person_id else {}
        roots -= {person_id} | {id for id, each in judged.items() if each.settled}
        compared = {
            id: rules.compare(seen, other, weights)
            for id, other in records.described(roots).items()
        }
        likely = [id for id, each in compared.items() if each.likely is not Likely.UNLIKELY]
        best = sorted(likely, key=lambda each: (-compared[each].bits, each))
        lines = lines_of(best[:MOST], by)
    rows = (
        _candidate(id, person_id, lines[id], compared[id], judged.get(id)) for id in best[:MOST]
    )
    return Candidates(tuple(rows), more=len(best) > MOST)


def candidates(by: Actor, person_id: UUID, *, at: datetime) -> Candidates:
    """The records that may be of the same person as this one. Errors: NotFound."""
    with act_as(by):
        root = root_of(person_id)
        seen = records.described([root])[root]
        return like(by, seen, at=at, person_id=root)


def persons(by: Actor, *, at: datetime, text: str = "") -> tuple[tuple[PersonLine, ...], bool]:
    """A program's records, the latest first, or those that are like a text; and whether there are more."""
    with act_as(by):
        rows = Person.objects.filter(program_id=by.program_id, merged_into=None)
        if text:
            return _searched(by, read_text(text, at=at), at=at)
        ids = list(rows.order_by("-made_at", "-id").values_list("id", flat=True)[: LISTED + 1])
        lines = lines_of(ids[:LISTED], by)
    return tuple(lines[id] for id in ids[:LISTED]), len(ids) > LISTED


def read_text(text: str, *, at: datetime) -> Described:
    """One line that names somebody: names, a birth date or an age, a phone number, in any order."""
    words: list[str] = []
    phone, born = "", Born()
    for word in text.replace(",", " ").split():
        if not any(each.isdigit() for each in word):
            words.append(word)
        elif (read := read_born(word, on=at.date())) is not None:
            born = read
        else:
            phone += word
    names = (NameFacts(words[0], " ".join(words[1:])),) if words else ()
    return Described(names, born, (phone,) if phone else ())


@dataclass(frozen=True, slots=True)
class _Judged:
    says: Says
    by_name: str
    at: datetime
    settled: bool


def _judged(person_id: UUID) -> dict[UUID, _Judged]:
    """What stands of a record and each other. Settled: not to be proposed again as both now are."""
    parts = records.parts_of([person_id])[person_id]
    asked = Judgment.objects.filter(Q(one_id__in=parts) | Q(other_id__in=parts))
    rows = list(asked.filter(undone_at=None).select_related("judged_by"))
    ids = {id for row in rows for id in (row.one_id, row.other_id)}
    now = dict(Person.objects.filter(pk__in=ids).values_list("id", "told_version"))
    roots = records.roots_of(ids)
    return {
        roots[other_of(row, parts)]: _Judged(
            Says(row.says),
            row.judged_by.name,
            row.judged_at,
            row.says == Says.SAME
            or (
                row.says == Says.NOT_SAME
                and (now.get(row.one_id), now.get(row.other_id))
                == (row.one_version, row.other_version)
            ),
        )
        for row in rows
    }


def _searched(by: Actor, seen: Described, *, at: datetime) -> tuple[tuple[PersonLine, ...], bool]:
    weights = records.weights(at=at)
    found = records.found_by(sought(seen, weights.nicknames), by.program_id)
    roots = set(records.roots_of(found).values())
    bits = {
        id: rules.compare(seen, each, weights).bits for id, each in records.described(roots).items()
    }
    best = [id for id in sorted(bits, key=lambda each: (-bits[each], each)) if bits[id] > 0]
    shown = lines_of(best[:LISTED], by)
    return tuple(shown[id] for id in best[:LISTED]), len(best) > LISTED


def _candidate(
    id: UUID, person_id: UUID | None, line: PersonLine, seen: Compared, judged: _Judged | None
) -> Candidate:
    return Candidate(
        id=id,
        person_id=person_id,
        line=line,
        bits=signed(seen.bits),
        likely=seen.likely,
        reasons=tuple(
            ReasonRow(each.field, each.level, signed(each.bits), each.bits < 0)
            for each in seen.reasons
        ),
        said=judged.says if judged else None,
        said_by=judged.by_name if judged else "",
        said_at=judged.at if judged else None,
    )
