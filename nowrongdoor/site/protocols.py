"""The commands that ask a community's triage protocol, or its clocks: no database, no settings."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

COMMUNITY = "tucson"


@click.command()
@click.option("--community", default=COMMUNITY, show_default=True, help="a folder, or its name")
@click.argument("file", type=click.File("rb"), default="-")
def triage(community: str, file: BinaryIO) -> None:
    """Answer calls by a community's protocol: JSON answers in, one call a line.

    Out comes, for each, its level, the rule that gave it, its duties, and what goes on the three axes
    (police, ambulance, clinical; null at X, where the agency's own protocol decides). What was not asked
    is left out: hard stops then count as not known. Exit code 1 where a line could not be answered; the others are.
    """
    from nowrongdoor.triage import commandline

    with community_problems():
        protocol = commandline.protocol_of(community)
    sys.exit(commandline.triage(protocol, file, click.echo))


@click.group()
def protocol() -> None:
    """What can be asked of a triage protocol before anybody relies on it."""


@protocol.command()
@click.option("--community", default=COMMUNITY, show_default=True, help="a folder, or its name")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="the version before: refuse what this one lowers and does not name",
)
@click.option("--mutations", is_flag=True, help="drop and change each rule; print who notices")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False
)
def check(community: str, file: Path | None, against: Path | None, *, mutations: bool) -> None:
    """Prove a protocol for every possible call, whole or partly asked.

    Exit code 1, and the call that shows it, where something fails.
    """
    from nowrongdoor.triage import commandline, comparing, noticed, reading

    with community_problems():
        read = reading.read(file) if file else commandline.protocol_of(community)
        before = reading.read(against) if against else None
    proved = comparing.check(read, before)
    rows = noticed.mutations(read) if mutations else ()
    lines = [*commandline.proof_lines(proved), *(commandline.mutation_lines(rows) if rows else ())]
    click.echo("\n".join(lines))
    sys.exit(0 if proved.holds and all(row.passes for row in rows) else 1)


@click.command()
@click.option(
    "--community", default=COMMUNITY, show_default=True, help="a folder, its name, or the file"
)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
@click.argument("file", type=click.File("rb"), default="-")
def clocks(community: str, language: str, file: BinaryIO) -> None:
    """Say when clocks are due by a community's file: JSON in, one a line.

    In go `clock`, `start` (2026-11-30 14:05, local), `zone` where it is another than the file's, and `facts`; out come,
    for each, when it is due and how that was counted, with its statute, how certain that is, and both times where the
    text has two readings. Exit code 1 where a line could not be answered; the others are.
    """
    from nowrongdoor.clocks.counting import commandline, reading

    with community_problems():
        book = reading.book_of(community)
    sys.exit(commandline.clocks(book, file, click.echo, language))


@contextmanager
def community_problems() -> Iterator[None]:
    """Print what is wrong with a community's file, and leave with exit code 1."""
    from nowrongdoor.community.files import BadCommunity

    try:
        yield
    except BadCommunity as bad:
        for problem in bad.problems:
            click.echo(str(problem), err=True)
        sys.exit(1)
