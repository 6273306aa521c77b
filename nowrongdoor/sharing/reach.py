"""Whom a release can open something to, by the table: a release never promises what it cannot open. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import Any
from uuid import UUID

from nowrongdoor.sharing import bases, rules
from nowrongdoor.sharing.bases import ReleaseFacts, Want
from nowrongdoor.sharing.facts import Asked, Table
from nowrongdoor.sharing.plans import PLANS, Planned

_TELLER, _TOLD, _PERSON = (UUID(int=n) for n in (1, 2, 3))
_AT = datetime(2000, 1, 1, tzinfo=UTC)
_BESIDE = (frozenset[str](), frozenset({"agreement"}))
"""What may stand besides: a row may ask for an agreement too."""


def asked(columns: Mapping[str, Any]) -> ReleaseFacts:
    """A release as the gate would read it once it is signed, from its columns."""
    return ReleaseFacts(
        id=_PERSON,
        kind=columns["kind"],
        teller_id=_TELLER,
        told=frozenset({_TOLD}),
        data=frozenset(columns["data"]),
        items=tuple(columns["items"]),
        purposes=frozenset(columns["purpose"].split()),
        signer=columns["signer"],
        activated_at=_AT,
        until_at=None,
        revoked_at=None,
        persons=frozenset({_PERSON}),
    )


def planned(plan: Planned) -> ReleaseFacts:
    """The same of a plan, signed by the person."""
    of = {"data": plan.data, "items": plan.items, "purpose": plan.purpose}
    return asked({"kind": plan.kind.value, "signer": "person"} | of)


def opens(table: Table, release: ReleaseFacts, /, *, teller_kind: str, told_kind: str) -> bool:
    """Whether a row of the table lets this kind tell that one something because this is signed.

    Source: 42 CFR 2.31(a)(4) and 45 CFR 164.508(c)(1): who is told is an element, so who cannot be is not named.
    """
    if teller_kind not in table.kinds or told_kind not in table.recipients:
        return False
    for data, purpose in product(sorted(release.data), sorted(release.purposes)):
        want = Want(data, purpose, _TELLER, _TOLD, person_id=_PERSON)
        basis = bases.of_release(release, want, at=_AT)
        if basis and _tells(table, Asked(data, teller_kind, told_kind, purpose), basis):
            return True
    return False


def _tells(table: Table, asked: Asked, basis: bases.Basis) -> bool:
    for beside in _BESIDE:
        without = rules.may_disclose(table, _with(asked, beside))
        found = rules.may_disclose(table, _with(asked, beside | basis.facts))
        told = bases.opened(found.fields, [basis])
        if found.allowed and told and found.row != without.row:
            return True
    return False


def _with(asked: Asked, facts: frozenset[str]) -> Asked:
    return Asked(asked.data, asked.sender, asked.recipient, asked.purpose, facts)


@lru_cache(maxsize=8)
def told_kinds(table: Table) -> frozenset[str]:
    """The kinds of program to which some permission opens something, whoever tells."""
    return frozenset(
        told
        for told in table.recipients
        if any(
            opens(table, planned(plan), teller_kind=teller, told_kind=told)
            for plan in PLANS.values()
            for teller in _tellers(table, plan)
        )
    )


def _tellers(table: Table, plan: Planned) -> Iterable[str]:
    data = frozenset(plan.data)
    rows = [row for row in table.allow if table.counts(row) and row.scope.data & data]
    return sorted({kind for row in rows for kind in row.scope.senders})
