"""Writing the community's protocol, as the owner, from its file. Safe to run again.

Four approvals in `approvals.yaml` and a proof that holds put it in force; else it is a draft.
"""

from datetime import datetime
from hashlib import sha256

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.loading import OWNER, midnight, row_id
from nowrongdoor.community.schema import Community
from nowrongdoor.triage import comparing, models, reading

FILE = "protocol.yaml"


def write(files: Community, *, at: datetime) -> None:
    """The protocol of the files. Errors: BadCommunity where it cannot be read, where its proof does
    not hold, where it lowers what the version in force sends, and where the text of a version that there is already has changed.
    """
    if not files.protocol:
        return
    found = reading.read_text(files.protocol, FILE)
    code, digest = files.about.code, sha256(files.protocol.encode()).hexdigest()
    known = models.Protocol.objects.using(OWNER).filter(code=found.id, version=found.version)
    before = known.first()
    if before is not None and before.digest == digest:
        return
    if before is not None:
        raise _bad(
            "version",
            f"{found.version} is loaded already and reads otherwise: give it a new number",
        )
    going = models.Protocol.objects.using(OWNER).filter(active_from__lte=at, retired_at=None)
    last = going.order_by("-active_from", "-id").first()
    before_it = None if last is None else reading.read_text(last.text, FILE)
    checked = comparing.check(found, before_it)
    if not checked.holds:
        raise _bad("proof", "; ".join(f"{each.id}: {each.because}" for each in checked.failures))
    row = models.Protocol(
        id=row_id(code, "protocol", found.id, found.version),
        code=found.id,
        version=found.version,
        text=files.protocol,
        digest=digest,
        drafted_at=at,
        proved_at=at,
    )
    row.save(using=OWNER, force_insert=True)
    signed = files.approvals
    if signed is None or signed.protocol_version != found.version:
        return
    wanted = {each.role for each in found.approvers}
    if {each.approver for each in signed.approvals} != wanted:
        raise _bad("approvals", f"these approve, all of them: {', '.join(sorted(wanted))}")
    models.Approval.objects.using(OWNER).bulk_create(
        models.Approval(
            id=row_id(code, "approval", found.version, each.approver),
            protocol=row,
            approver=each.approver,
            member_id=row_id(code, "member", each.member),
            at=midnight(each.day, files.about.time_zone),
        )
        for each in signed.approvals
    )
    row.active_from = midnight(signed.active_from, files.about.time_zone)
    row.save(using=OWNER, update_fields=["active_from"])


def _bad(key: str, because: str) -> BadCommunity:
    return BadCommunity([Problem(FILE, 1, key, because)])
