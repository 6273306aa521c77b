"""The import contracts hold because they can break: each is tried against a violation."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("journal/feed.py", "import nowrongdoor.calls.rules", "ladder"),
        ("episodes/rules.py", "import random", "pure"),
        ("agencies/facts.py", "from django.conf import settings", "pure"),
        ("calls/queries.py", "from nowrongdoor.calls import views", "inside"),
        ("desks/board.py", "from nowrongdoor.desks import call", "desks"),
        ("calls/queries.py", "from nowrongdoor.desks import board", "ladder"),
        (
            "desks/supervisor.py",
            "from nowrongdoor.episodes.models import Episode",
            "own tables: episodes",
        ),
        ("calls/parts.py", "from nowrongdoor.journal import entries", "entries"),
        ("episodes/queries.py", "from nowrongdoor.web.clock import now", "clock"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(
        ROOT / "nowrongdoor", tmp_path / "nowrongdoor", ignore=shutil.ignore_patterns("*.mo")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = tmp_path / "nowrongdoor" / file
    broken.write_text(broken.read_text().replace('"""\n', f'"""\n{line}  # noqa\n', 1))

    done = subprocess.run(
        [str(ROOT / ".venv/bin/lint-imports"), "--no-cache"],
        cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    named = [row for row in done.stdout.splitlines() if " BROKEN" in row]
    assert done.returncode != 0, done.stdout + done.stderr
    assert any(row.startswith(contract) for row in named), done.stdout


def test_a_new_folder_must_find_its_place(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "nowrongdoor", tmp_path / "nowrongdoor", ignore=shutil.ignore_patterns("*.mo")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "nowrongdoor/misc").mkdir()
    (tmp_path / "nowrongdoor/misc/__init__.py").write_text('"""A drawer for everything."""\n')

    done = subprocess.run(
        [str(ROOT / ".venv/bin/lint-imports"), "--no-cache"],
        cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    assert done.returncode != 0
    assert "misc" in done.stdout + done.stderr
