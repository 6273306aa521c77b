"""Whom the city plays."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs the staff, on one test worker: they are hired once a file."""
    for item in items:
        if Path(__file__).parent == Path(item.fspath).parent and "staff" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker(pytest.mark.xdist_group(f"staff-{Path(item.fspath).stem}"))


@pytest.fixture(scope="module")
def staff() -> Iterator[None]:
    """Hired once for all tests of a file: what they do is forgotten after each."""
    from django.db import connection, connections  # this file is read before Django is set up

    from nowrongdoor.site import city
    from tests.sandbox.played import TUCSON, dismiss

    connections.close_all()  # a file before this may have had the server end what is kept open
    connection.close_pool()
    city.hire(TUCSON)
    yield
    dismiss()
