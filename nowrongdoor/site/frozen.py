"""Migrations that have landed are never edited: somebody's database has already run them.

`migrations.sha256` lists each with its checksum, as `sha256sum` writes them. `python -m
nowrongdoor.site.frozen` adds what is new, and refuses where a listed one was edited or is gone. Until a
migration has landed it may still be written again: take its line out, and freeze it anew.
"""

import sys
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("migrations.sha256")
HOUSE = Path(__file__).parent.parent


def now(house: Path = HOUSE) -> dict[str, str]:
    """The checksum of each migration there is, by its path below `nowrongdoor/`."""
    files = sorted(house.glob("*/migrations/0*.py"))
    return {
        file.relative_to(house).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files
    }


def listed(file: Path = FILE) -> dict[str, str]:
    """The checksums as they were when each migration was frozen."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def edited(here: dict[str, str], frozen: dict[str, str]) -> list[str]:
    """The frozen migrations that say something else now, or are gone."""
    return [path for path, digest in frozen.items() if here.get(path) != digest]


def freeze(house: Path = HOUSE, file: Path = FILE) -> list[str]:
    """List what is new. Errors: SystemExit where a frozen migration was edited; nothing is written."""
    here, frozen = now(house), listed(file)
    if wrong := edited(here, frozen):
        sys.exit(f"Edited after they were frozen: {', '.join(wrong)}. Write a new migration.")
    file.write_text("".join(f"{digest}  {path}\n" for path, digest in here.items()))
    return [path for path in here if path not in frozen]


if __name__ == "__main__":
    freeze()
