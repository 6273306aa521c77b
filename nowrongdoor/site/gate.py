"""The commands that ask a disclosure table: no database, no settings."""

import sys
from pathlib import Path

import click

from nowrongdoor.site.protocols import community_problems


@click.group(invoke_without_command=True)
@click.option(
    "--community", default="tucson", show_default=True, help="a folder, its name, or the file"
)
@click.pass_context
def gate(context: click.Context, community: str) -> None:
    """Answer disclosures by a community's table: JSON on standard input, one a line.

    In go `data`, `from`, `to`, `purpose`, and the facts that are true; out come, for each, whether it is
    allowed, the row that says so, the field groups and the duties. Exit code 1 where a line could not be
    answered; the others are.
    """
    context.obj = community
    if context.invoked_subcommand is not None:
        return
    from nowrongdoor.sharing import commandline, reading

    with community_problems():
        table = reading.table_of(community)
    sys.exit(commandline.gate(table, sys.stdin.buffer, click.echo))


@gate.command()
@click.option("--community", help="a folder, its name, or the file")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False
)
@click.pass_context
def check(context: click.Context, community: str | None, file: Path | None) -> None:
    """Prove a table for everything that could be asked.

    Exit code 1, and the disclosure that shows it, where an invariant breaks, a row is never reached, or what must
    work does not.
    """
    from nowrongdoor.sharing import commandline, proof, reading

    with community_problems():
        table = reading.read(file) if file else reading.table_of(community or context.obj)
    claims = proof.prove(table)
    later = proof.if_all_signed(table)
    click.echo("\n".join(commandline.proof_lines(table, claims, later)))
    sys.exit(0 if all(claim.holds for claim in claims) else 1)
