"""`nowrongdoor restore`: a backup into an empty database, and whether it is what was written.

The file is compared with its label before anything is touched, and put in by one transaction: a
file that is cut short, altered or refused leaves the database as empty as it was.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path

from django.conf import settings

from nowrongdoor.journal import anchor as anchors
from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.anchor import Anchor
from nowrongdoor.journal.verify import anchor_findings
from nowrongdoor.site import backup
from nowrongdoor.site.backup import CannotBackUp, Label, Owner, Progress
from nowrongdoor.site.migrate import migrate
from nowrongdoor.site.verify import in_words, verify

_ANYTHING = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_ROLE = "SELECT FROM pg_roles WHERE rolname = %s"


@dataclass(frozen=True, slots=True)
class Restored:
    """`findings` in words; empty is clean. `newer` are the anchors that the backup does not reach."""

    label: Label
    findings: tuple[str, ...]
    newer: tuple[Anchor, ...]

    def text(self) -> str:
        rows = sum(self.label.rows.values())
        lines = [f"Restored as of {self.label.made_at}: {rows} rows, {self.label.seq} seals."]
        if self.newer:
            last = self.newer[-1]
            lines.append(
                f"The journal had reached {last.seq} at {last.at}: what was done after "
                f"{self.label.seq} is not in this backup. Bring it back from paper."
            )
        if self.findings:
            lines += [f"{len(self.findings)} findings. Do not serve from it:", *self.findings]
        else:
            lines.append("Nothing was found: chain, rows and walls are as they were written.")
        return "\n".join(lines)


def restore(
    file: Path,
    anchor_file: Path | None,
    *,
    unsigned: bool = False,
    begin: Callable[[int], Progress],
) -> Restored:
    """Put a backup into the empty database at DATABASE_OWNER_URL, bring it to this version, look at it.

    `unsigned`: one that was made before there was a key is put in too. `begin` is told how many rows
    there are, and answers what is told of each stretch of them.
    Errors: CannotBackUp, and then the database is still empty.
    """
    label = backup.read_label(file)
    _require_unaltered(file, label)
    if not (unsigned and not label.signed):
        _require_ours(file, label)
    owner = backup.owner_connection()
    _require_place(owner, label)
    backup.require_tool("pg_restore", owner)
    database = f"--dbname={settings.DATABASES['owner']['NAME']}"
    words = ["--single-transaction", "--no-owner", database, str(file)]
    backup.run_tool("pg_restore", words, label.rows, begin(sum(label.rows.values())))
    written = anchors.read(anchor_file) if anchor_file is not None else ()
    reached = [anchor for anchor in written if anchor.seq <= label.seq]
    findings = list(_differences(owner, label, reached))
    migrate()
    findings += verify(None, sealing=False).findings
    newer = tuple(anchor for anchor in written if anchor.seq > label.seq)
    return Restored(label, tuple(findings), newer)


def _require_unaltered(file: Path, label: Label) -> None:
    if not file.exists():
        raise CannotBackUp(f"There is no {file}.")
    if (size := file.stat().st_size) != label.size:
        raise CannotBackUp(
            f"{file} has {size} bytes and its label says {label.size}: not restored."
        )
    if backup.digest(file) != label.sha256:
        raise CannotBackUp(f"{file} is not what its label says (SHA-256 differs): not restored.")


def _require_ours(file: Path, label: Label) -> None:
    """What is in the file is done as the owner: so it must be one that this installation made."""
    if facts.key() and not compare_digest(label.signed, backup.signature(label)):
        raise CannotBackUp(
            f"The label of {file.name} was not signed with this NWD_FACTS_KEY: not restored. One that was "
            "made before there was a key is restored with --unsigned."
        )


def _require_place(owner: Owner, label: Label) -> None:
    """An empty database, and the two roles that the walls in the file name."""
    [there] = owner.execute(_ANYTHING).fetchone() or (0,)
    if there:
        raise CannotBackUp(
            f"The database {settings.DATABASES['owner']['NAME']} is not empty. "
            "Restore into a new one that the owner owns."
        )
    here = tuple(str(settings.DATABASES[name]["USER"]) for name in ("owner", "default"))
    if here != (label.owner, label.app):
        raise CannotBackUp(
            f"The backup's walls name the roles {label.owner} and {label.app}; "
            f"DATABASE_OWNER_URL and DATABASE_URL name {here[0]} and {here[1]}."
        )
    if owner.execute(_ROLE, [label.app]).fetchone() is None:
        raise CannotBackUp(f"This server has no role {label.app}. Make it first.")


def _differences(owner: Owner, label: Label, written: Sequence[Anchor]) -> Iterator[str]:
    """Where the restored database is not what its label and the anchors say."""
    seq, hash = backup.head(owner)
    if (seq, hash) != (label.seq, label.hash):
        yield f"journal: the chain ends at {seq} {hash}, and its label says {label.seq} {label.hash}"
    yield from (in_words(finding) for finding in anchor_findings(owner, written))
    rows = backup.count(owner)
    for table in sorted(rows.keys() | label.rows.keys()):
        if rows.get(table) != label.rows.get(table):
            yield f"rows: {table} has {rows.get(table)}, and the label says {label.rows.get(table)}"
    given = backup.sequences(owner)
    for name, last in label.sequences.items():
        if given.get(name, 0) < last:
            yield f"sequence: {name} is at {given.get(name)}, and had reached {last}"
