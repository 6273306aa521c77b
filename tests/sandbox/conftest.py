"""Whom the city plays."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def staff() -> Iterator[None]:
    """Hired once for all tests of a file: what they do is forgotten after each."""
    from nowrongdoor.site import city  # this file is read before Django is set up
    from tests.sandbox.played import TUCSON, dismiss

    city.hire(TUCSON)
    yield
    dismiss()
