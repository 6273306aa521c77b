"""Where PostgreSQL may live. Root may not run it, and another user may not reach a closed home.

As root the server runs as an ordinary user. Where that user cannot walk to the data or to the
binaries, both are put into a folder that it can, and the binaries are copied with the libraries
that stand beside them.
"""

import os
import shutil
import stat
from hashlib import sha256
from pathlib import Path
from pwd import getpwnam

STAGES = (Path("/var/lib"), Path("/tmp"))  # noqa: S108 - a folder of our own name, checked below


def place(var: Path, binaries: Path, user: str | None) -> tuple[Path, Path]:
    """The folder for data and socket, and the binaries to use."""
    if user is None:
        folder = var / "pg"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder, binaries
    base = var if walkable(var) else _stage(var)
    folder = base / "pg"
    own(folder, user, 0o711)
    if not walkable(binaries):
        binaries = _copy(binaries, base / "postgres")
    return folder, binaries


def walkable(path: Path) -> bool:
    """Whether anybody may walk from the root to this folder, and into it."""
    folders = [path, *path.parents]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def own(folder: Path, user: str | None, mode: int) -> None:
    """A folder of this user's with exactly this mode."""
    folder.mkdir(exist_ok=True)
    give(folder, user)
    folder.chmod(mode)


def give(path: Path, user: str | None) -> None:
    """Let this user own the path; None is whoever runs this."""
    if user is not None:
        account = getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)


def _stage(var: Path) -> Path:
    """A folder outside the closed one, the same for the same `var`."""
    name = f"nowrongdoor-{sha256(os.fsencode(var)).hexdigest()[:12]}"
    for parent in STAGES:
        if parent.is_dir() and os.access(parent, os.W_OK) and walkable(parent):
            folder = parent / name
            folder.mkdir(mode=0o711, exist_ok=True)
            if folder.stat().st_uid != os.geteuid():
                continue  # somebody else made it first
            folder.chmod(0o711)
            return folder
    raise OSError("no folder was found where an ordinary user can run the database")


def _copy(binaries: Path, to: Path) -> Path:
    """The whole PostgreSQL folder and the wheel's libraries, at the same places to each other."""
    installed = binaries.parent
    package = installed.parent
    libraries = package.parent / f"{package.name}.libs"
    target = to / package.name / installed.name
    if not (target / "bin" / "postgres").exists():
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(installed, target, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, to / libraries.name, symlinks=True)
        for folder in (to, target.parent):
            folder.chmod(0o755)
    return target / "bin"
