"""Writing the community's table and its agreements, as the owner, from its files. Safe to run again."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.loading import OWNER, midnight, row_id
from nowrongdoor.community.schema import AgreementRow, Community
from nowrongdoor.sharing import models, proof, reading
from nowrongdoor.sharing.facts import Table

SAID = (
    *("tells", "told", "data", "purposes", "fields", "legal_basis", "from_at", "until_at"),
    *("title", "remind_days"),
)
"""What an agreement says. Another text is another version, which people make by name."""


def write(files: Community, *, at: datetime) -> None:
    """The table of the files, and the agreements.

    Errors: BadCommunity where the table cannot be read, its proof does not hold, a version that is loaded
        already reads otherwise, or a program or an agreement names what the table does not have.
    """
    table = reading.read_text(files.disclosure)
    digest = sha256(files.disclosure.encode()).hexdigest()
    known = models.Ruleset.objects.using(OWNER).filter(code=table.id, version=table.version).first()
    if known is not None and known.digest != digest:
        raise _bad(
            "version",
            f"{table.version} is loaded already and reads otherwise: give it a new number",
        )
    problems = [*_kinds(files, table), *_agreements(files, table)]
    if problems:
        raise BadCommunity(problems)
    if known is None:
        failed = [each for each in proof.prove(table) if not each.holds]
        if failed:
            raise _bad("proof", "; ".join(f"{each.id}: {each.because}" for each in failed))
        models.Ruleset(
            id=row_id(files.about.code, "ruleset", table.id, table.version),
            code=table.id,
            version=table.version,
            text=files.disclosure,
            digest=digest,
            from_at=at,
        ).save(using=OWNER, force_insert=True)
    for row in files.agreements:
        _write(files, row)


def _kinds(files: Community, table: Table) -> Iterator[Problem]:
    for agency in files.agencies:
        for program in agency.programs:
            kind = program.disclosure_kind or agency.kind
            if kind not in table.kinds:
                because = f"{agency.code}/{program.code} names no kind of {reading.FILE}: {kind}"
                yield Problem("agencies.yaml", 1, "disclosure_kind", because)


def _agreements(files: Community, table: Table) -> Iterator[Problem]:
    programs = {f"{a.code}/{p.code}" for a in files.agencies for p in a.programs}
    members = {each.username for each in files.members}
    for row in files.agreements:
        asked = {
            "tells": (row.tells, programs),
            "told": (row.told, programs),
            "data": (row.data, table.data),
            "purposes": (row.purposes, table.purposes),
            "fields": (row.fields, table.fields),
            "agreed": ([each.member for each in row.agreed], members),
        }
        for key, (names, known) in asked.items():
            for name in names:
                if name not in known:
                    yield Problem("agreements.yaml", 1, f"{row.code}.{key}", f"there is no {name}")


def _write(files: Community, row: AgreementRow) -> None:
    """One agreement, in its first version; later ones are made by people, in the product."""
    code, zone = files.about.code, files.about.time_zone
    ids = {each: row_id(code, "program", *each.split("/")) for each in {*row.tells, *row.told}}
    agencies = sorted({row_id(code, "agency", each.split("/")[0]) for each in ids})
    first = row.agreed[0]
    made = models.Agreement(
        id=row_id(code, "agreement", row.code),
        code=row.code,
        title=row.title,
        tells=[ids[each] for each in row.tells],
        told=[ids[each] for each in row.told],
        agencies=agencies,
        data=list(row.data),
        purposes=list(row.purposes),
        fields=list(row.fields),
        legal_basis=row.legal_basis,
        signed_by=[each.model_dump() for each in row.signed_by],
        from_at=midnight(row.since, zone),
        until_at=midnight(row.until, zone) if row.until else None,
        remind_days=list(row.remind_days),
        program_id=row_id(code, "program", *first.program.split("/")),
        member_id=row_id(code, "member", first.member),
        made_at=midnight(row.since, zone),
    )
    known = models.Agreement.objects.using(OWNER).filter(pk=made.pk).first()
    if known is None:
        made.save(using=OWNER, force_insert=True)
    elif changed := [each for each in SAID if getattr(known, each) != getattr(made, each)]:
        because = f"{row.code} is loaded already and reads otherwise ({', '.join(changed)})"
        raise BadCommunity([Problem("agreements.yaml", 1, row.code, because)])
    agreed = [
        models.Agreed(
            id=row_id(code, "agreed", row.code, each.program),
            agreement_id=made.pk,
            agency_id=row_id(code, "agency", each.program.split("/")[0]),
            member_id=row_id(code, "member", each.member),
            at=midnight(row.since, zone),
        )
        for each in row.agreed
    ]
    models.Agreed.objects.using(OWNER).bulk_create(agreed, ignore_conflicts=True)


def _bad(key: str, because: str) -> BadCommunity:
    return BadCommunity([Problem(reading.FILE, 1, key, because)])
