"""What the house is made of, in lines: now, and at an earlier commit beside it; and what a command costs.

Counted from git, so nothing that is not committed counts. Lines of templates are counted as the files
have them, and as text at 45 characters a line, because before *House* a line held up to 2,232.
"""

import subprocess
from collections import Counter
from collections.abc import Iterator

from bench.figures import Figure
from bench.processes import Failed

BEFORE = "ee24ed4"
"""The last commit before the modules began to be declared."""
A_LINE = 45
SORTS = ("product", "migrations", "templates", "templates, 45 c/line", "Spanish", "tests")
COLUMNS = ("py", "html 45 c/line", "tests", "commands", "per command", "tests per command")
FEATURES = {"guests": (258, 298), "directory": (1_322, 1_164), "narrative": None}
"""What a command of each cost before, product and tests, with all that stood in other folders: counted once by hand."""


def run(_repeats: int) -> list[Figure]:
    """Prints three tables; there is no floor to the size of a house."""
    now = _house("HEAD")
    before = _house(BEFORE) if _known(BEFORE) else Counter()
    print(f"{'lines':24} {BEFORE:>9} {'now':>9}")
    for sort in SORTS:
        print(f"{sort:24} {before[sort]:>9,} {now[sort]:>9,}")
    print("\n" + "  ".join(["module".ljust(10), *(each.rjust(14) for each in COLUMNS)]))
    modules = _modules("HEAD")
    for module, cost in sorted(modules.items()):
        if cost["commands"]:
            print("  ".join([module.ljust(10), *(_cell(cost, each) for each in COLUMNS)]))
    print(f"\n{'a command of':10} {'product then':>14} {'now':>8} {'tests then':>14} {'now':>8}")
    for module, then in FEATURES.items():
        product, tests = (f"{each:,}" for each in then) if then else ("", "")
        new = [_cell(modules[module], each).strip() for each in COLUMNS[-2:]]
        print(f"{module:12} {product:>14} {new[0]:>8} {tests:>14} {new[1]:>8}")
    return []


def _cell(cost: "Counter[str]", column: str) -> str:
    """One figure; the price of a command is everything that is written for it, but its tests."""
    written = cost["py"] + cost["html 45 c/line"]
    per = {"per command": written, "tests per command": cost["tests"]}
    value = per[column] // cost["commands"] if column in per else cost[column]
    return f"{value:>14,}"


def _house(rev: str) -> "Counter[str]":
    found: Counter[str] = Counter()
    for path, text in _files(rev):
        lines = text.count("\n")
        if path.startswith("tests/") and path.endswith(".py"):
            found["tests"] += lines
        elif "/migrations/" in path:
            found["migrations"] += lines
        elif path.endswith(".py") and path.startswith("nowrongdoor/"):
            found["product"] += lines
        elif path.endswith(".html"):
            found["templates"] += lines
            found["templates, 45 c/line"] += len(" ".join(text.split())) // A_LINE
        elif path.endswith(".po"):
            found["Spanish"] += lines
    return found


def _modules(rev: str) -> dict[str, "Counter[str]"]:
    found: dict[str, Counter[str]] = {}
    for path, text in _files(rev):
        parts = path.split("/")
        if len(parts) < 3 or "migrations" in parts:
            continue
        cost = found.setdefault(parts[1], Counter())
        if parts[0] == "tests" and path.endswith(".py"):
            cost["tests"] += text.count("\n")
        elif path.endswith(".py") and parts[0] == "nowrongdoor":
            cost["py"] += text.count("\n")
            cost["commands"] += text.count("\n@command")
        elif path.endswith(".html"):
            cost["html 45 c/line"] += len(" ".join(text.split())) // A_LINE
    return found


def _files(rev: str) -> Iterator[tuple[str, str]]:
    """Every file of the program and its tests at a commit, with its text. Two runs of git."""
    listed = _git("ls-tree", "-r", "--name-only", rev, "nowrongdoor", "tests").splitlines()
    paths = [path for path in listed if path.endswith((".py", ".html", ".po"))]
    asked = "".join(f"{rev}:{path}\n" for path in paths)
    answer = _git("cat-file", "--batch", given=asked).encode()
    at = 0
    for path in paths:
        head, at = answer[at : answer.index(b"\n", at)], answer.index(b"\n", at) + 1
        size = int(head.split()[-1])
        yield path, answer[at : at + size].decode()
        at += size + 1


def _known(rev: str) -> bool:
    return subprocess.run(["git", "cat-file", "-e", rev], check=False).returncode == 0


def _git(*words: str, given: str = "") -> str:
    done = subprocess.run(["git", *words], input=given, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout
