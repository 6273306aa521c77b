"""Lists across programs: which of one program's rows the gate opens to another, as a condition of one query.

What a decision rests on is either alike for every row of a list (the two programs, an agreement, what the caller
knows) or said of one person or call by a release or a ground. The latter come in few shapes. Each set of shapes is
decided once, and what opens becomes the condition: no row is asked about by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial, reduce
from itertools import combinations
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from nowrongdoor.kernel.conditions import Always, names_in
from nowrongdoor.sharing import bases, queries
from nowrongdoor.sharing.bases import EMERGENCY, HOLDER_SAYS, TPO, TPO_CONSENT, Basis, Want
from nowrongdoor.sharing.elements import Kind, Signer
from nowrongdoor.sharing.facts import Allow, Table
from nowrongdoor.sharing.models import Ground, Release, Subject
from nowrongdoor.sharing.release_said import local_day
from nowrongdoor.sharing.releasing import grown_by

NO_ROW = Q(pk__in=())
FOR_A_MINOR = (Signer.GUARDIAN, Signer.MINOR)
THEMSELVES = (Signer.PERSON, Signer.REPRESENTATIVE)
ANY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Shape:
    """One sort of thing that is said of people: what it gives, and the ways to find of whom it is said."""

    gives: Basis
    ways: tuple[Callable[[], Q], ...]

    def of(self) -> Q:
        """Written only where it is asked: most of the time that a list needs is spent on writing queries."""
        return reduce(or_, (way() for way in self.ways))


def opened_to(want: Want, *, at: datetime, person: str = "person_id", episode: str = "") -> Q:
    """The rows that may be told, as a condition on the teller's own table; `want` names no person.

    `person`, `episode`: the fields of that table. What is true of every row is in `want.known`. The condition is
    what `decide` says row by row. Only where a row of the table opens by an agreement *or* a release or ground, and
    the agreement shuts it (by its list of fields, or as it names nothing), may it hold a row too many: what is told is
    decided again by `disclose`. It may leave one out only where a row asks that something be *not* so, and gives
    nothing but what is named.
    Called inside a transaction of the teller's, who sees what releases and grounds say of its records.
    """
    found = queries.table()
    if found is None:
        return NO_ROW
    standing = bases.in_force(queries.agreements(), at=at)
    alike = [each for each in (bases.of_agreement(row, want) for row in standing) if each]
    said = (*_released(want, person, at=at), *_stood_for(want, person, episode, at=at))
    shapes = _alike(said, _asked_for(found, want))
    open_sets = [
        chosen
        for size in range(len(shapes) + 1)
        for chosen in combinations(range(len(shapes)), size)
        if _opens(found, want, alike, [shapes[place].gives for place in chosen], at=at)
    ]
    return _either(shapes, open_sets)


def _alike(said: Iterable[Shape], asked_for: frozenset[str]) -> list[Shape]:
    """Those that give something that is asked for; what gives the same by different papers is one."""
    found: dict[tuple[str, frozenset[str]], Shape] = {}
    for each in said:
        facts = each.gives.facts & asked_for
        if facts:
            key = (each.gives.kind, facts)
            ways = found[key].ways if key in found else ()
            found[key] = Shape(replace(each.gives, facts=facts), (*ways, *each.ways))
    return list(found.values())


def _opens(
    found: Table, want: Want, alike: Sequence[Basis], said: Sequence[Basis], *, at: datetime
) -> bool:
    """Whether these open anything, whether what is said or the agreements end first; the latter keep their own order."""
    said_first = [*(replace(each, until_at=at) for each in said), *alike]
    said_last = [
        *said,
        *(replace(each, until_at=at) for each in sorted(alike, key=bases.end_of)),
    ]
    orders = (said_first, said_last) if alike and said else (said_first,)
    return any(queries.resting_on(found, want, has).allowed for has in orders)


def _either(shapes: Sequence[Shape], open_sets: Sequence[tuple[int, ...]]) -> Q:
    """One of these sets is said of the row. A set that opens with whatever is added needs no word on the rest."""
    chosen = {frozenset(each) for each in open_sets}
    everything = range(len(shapes))
    grows = all(each | {place} in chosen for each in chosen for place in everything)
    condition = NO_ROW
    for each in sorted(chosen, key=len):
        if grows and any(each - {place} in chosen for place in each):
            continue  # less opens it already
        this = Q()
        for place in everything:
            if place in each:
                this &= shapes[place].of()
            elif not grows:
                this &= ~shapes[place].of()
        if not this:
            return this  # every row
        condition |= this
    return condition


def _asked_for(found: Table, want: Want) -> frozenset[str]:
    """The facts for which a row asks that speaks of this class and purpose."""
    names: set[str] = set()
    for row in found.rows:
        if want.data in row.scope.data and want.purpose in row.scope.purposes:
            asks = row.needs if isinstance(row, Allow) else row.unless
            names.update(names_in(asks or Always()))
    return frozenset(names)


def _released(want: Want, person: str, *, at: datetime) -> Iterator[Shape]:
    """By each kind of release, signed by the person or for a minor."""
    for kind in Kind:
        for signers in (THEMSELVES, FOR_A_MINOR):
            gives = bases.gives(kind, signers[0], want)
            if not gives or (kind == TPO_CONSENT and want.purpose not in TPO):
                continue
            yield Shape(
                Basis("release", ANY, gives, ("items",)),
                (partial(_signed, want, kind, signers, person, at=at),),
            )


def _signed(want: Want, kind: Kind, signers: Sequence[Signer], person: str, *, at: datetime) -> Q:
    """The record that the teller took it for, or says that it means."""
    rows = _in_force(want, kind, signers, at=at)
    meant = Subject.objects.filter(
        undone_at=None, program_id=want.from_id, release__in=rows.values("pk")
    )
    own = rows.filter(program=F("teller"))
    return _among(own, "person_id", person) | _among(meant, "person_id", person)


def _in_force(
    want: Want, kind: Kind, signers: Sequence[Signer], *, at: datetime
) -> QuerySet[Release]:
    """What `bases.of_release` asks of a release, in SQL."""
    rows = Release.objects.filter(
        Q(until_at=None) | Q(until_at__gt=at),
        kind=kind,
        signer__in=list(signers),
        teller_id=want.from_id,
        told__contains=[want.to_id],
        data__contains=[want.data],
        activated_at__lte=at,
        revoked_at=None,
    )
    if signers is FOR_A_MINOR:
        rows = rows.filter(person_born__gt=grown_by(local_day(at)))
    if kind != TPO_CONSENT:
        padded = Concat(Value(" "), "purpose", Value(" "), output_field=TextField())
        rows = rows.annotate(aims=padded)
        rows = rows.filter(aims__contains=f" {want.purpose} ")
    return rows


def _stood_for(want: Want, person: str, episode: str, *, at: datetime) -> Iterator[Shape]:
    """What is stood for by name: by the teller, or an emergency by either side."""
    for kind in sorted(HOLDER_SAYS | {EMERGENCY}):
        of = partial(_said, want, kind, person, episode, at=at)
        yield Shape(Basis("ground", ANY, frozenset({kind})), (of,))


def _said(want: Want, kind: str, person: str, episode: str, *, at: datetime) -> Q:
    to = Q(to_program_id=want.to_id) if want.to_id else NO_ROW
    by = Q(program_id=want.from_id)
    if kind == EMERGENCY:
        by |= Q(program_id=F("to_program_id"))
    rows = Ground.objects.filter(
        by,
        to | Q(to_program=None, to_kind=want.to_kind),
        Q(until_at=None) | Q(until_at__gt=at),
        kind=kind,
        from_program_id=want.from_id,
        from_at__lte=at,
        withdrawn_at=None,
    )
    of = _among(rows, "person_id", person)
    return of | _among(rows, "episode_id", episode) if episode else of


def _among(said: QuerySet[Any], about: str, field: str) -> Q:
    """The row's person or call is one of whom this is said. Asked row by row, so that a page reads what it shows."""
    return Q(Exists(said.filter(**{about: OuterRef(field)})))
