"""A migration that has landed is not edited, moved or left out of the list."""

from pathlib import Path

import pytest

from nowrongdoor.site import frozen


def test_every_migration_is_as_it_was_frozen() -> None:
    """After `makemigrations`: `python -m nowrongdoor.site.frozen`."""
    here, listed = frozen.now(), frozen.listed()

    assert frozen.edited(here, listed) == []
    assert set(here) - set(listed) == set()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "orders/migrations"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "0001_initial.py").write_text("one")
    return tmp_path


def test_what_is_new_is_added_once(house: Path) -> None:
    file = house / "list"
    assert frozen.freeze(house, file) == ["orders/migrations/0001_initial.py"]
    before = file.read_text()
    (house / "orders/migrations/0002_more.py").write_text("two")

    assert frozen.freeze(house, file) == ["orders/migrations/0002_more.py"]
    assert frozen.freeze(house, file) == []
    assert file.read_text().startswith(before)


@pytest.mark.parametrize("change", ["edit", "remove", "rename"])
def test_what_was_frozen_is_neither_edited_nor_taken_away(house: Path, change: str) -> None:
    file, migration = house / "list", house / "orders/migrations/0001_initial.py"
    frozen.freeze(house, file)
    before = file.read_text()
    match change:
        case "edit":
            migration.write_text("another")
        case "remove":
            migration.unlink()
        case "rename":
            migration.rename(migration.with_name("0001_tables.py"))

    with pytest.raises(SystemExit, match=r"orders/migrations/0001_initial\.py"):
        frozen.freeze(house, file)
    assert file.read_text() == before
