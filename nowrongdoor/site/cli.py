"""The `nowrongdoor` command. Each subcommand loads only what it needs."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from nowrongdoor.exchange.report import Report
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site import gate, maps, protocols

TUCSON = Path("communities/tucson")


@click.group()
def main() -> None:
    """No Wrong Door: a community's crisis response."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nowrongdoor.site.settings")


@main.command()
@click.option("--community", type=click.Path(path_type=Path, exists=True), default=TUCSON)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--city/--no-city", default=True, show_default=True, help="with simulated callers and staff"
)
def run(community: Path, port: int, *, city: bool) -> None:
    """Start everything for a look: database, community, synthetic city, worker and server."""
    from nowrongdoor.site import start

    start.run(community, port, city=city)


@main.command()
def postgres() -> None:
    """Start only the database, print where it is, and stop it at Ctrl-C."""
    from nowrongdoor.site import start

    start.postgres_alone()


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="server processes")
def serve(port: int, workers: int) -> None:
    """Serve pages, the API and live streams."""
    from nowrongdoor.site import start

    _django()
    start.serve(port, workers)


@main.command(hidden=True)
@click.option("--of", type=int, required=True, help="the process that started it")
def drawer(of: int) -> None:
    """Draw boards' rows for the server processes here. `serve` starts it."""
    _django()
    from nowrongdoor.site import drawer as drawing

    drawing.main(of)


@main.command()
def worker() -> None:
    """Seal the journal, fire deadlines, notice lost desks."""
    _django()
    from nowrongdoor.site import safety
    from nowrongdoor.site import worker as duties

    safety.refuse_unsafe()
    duties.main()


@main.command()
def migrate() -> None:
    """Bring the database to this version. Safe to run again."""
    _django()
    from nowrongdoor.site.migrate import differences
    from nowrongdoor.site.migrate import migrate as bring_up

    bring_up()
    if different := differences():
        raise click.ClickException(
            f"Every migration is applied, and {len(different)} things are not as they make them: "
            f"{'; '.join(different[:3])}. This database was made by an earlier version or changed by hand."
        )
    click.echo("The database is up to date.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def load(folder: Path) -> None:
    """Load a community's files. Errors name file, line and key; then nothing is changed."""
    _django()
    from nowrongdoor.community.files import BadCommunity
    from nowrongdoor.site.load import load as read_in
    from nowrongdoor.web.clock import now

    try:
        click.echo(read_in(folder, at=now()))
    except BadCommunity as bad:
        for problem in bad.problems:
            click.echo(str(problem), err=True)
        sys.exit(1)


@main.command()
@click.argument("username")
def password(username: str) -> None:
    """Give a member a new password and print it, this once. For the first administrator."""
    _django()
    from nowrongdoor.site.first_password import set_first_password
    from nowrongdoor.web.clock import now

    try:
        click.echo(set_first_password(username, at=now()))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None


@main.command()
@click.argument("username")
def confirm(username: str) -> None:
    """Confirm who signs in with what an administrator gave them, where no one else at their agency may."""
    _django()
    from nowrongdoor.site.first_password import confirm as confirm_sign_in
    from nowrongdoor.web.clock import now

    try:
        confirm_sign_in(username, at=now())
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None


@main.command()
def collect() -> None:
    """Put the static files, with hashed names, where the server finds them."""
    _django()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@main.command()
@click.option("--anchor", type=click.Path(path_type=Path, exists=True), help="var/anchor.log")
def verify(anchor: Path | None) -> None:
    """Check the journal's chain and every constraint. Exit code 1 where anything is found."""
    _django()
    from nowrongdoor.site.verify import verify as look

    report = look(anchor)
    click.echo(report.text())
    sys.exit(1 if report.findings else 0)


@main.command()
def cover() -> None:
    """Say that every row is now as it should be: from here on `verify` finds what is changed.

    Once, after NWD_FACTS_KEY was first set; and after a migration that changes what rows say.
    """
    _django()
    from nowrongdoor.journal import baseline, vouching

    if not vouching.key():
        raise click.ClickException("Set NWD_FACTS_KEY: rows are covered under it.")
    click.echo(f"{baseline.cover_all(vouching.covered_models())} rows are covered as they stand.")


@main.command()
@click.option("--community", type=click.Path(path_type=Path, exists=True), default=TUCSON)
@click.option("--days", type=click.FloatRange(min=0.01), required=True, help="up to now")
@click.option("--seed", type=int, default=1, show_default=True, help="the same seed, the same city")
@click.option("--until", type=click.DateTime(), help="UTC; default: now")
@click.option("--fast", is_flag=True, required=True, help="as fast as the commands go")
def sandbox(  # `fast` is said and not read: `nowrongdoor city` is the slow way
    community: Path,
    days: float,
    seed: int,
    until: datetime | None,
    *,
    fast: bool,  # noqa: ARG001
) -> None:
    """Fill the database with a synthetic city's last days, by the commands that people use."""
    _django()
    from nowrongdoor.site import city

    end = None if until is None else until.replace(tzinfo=UTC)
    try:
        city.hire(community)
        with _minutes(days * 24 * 60) as say:
            _town, filled = city.fill(community, hours=days * 24, seed=seed, say=say, until=end)
    except city.NotPlayed as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(filled.text())


@main.command()
@click.option("--community", type=click.Path(path_type=Path, exists=True), default=TUCSON)
@click.option("--hours", type=float, default=2.0, show_default=True, help="first, if untouched")
@click.option("--seed", type=int, default=1, show_default=True, help="the same seed, the same city")
@click.option("--ready", type=click.Path(path_type=Path), help="a file that is there from then on")
def city(community: Path, hours: float, seed: int, ready: Path | None) -> None:
    """Play the synthetic city beside whoever looks, until Ctrl-C."""
    import threading

    _django()
    from nowrongdoor.sandbox import clock_loop
    from nowrongdoor.site import city as cities
    from nowrongdoor.site import start

    stop: threading.Event = start.stopped_by_signals()
    try:
        with _minutes(hours * 60) as say:
            town = cities.play(community, hours=hours, seed=seed, say=say)
    except cities.NotPlayed as reason:
        raise click.ClickException(str(reason)) from None
    if ready is not None:
        ready.touch()
    clock_loop.live(town, stop)


@contextmanager
def _minutes(length: float) -> Iterator[Callable[[object], None]]:
    """A bar of the city's minutes, told twice in each."""
    told = 0
    with click.progressbar(length=round(length), label="minutes of the city") as bar:

        def say(_at: object) -> None:
            nonlocal told
            told += 1
            bar.update(told % 2)

        yield say


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole database to FILE, and beside it FILE.label: what it must hold."""
    _django()
    from nowrongdoor.site.backup import CannotBackUp, back_up
    from nowrongdoor.web.clock import now

    _end_in_order()
    try:
        with _bar(file.name) as begin:
            label = back_up(file, at=now(), begin=begin)
    except CannotBackUp as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"{file}: {sum(label.rows.values())} rows. The chain: {label.seq} {label.hash}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--anchor", type=click.Path(path_type=Path, exists=True), help="var/anchor.log")
@click.option("--unsigned", is_flag=True, help="it was made before there was NWD_FACTS_KEY")
def restore(file: Path, anchor: Path | None, *, unsigned: bool) -> None:
    """Put a backup into an empty database and verify it. Exit code 1 where anything is found."""
    _django()
    from nowrongdoor.site.backup import CannotBackUp
    from nowrongdoor.site.restore import restore as put_back

    _end_in_order()
    try:
        with _bar(file.name) as begin:
            restored = put_back(file, anchor, unsigned=unsigned, begin=begin)
    except CannotBackUp as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(restored.text())
    sys.exit(1 if restored.findings else 0)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int], Callable[[int], None]]]:
    """A bar whose length is known once the work begins."""
    with ExitStack() as open_bars:

        def begin(length: int) -> Callable[[int], None]:
            bar = click.progressbar(length=length, label=name, file=sys.stderr)
            return open_bars.enter_context(bar).update

        yield begin


def _end_in_order() -> None:
    """At SIGTERM leave as at Ctrl-C: what is half done is taken away."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


@main.group(name="import")
def import_() -> None:
    """Bring in another system's records, with their true times."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--profile", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--program", help="agency/program that holds them; default: the setting cad_program")
@click.option("--rejects", type=click.Path(path_type=Path), help="where bad rows go")
def cad(file: Path, profile: Path, program: str | None, rejects: Path | None) -> None:
    """Import a 911 centre's CAD file, by its column profile."""
    _django()
    from nowrongdoor.exchange import cad as exchange
    from nowrongdoor.web.clock import now

    at = now()
    with _said():
        by = exchange.importer(program, at=at)
        _import(file, rejects, partial(exchange.import_file, file, profile, by=by, at=at))


@import_.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--profile", type=click.Path(path_type=Path, exists=True), required=True)
@click.option(
    "--program", help="agency/program that sends them; default: the setting teams_program"
)
@click.option("--unit", help="the unit they are entered for; default: the setting teams_unit")
@click.option("--rejects", type=click.Path(path_type=Path), help="where bad rows go")
def teams(
    file: Path, profile: Path, program: str | None, unit: str | None, rejects: Path | None
) -> None:
    """Import a file of mobile teams' visits, one a line, by its column profile."""
    _django()
    from nowrongdoor.exchange import teams as exchange
    from nowrongdoor.web.clock import now

    at = now()
    with _said():
        desk = exchange.desk(program, unit, at=at)
        _import(file, rejects, partial(exchange.import_file, file, profile, desk=desk, at=at))


def _import(file: Path, rejects: Path | None, enter: Callable[..., Report]) -> None:
    """Run an import with a bar, print its report, and say where the rejects are."""
    rejects = rejects or Path(f"{file.stem}.rejects.csv")
    lines = file.read_bytes().count(b"\n")
    with click.progressbar(length=lines, label=file.name, file=sys.stderr) as bar:
        report = enter(rejects=rejects, progress=bar.update)
    click.echo(report.text())
    rejected, different = report.rejected.total(), report.different.total()
    if rejected or different:
        click.echo(
            f"\n{rejected} lines were not entered, {different} are known, and different: {rejects}"
        )


@contextmanager
def _said() -> Iterator[None]:
    """Print a refusal as the sentence it is, and leave with exit code 1."""
    from nowrongdoor.community.files import BadCommunity

    try:
        yield
    except BadCommunity as bad:
        raise click.ClickException("\n".join(map(str, bad.problems))) from None
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None


@main.command()
def factors() -> None:
    """Encrypt every secret of a second factor with the newest of NWD_FACTOR_KEYS."""
    _django()
    from nowrongdoor.agencies import factor_secrets

    with _said():
        click.echo(f"{factor_secrets.renew()} were encrypted anew.")


def _django() -> None:
    import django

    django.setup()


main.add_command(protocols.triage)
main.add_command(protocols.protocol)
main.add_command(protocols.clocks)
main.add_command(gate.gate)
main.add_command(maps.maps)

if __name__ == "__main__":
    main()
