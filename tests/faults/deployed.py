"""The files of `deploy/cluster`, and the machines that they name."""

from pathlib import Path

from tests.faults.house import ROOT

DEPLOY = ROOT / "deploy" / "cluster"
DATABASES = {"db1": "10.20.0.11", "db2": "10.20.0.12", "db3": "10.20.0.13"}
APPS = {"app1": "10.20.0.21", "app2": "10.20.0.22"}


def variables(file: Path) -> dict[str, str]:
    """An environment file, as systemd reads ours: no quotes, comments on lines of their own."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def own(line: str, name: str) -> str:
    """A line of db1's file for another database; what names all three stays."""
    if all(address in line for address in DATABASES.values()):
        return line
    return line.replace("db1", name).replace(DATABASES["db1"], DATABASES[name])
