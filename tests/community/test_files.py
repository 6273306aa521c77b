"""A community's files: every mistake named by file, line and key; and a second, tiny community."""

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from nowrongdoor.community import queries
from nowrongdoor.community.files import BadCommunity, read
from nowrongdoor.community.zones import zone_of
from nowrongdoor.site.load import KNOWN, load
from tests.conftest import ROOT, database_url
from tests.makers import NOON

TUCSON = ROOT / "communities/tucson"
TINY = Path(__file__).parent / "tiny"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TUCSON, tmp_path / "tucson"))


def problems(folder: Path) -> list[str]:
    with pytest.raises(BadCommunity) as bad:
        read(folder, known=KNOWN)
    return [str(each) for each in bad.value.problems]


def test_tucson_reads_clean() -> None:
    files = read(TUCSON, known=KNOWN)

    assert (len(files.agencies), len(files.zones)) == (24, 15)
    assert all(
        row.source for row in (*files.agencies, *files.routes, *files.settings, *files.units)
    )


def test_pairs_come_from_different_employers() -> None:
    files = read(TUCSON, known=KNOWN)
    employer = {member.username: member.employer for member in files.members}
    pairs = [unit for unit in files.units if unit.kind.endswith("pair")]

    assert pairs
    for unit in pairs:
        assert len({employer[seat.member] for seat in unit.crew}) > 1, unit.code


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("agencies.yaml", "kind: psap", "kind: starship", "agencies.yaml, line 4, 0.kind"),
        ("agencies.yaml", "roles: [call_taker,", "roles: [wizard, call_taker,", "no such role: wizard"),
        ("members.yaml", "employer: line,", "employer: moon,", "no such agency: moon"),
        ("members.yaml", "program: line/counselors, role: counselor", "program: line/nowhere, role: counselor", "line/nowhere"),
        ("routes.yaml", "kind: warm_transfer", "kind: teleport", "no such handoff kind: teleport"),
        ("routes.yaml", "from: 911/floor", "from: 911/cellar", "911/cellar"),
        ("codes.yaml", 'es: "Sobredosis"', 'fr: "Surdose"', "no name in es"),
        ("codes.yaml", "code: overdose,", "code: suicide_threat,", "suicide_threat"),
        ("settings.yaml", "key: presence_lost_s,", "key: presence_gone_s,", "presence_lost_s"),
        ("settings.yaml", "key: stale_s,", "kee: stale_s,", "kee"),
        ("community.yaml", "America/Phoenix", "America/Atlantis", "time_zone"),
        ("handoffs.yaml", "code: warm_transfer", "code: Warm Transfer", "handoffs.yaml"),
        ("units.yaml", "member: ray.sutton", "member: nobody.known", "no such member: nobody.known"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))

    found = problems(folder)

    assert any(told in each for each in found), found
    assert all(each.split(",")[0].endswith((".yaml", ".geojson")) for each in found)


@pytest.mark.parametrize("name", ["community.yaml", "agencies.yaml", "zones.geojson"])
def test_a_missing_or_broken_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert any(each.startswith(name) and "missing" in each for each in problems(folder))
    (folder / name).write_text("{ not: [closed")
    assert any(each.startswith(name) for each in problems(folder))


def test_an_empty_folder_is_told_which_files_it_needs(tmp_path: Path) -> None:
    missing = {each.split(",")[0].split(".")[0] for each in problems(tmp_path)}

    needed = "agencies codes community handoffs members routes settings units zones"
    assert missing == set(needed.split())


def test_every_problem_is_told_at_once(folder: Path) -> None:
    members = folder / "members.yaml"
    members.write_text(members.read_text().replace("employer: line,", "employer: moon,"))

    assert len(problems(folder)) > 5


@pytest.mark.usefixtures("db")
def test_a_bad_folder_changes_nothing(folder: Path) -> None:
    before = queries.codes("incident_classes", "en")
    codes = folder / "codes.yaml"
    codes.write_text(
        codes.read_text()
        .replace("Suicide threat", "Changed", 1)
        .replace('es: "Sobredosis"', 'fr: "x"', 1)
    )

    with pytest.raises(BadCommunity):
        load(folder, at=NOON)

    assert queries.codes("incident_classes", "en") == before


@pytest.mark.usefixtures("db")
def test_loading_twice_is_loading_once() -> None:
    assert load(TUCSON, at=NOON) == load(TUCSON, at=NOON)


@pytest.mark.usefixtures("db")
def test_a_code_that_goes_is_retired_and_old_rows_keep_their_name(folder: Path) -> None:
    codes = folder / "codes.yaml"
    lines = [line for line in codes.read_text().splitlines() if "code: clinic_request" not in line]
    codes.write_text("\n".join(lines) + "\n")
    try:
        load(folder, at=NOON)
        assert not queries.known_code("incident_classes", "clinic_request")
        assert (
            queries.code_names("incident_classes", "en")["clinic_request"]
            == "Request from a clinic"
        )
    finally:
        load(TUCSON, at=NOON)
    assert queries.known_code("incident_classes", "clinic_request")


@pytest.mark.usefixtures("db")
def test_a_setting_holds_from_its_day_on_and_none_is_guessed() -> None:
    assert queries.setting("presence_lost_s", NOON) == 4
    with pytest.raises(queries.NotLoaded):
        queries.setting("presence_lost_s", NOON - timedelta(days=99_999))
    with pytest.raises(queries.NotLoaded):
        queries.setting("no_such_thing", NOON)


def test_a_point_lies_in_one_zone() -> None:
    square = {
        "type": "Polygon",
        "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2]], [[0.5, 0.5], [1, 0.5], [1, 1], [0.5, 1]]],
    }
    two = {"type": "MultiPolygon", "coordinates": [[[[5, 5], [6, 5], [6, 6], [5, 6]]]]}
    shapes = [("square", square), ("two", two)]

    assert zone_of((1.5, 1.5), shapes) == "square"
    assert zone_of((0.7, 0.7), shapes) is None  # the hole
    assert zone_of((5.5, 5.5), shapes) == "two"
    assert zone_of((9, 9), shapes) is None
    with pytest.raises(ValueError, match="not an area"):
        zone_of((0, 0), [("line", {"type": "LineString", "coordinates": []})])


def test_downtown_tucson_has_a_zone() -> None:
    files = read(TUCSON, known=KNOWN)
    shapes = [(zone.code, zone.shape) for zone in files.zones]

    assert zone_of((-110.9747, 32.2217), shapes) is not None


@pytest.mark.usefixtures("db")
def test_a_tiny_second_community_needs_no_code() -> None:
    """Riverbend: two agencies, its own clock, codes, kinds and numbers. The same program, other files."""
    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_tiny"
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER nwd_owner TEMPLATE migrated")
        admin.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
    with psycopg.connect(database_url("admin", name), autocommit=True) as admin:
        admin.execute("ALTER SCHEMA public OWNER TO nwd_owner")
    there = os.environ | {
        "DATABASE_URL": database_url("app", name),
        "DATABASE_OWNER_URL": database_url("owner", name),
        "PYTHONPATH": str(ROOT),
    }
    command = str(ROOT / ".venv/bin/nowrongdoor")
    load = [command, "load", str(TINY)]
    subprocess.run(load, check=True, env=there, capture_output=True, cwd=TINY)
    call = [str(ROOT / ".venv/bin/python"), str(TINY.parent / "tiny_call.py")]
    told = subprocess.run(call, check=True, env=there, capture_output=True, text=True)
    verified = subprocess.run([command, "verify"], env=there, capture_output=True, text=True)

    assert told.stdout.strip() == "RB27-000001 | Tristeza | Teléfonos | Ben Second"
    assert "entry unsealed" not in verified.stdout
    assert verified.returncode == 0, verified.stdout
