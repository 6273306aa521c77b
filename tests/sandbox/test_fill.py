"""The city played fast, as an operator fills a database: twice the same, and nobody left behind."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.commandline import nowrongdoor
from tests.conftest import ROOT, copy_database, database_url

pytestmark = pytest.mark.xdist_group("fill")  # one worker: the city is filled once
PROGRAM = str(ROOT / ".venv/bin/nowrongdoor")
JOURNAL = """
SELECT e.kind, e.at, e.by, e.episode_id::text, e.ids::text FROM journal_seal s
JOIN journal_entry e ON e.id = s.entry_id ORDER BY s.seq"""
LEFT = """
SELECT count(*) FROM episodes_episode WHERE closed_at IS NULL AND holder_program_id IS NULL
UNION ALL SELECT count(*) FROM calls_leg l JOIN episodes_episode e ON e.id = l.episode_id
  WHERE l.ended_at IS NULL AND e.closed_at IS NOT NULL
UNION ALL SELECT count(*) FROM dispatch_assignment a JOIN episodes_episode e ON e.id = a.episode_id
  WHERE a.cleared_at IS NULL AND e.closed_at IS NOT NULL"""


class Filled:
    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.env = os.environ | {
            "DATABASE_URL": database_url("app", name),
            "DATABASE_OWNER_URL": database_url("owner", name),
            "NWD_VAR": str(folder),
            "NWD_SYNTHETIC": "1",
        }

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PROGRAM, *words], env=self.env, cwd=ROOT, capture_output=True, text=True
        )

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(database_url("admin", self.name)) as admin:
            return admin.execute(query).fetchall()  # type: ignore[arg-type]


def fill(name: str, folder: Path, seed: int = 5) -> Filled:
    copy_database(name)
    filled = Filled(name, folder)
    words = ("--days", "0.125", "--until", "2026-11-20T00:00:00", "--seed", str(seed), "--fast")
    done = filled.run("sandbox", *words)  # 14:00 to 17:00 in Tucson
    assert done.returncode == 0, done.stdout + done.stderr
    assert "refused" not in done.stdout, done.stdout
    return filled


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return fill(f"nwd_city_{os.getpid()}", tmp_path_factory.mktemp("city"))


def without_chance(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Every id that is drawn, as the place at which it first comes; staff and programs stay."""
    seen: dict[str, int] = {}
    out = []
    for kind, at, by, episode, ids in rows:
        words = f"{episode} {ids}".replace('"', " ").replace("}", " ").replace(",", " ").split()
        named = [
            str(seen.setdefault(word, len(seen))) if len(word) == 36 else word for word in words
        ]
        out.append((kind, at, by, " ".join(named)))
    return out


@pytest.mark.long
def test_the_same_seed_is_the_same_city(once: Filled, tmp_path: Path) -> None:
    again = fill(f"nwd_again_{os.getpid()}", tmp_path)
    one, other = once.ask(JOURNAL), again.ask(JOURNAL)
    assert len(one) > 200
    assert without_chance(one) == without_chance(other)


def test_nobody_is_left_behind_and_verify_is_clean(once: Filled) -> None:
    assert [count for [count] in once.ask(LEFT)] == [0, 0, 0]
    done = nowrongdoor(once.name, "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_calls_came_were_handed_on_and_teams_went(once: Filled) -> None:
    kinds = {kind for kind, *_ in once.ask(JOURNAL)}
    assert kinds >= {
        "episodes.opened", "triage.screened", "episodes.offered", "episodes.accepted",
        "calls.released", "dispatch.asked", "dispatch.assigned", "dispatch.cleared", "episodes.closed",
    }  # fmt: skip


def test_people_who_are_real_are_never_played(settings: object, once: Filled) -> None:
    settings.SYNTHETIC = False  # type: ignore[attr-defined]
    done = nowrongdoor(once.name, "sandbox", "--days", "0.01", "--fast")
    assert (done.returncode, "NWD_SYNTHETIC=1" in done.stderr) == (1, True)


def test_no_day_is_played_on_which_nobody_could_be_screened(once: Filled) -> None:
    words = ("--days", "0.01", "--until", "2024-12-31T00:00:00", "--fast")
    done = nowrongdoor(once.name, "sandbox", *words)
    assert done.returncode == 1
    assert "no protocol was in force" in done.stderr


def test_a_year_may_be_played(once: Filled) -> None:
    """The last one, from whichever day on: the files of the community are older."""
    [(since,)] = once.ask("SELECT now() - min(active_from) > '365 days' FROM triage_protocol")
    assert since
