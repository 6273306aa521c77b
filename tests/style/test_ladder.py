"""The import contracts hold because they can break: each is tried against a violation."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


WRONG = (
    ("journal/feed.py", "import nowrongdoor.calls.rules", "nowrongdoor.calls.rules", "ladder"),
    ("episodes/rules.py", "import random", "random", "pure"),
    ("agencies/facts.py", "from django.conf import settings", "django", "pure"),
    ("calls/queries.py", "from nowrongdoor.calls import views", "nowrongdoor.calls.views", "inside"),
    ("desks/board.py", "from nowrongdoor.desks import call", "nowrongdoor.desks.call", "desks"),
    ("calls/pages.py", "from nowrongdoor.desks import board", "nowrongdoor.desks.board", "ladder"),
    ("desks/supervisor.py", "from nowrongdoor.episodes.models import Episode", "nowrongdoor.episodes.models",
     "own tables: episodes"),
    ("calls/parts.py", "from nowrongdoor.journal import entries", "nowrongdoor.journal.entries", "entries"),
    ("episodes/queries.py", "from nowrongdoor.web.clock import now", "nowrongdoor.web.clock", "clock"),
)  # fmt: skip
"""A file, a line that it may not have, what it imports, and the contract that forbids it."""


def copied(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "nowrongdoor", tmp_path / "nowrongdoor", ignore=shutil.ignore_patterns("*.mo")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path / "nowrongdoor"


def contracts(tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(ROOT / ".venv/bin/lint-imports"), "--no-cache"],
        cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip


def test_each_wrong_import_is_found(tmp_path: Path) -> None:
    """Looked at together: each is named by its own contract, with the two files."""
    folder = copied(tmp_path)
    for file, line, *_ in WRONG:
        broken = folder / file
        broken.write_text(broken.read_text().replace('"""\n', f'"""\n{line}  # noqa\n', 1))

    done = contracts(tmp_path)

    assert done.returncode != 0, done.stdout + done.stderr
    named = [row for row in done.stdout.splitlines() if " BROKEN" in row]
    told = done.stdout.partition("Broken contracts")[2]
    for file, _line, imported, contract in WRONG:
        assert any(row.startswith(contract) for row in named), done.stdout
        module = "nowrongdoor." + file.removesuffix(".py").replace("/", ".")
        assert f"{module} -> {imported}" in told, told


def test_a_new_folder_must_find_its_place(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "misc").mkdir()
    (folder / "misc/__init__.py").write_text('"""A drawer for everything."""\n')

    done = contracts(tmp_path)

    assert done.returncode != 0
    assert "misc" in done.stdout + done.stderr
