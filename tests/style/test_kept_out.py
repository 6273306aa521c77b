"""What the program does without, so that nothing typed can reach it: ASVS asks for each."""

import ast
import re
from pathlib import Path

from tests.style.test_house import HOUSE, calls, name, python, tree

KEPT_OUT = {
    "pickle": "objects from bytes",
    "marshal": "likewise",
    "shelve": "likewise",
    "xml": "external entities",
    "lxml": "likewise",
    "smtplib": "mail",
    "imaplib": "mail",
    "ldap": "directories",
    "ctypes": "memory by hand",
    "requests": "other servers",
    "httpx": "likewise",
    "urllib.request": "likewise",
    "http.client": "likewise",
    "random": "chance that can be guessed",
}
# Where one is needed all the same, and for what.
ALLOWED = {
    ("agencies/provider.py", "requests"): "its error; allauth asks an agency's provider",
    ("site/start.py", "urllib.request"): "`run` asks its own first page",
    ("site/postgres.py", "ctypes"): "asks Linux to end PostgreSQL with its starter",
}
RUN = {
    ("triage/conditions.py", "exec"): "a protocol that was read and checked, without any builtins",
}
HASHES = {"sha256", "file_digest"}
RUNS = {"eval", "exec", "compile", "__import__"}
WEB = (".html", ".js", ".css")


def imported(module: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def needs(module: ast.Module) -> set[str]:
    """Of what is kept out, what a module imports."""
    return {
        out for out in KEPT_OUT for each in imported(module) if f"{each}.".startswith(f"{out}.")
    }


def test_what_is_kept_out_is_imported_where_it_is_needed_alone() -> None:
    found = {
        (name(file), out)
        for file in python()
        for out in needs(tree(file))
        if not (out == "random" and name(file).startswith("sandbox/"))  # a made-up city's chance
    }

    assert found == set(ALLOWED)


def test_of_hashes_only_sha256_is_used() -> None:
    used = {
        each.partition(".")[2]
        for file in python()
        for each in imported(tree(file))
        if each.startswith("hashlib.")
    }

    assert used == HASHES
    assert not [name(file) for file in python() if "hashlib" in imported_whole(tree(file))]


def imported_whole(module: ast.Module) -> set[str]:
    return {
        alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def test_no_text_is_run_as_code_or_by_a_shell() -> None:
    for file in python():
        for call in calls(tree(file)):
            called = ast.unparse(call.func)
            if (name(file), called) not in RUN:
                assert called not in RUNS | {"os.system", "os.popen"}, (name(file), called)
            shell = [key for key in call.keywords if key.arg == "shell"]
            assert not shell, (name(file), call.lineno)
            # a page is a file of ours; text that was typed is never read as one
            assert called not in {"Template", "engines.from_string"}, (name(file), call.lineno)


def web_files() -> list[Path]:
    return [file for file in HOUSE.rglob("*") if file.suffix in WEB]


def test_nothing_is_fetched_from_elsewhere_or_told_to_anybody() -> None:
    assert web_files()
    for file in web_files():
        text = file.read_text()
        assert not re.findall(r"https?://(?!www\.w3\.org/)", text), name(file)
        assert not re.search(r"sendBeacon|WebSocket\(|document\.cookie|\|\s*safe\b", text), name(
            file
        )


def test_a_browser_keeps_a_theme_and_a_sound_and_nothing_about_anybody() -> None:
    kept = set()
    for file in web_files():
        text = file.read_text()
        assert not re.search(r"indexedDB|caches\.", text), name(file)
        if "sessionStorage" in text:  # a cipher: `tests/browser/test_kept.py` reads it
            assert name(file) == "web/static/web/js/kept.js"
        kept |= set(re.findall(r"localStorage\.\w+\(\s*(\S+?)[,)]", text))

    # and the views of a board that somebody named: a cipher too
    assert kept == {'"theme"', '"sound"', '"acted"', '"silenced"', '"keys"', "NAMED"}
