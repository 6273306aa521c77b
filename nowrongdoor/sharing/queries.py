"""Deciding with what stands in the database: the table in force, agreements, releases and grounds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import F, Q

from nowrongdoor.agencies.parties import PartyRow, parties, party
from nowrongdoor.community.remembered import remembered
from nowrongdoor.kernel.verdict import Verdict, no
from nowrongdoor.sharing import bases, reading, releasing, rules
from nowrongdoor.sharing.bases import AgreementFacts, Basis, GroundFacts, ReleaseFacts, Want
from nowrongdoor.sharing.facts import Allow, Asked, Duty, Table
from nowrongdoor.sharing.facts import Basis as BasisCode
from nowrongdoor.sharing.models import (
    Agreed,
    Agreement,
    Disclosure,
    Ground,
    Look,
    Release,
    Ruleset,
    SignOff,
    Subject,
)
from nowrongdoor.sharing.release_said import facts_of

MOST = 500
SPOKEN = "spoken"
NO_TABLE = no("gate.no_table", "This community has no table of who may be told what.")
UNKNOWN = no("gate.unknown", "The disclosure table does not know this.")
NO_KIND = no("gate.no_kind", "The community's files do not say what this program is to the gate.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says, and on which rows it rests. `fields`: groups of fields, releases read in."""

    want: Want
    verdict: Verdict
    row: str
    fields: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    basis: BasisCode | None = None
    used: tuple[Basis, ...] = ()
    rules: str = ""
    facts: frozenset[str] = frozenset()

    @property
    def allowed(self) -> bool:
        return self.verdict.allowed and bool(self.fields)

    def id_of(self, kind: str) -> UUID | None:
        return next((each.id for each in self.used if each.kind == kind), None)


@remembered
def table() -> Table | None:
    """The community's table, with the rows that are signed off here; None where there is none."""
    row = Ruleset.objects.order_by("-from_at", "-id").first()
    if row is None:
        return None
    found = reading.read_text(row.text)
    kinds: dict[UUID, set[str]] = {}
    for each in parties().values():
        kinds.setdefault(each.agency_id, set()).add(each.kind)
    signed = SignOff.objects.filter(withdrawn_at=None).values_list("row", "digest", "agency_id")
    rows = {row.id: row for row in found.allow}
    here = frozenset(
        row
        for row, signature, agency_id in signed
        if row in rows
        and digest(rows[row]) == signature
        and rows[row].scope.senders & kinds.get(agency_id, set())
    )
    return replace(found, signed_off=found.signed_off | here)


def digest(row: Allow) -> str:
    """Of all that a row of the table says: who signed it off signed this text, and no later one."""
    scope = row.scope
    said = [
        *(sorted(each) for each in (scope.data, scope.senders, scope.recipients, scope.purposes)),
        *(scope.same, repr(row.needs), row.fields, row.duties, row.basis),
    ]
    return sha256(json.dumps(said, default=str).encode()).hexdigest()


@remembered
def agreements() -> tuple[AgreementFacts, ...]:
    """Every version of every agreement, in force or not."""
    agreed = dict(Agreed.objects.values_list("agreement").annotate(by=ArrayAgg("agency_id")))
    known = parties()
    return tuple(
        AgreementFacts(
            id=row.pk,
            tells=frozenset(row.tells),
            told=frozenset(row.told),
            data=frozenset(row.data),
            purposes=frozenset(row.purposes),
            from_at=row.from_at,
            until_at=row.until_at,
            ended_at=row.ended_at,
            agencies_tell=frozenset(known[each].agency_id for each in row.tells if each in known),
            agreed=frozenset(agreed.get(row.pk, ())),
            replaces_id=row.replaces_id,
            fields=tuple(row.fields),
        )
        for row in Agreement.objects.all()
    )


def decide(want: Want, *, at: datetime) -> Decision:
    """What the gate says to this now. Two queries where it is about a record; none for what stands in memory.

    Called inside a transaction of the teller's or the recipient's: both see what a release or a ground says.
    """
    return decide_all([want], at=at)[0]


def decide_all(
    wants: Sequence[Want], *, at: datetime, standing_only: bool = False
) -> tuple[Decision, ...]:
    """The same for several at once, in the same two queries. `standing_only`: by what stands in memory, and none."""
    found = table()
    if found is None:
        return tuple(Decision(each, NO_TABLE, "none") for each in wants)
    standing = bases.in_force(agreements(), at=at)
    releases = () if standing_only else _releases(wants)
    grounds = () if standing_only else _grounds(wants)
    return tuple(_decided(found, each, standing, releases, grounds, at=at) for each in wants)


def good_until(decisions: Iterable[Decision], *, at: datetime) -> datetime | None:
    """When these answers may be other ones although no one does anything: what they rest on ends, or an agreement begins.

    It also begins again when the version ends that had taken its place.
    None: not by a date. Called inside a transaction.
    """
    ends = (each.until_at for one in decisions if one.allowed for each in one.used)
    begins = (
        time
        for each in agreements()
        for time in (each.from_at, each.until_at if each.replaces_id else None)
    )
    return min((each for each in (*ends, *begins) if each is not None and at < each), default=None)


def _decided(
    found: Table,
    want: Want,
    standing: Iterable[AgreementFacts],
    releases: Iterable[ReleaseFacts],
    grounds: Iterable[GroundFacts],
    *,
    at: datetime,
) -> Decision:
    given = [
        *(bases.of_agreement(each, want) for each in standing),
        *(bases.of_release(each, want, at=at) for each in releases),
        *(bases.of_ground(each, want, at=at) for each in grounds),
    ]
    return resting_on(found, want, [each for each in given if each is not None])


def resting_on(found: Table, want: Want, has: Sequence[Basis]) -> Decision:
    """What the table says to this where these stand: it rests on the fewest of them that lead to its row."""
    teller = party(want.from_id)
    kind = want.to_kind or (party(want.to_id).kind if want.to_id else "")
    if teller.kind not in found.kinds or kind not in found.recipients:
        return Decision(want, NO_KIND, "none", rules=found.version)
    if want.data not in found.data or want.purpose not in found.purposes:
        return Decision(want, UNKNOWN, "none", rules=found.version)
    own = want.known | _same_entity(teller, want)

    def asked(facts: frozenset[str]) -> Asked:
        return Asked(want.data, teller.kind, kind, want.purpose, facts | own)

    used = bases.needed(has, lambda facts: rules.may_disclose(found, asked(facts)).row)
    answer = rules.may_disclose(found, asked(bases.facts_of(used)))
    return Decision(
        want=want,
        verdict=answer.verdict,
        row=answer.row,
        fields=bases.opened(answer.fields, used) if answer.allowed else (),
        duties=answer.duties,
        basis=answer.basis,
        used=used,
        rules=found.version,
        facts=bases.facts_of(used) | own,
    )


def _same_entity(teller: PartyRow, want: Want) -> frozenset[str]:
    same = want.to_id is not None and party(want.to_id).agency_id == teller.agency_id
    return frozenset({"same_entity"}) if same else frozenset()


def _releases(wants: Sequence[Want]) -> tuple[ReleaseFacts, ...]:
    persons = {each.person_id for each in wants if each.person_id is not None}
    if not persons:
        return ()
    # the teller alone says whose record of its own is meant: else whoever is told could open anybody's
    meant = Subject.objects.filter(
        person_id__in=persons, undone_at=None, program_id=F("release__teller_id")
    )
    mine = Q(person_id__in=persons) | Q(pk__in=meant.values("release_id"))
    rows = Release.objects.filter(mine, activated_at__isnull=False, revoked_at=None)
    by_release: dict[UUID, set[UUID]] = {}
    for release_id, person_id in meant.values_list("release_id", "person_id"):
        by_release.setdefault(release_id, set()).add(person_id)
    return tuple(release_facts(row, by_release.get(row.pk, set())) for row in rows)


def release_facts(row: Release, meant: Iterable[UUID] = ()) -> ReleaseFacts:
    """`meant`: the records of other programs that it is said to mean."""
    own = {row.person_id} if row.person_id and row.program_id == row.teller_id else set()
    return ReleaseFacts(
        id=row.pk,
        kind=row.kind,
        teller_id=row.teller_id,
        told=frozenset(row.told),
        data=frozenset(row.data),
        items=tuple(row.items),
        purposes=frozenset(row.purpose.split()),
        signer=row.signer,
        activated_at=row.activated_at,
        until_at=releasing.ends_at(facts_of(row)),
        revoked_at=row.revoked_at,
        persons=frozenset({*own, *meant}),
    )


def _grounds(wants: Sequence[Want]) -> tuple[GroundFacts, ...]:
    persons = {each.person_id for each in wants if each.person_id is not None}
    episodes = {each.episode_id for each in wants if each.episode_id is not None}
    if not persons and not episodes:
        return ()
    about = Q(person_id__in=persons) | Q(episode_id__in=episodes)
    rows = Ground.objects.filter(about, withdrawn_at=None)
    return tuple(
        GroundFacts(
            id=row.pk,
            kind=row.kind,
            said_by_id=row.program_id,
            from_id=row.from_program_id,
            to_id=row.to_program_id,
            to_kind=row.to_kind,
            person_id=row.person_id,
            episode_id=row.episode_id,
            from_at=row.from_at,
            until_at=row.until_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    )


def holds_still(decision: Decision, *, at: datetime) -> bool:
    """Whether it would be decided the same now, and what it rests on is held until the transaction ends.

    Nobody revokes, withdraws or ends it meanwhile; whoever did so before is heard, whatever `at` is.
    """
    release, ground = decision.id_of("release"), decision.id_of("ground")
    if release is not None and not _held(Release, release, "revoked_at"):
        return False
    if ground is not None and not _held(Ground, ground, "withdrawn_at"):
        return False
    agreement = decision.id_of("agreement")
    runs = Agreement.objects.filter(pk=agreement, ended_at=None) if agreement else None
    if runs is not None and not runs.exists():
        return False
    again = decide(decision.want, at=at)
    return (again.row, again.fields, again.used) == (decision.row, decision.fields, decision.used)


def _held(model: type[Release] | type[Ground] | type[Agreement], id: UUID, ended: str) -> bool:
    """Shared, as Django has no word for: those who read do not wait for each other, whoever revokes does."""
    rows = model.objects.filter(pk=id, **{ended: None}).values("pk")
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR SHARE", values)
        return cursor.fetchone() is not None


def looks_at(record_id: UUID) -> tuple[Look, ...]:
    """Who saw a record, the latest first, as far as whoever asks may know. Called inside a transaction."""
    rows = Look.objects.filter(Q(record_id=record_id) | Q(person_id=record_id))
    return tuple(rows.select_related("member", "program__agency").order_by("-at", "-id")[:MOST])


def last_spoken(person_id: UUID) -> list[Disclosure]:
    """The lines of what was last told by hand, one for each record. Called inside a transaction of the teller's."""
    rows = Disclosure.objects.filter(person_id=person_id, channel=SPOKEN).order_by("-at", "-id")
    last = rows.first()
    return [] if last is None else list(rows.filter(at=last.at))
