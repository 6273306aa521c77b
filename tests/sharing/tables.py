"""The community's table, and copies of it with one thing changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from nowrongdoor.sharing.facts import Asked, Table
from nowrongdoor.sharing.reading import read, read_text
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/disclosure.yaml"
TEXT = FILE.read_text()
TUCSON = read(FILE)

UNSIGNED = TEXT.replace("signed_off: [A09, A14, A19]", "signed_off: []")
PASSED_OVER = UNSIGNED.replace(
    "id: A21, was: 15, data: [clinical]", "id: A21, was: 15, settled: false, data: [clinical]"
).replace(
    "  - {id: A22, ",
    '  - {id: A99, data: [clinical], from: [crc], to: [hospital], purpose: [treatment], needs: "True",'
    " fields: [card], duties: [audit], basis: N}\n  - {id: A22, ",
)
"""A row that counsel has not settled, before one that matches less."""


def changed(old: str, new: str) -> Table:
    assert TEXT.count(old) == 1, f"{TEXT.count(old)} times: {old}"
    return read_text(TEXT.replace(old, new))


def without(id: str, text: str = TEXT) -> str:
    """The text without one row, also where it was signed off."""
    lines = [line for line in text.splitlines() if not line.startswith(f"  - {{id: {id},")]
    left = "\n".join(lines) + "\n"
    assert left != text
    return left.replace("signed_off: [A09, A14, A19]", f"signed_off: {_signed_without(id)}")


def _signed_without(id: str) -> str:
    return "[" + ", ".join(each for each in ("A09", "A14", "A19") if each != id) + "]"


@contextmanager
def in_force(admin: "psycopg.Connection[tuple[object, ...]]", text: str) -> Iterator[None]:
    """A later version of the table stands in the database."""
    admin.execute(
        "INSERT INTO sharing_ruleset (id, code, version, text, digest, from_at) "
        "SELECT gen_random_uuid(), code, 'later', %s, '', '2099-01-01' FROM sharing_ruleset",
        [text],
    )
    try:
        yield
    finally:
        admin.execute("DELETE FROM sharing_ruleset WHERE version = 'later'")


def asked(data: str, sender: str, to: str, purpose: str, *facts: str) -> Asked:
    return Asked(data, sender, to, purpose, frozenset(facts))
