"""Two commands that break the promise, for `test_failpoints`: each is found, and for its own fault."""

import os
from datetime import datetime
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import command
from nowrongdoor.episodes.kinds import OPENED
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from tests.makers import NOON, an_actor

pytestmark = pytest.mark.usefixtures("db")
_ROW = "INSERT INTO django_session VALUES (gen_random_uuid()::text, '', now())"


@command
def halfway(*, by: Actor, at: datetime, episode_id: UUID) -> None:
    """Two transactions: the first is over before the journal is told."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute(_ROW)
    record(OPENED, by=by, at=at, episode_id=episode_id)


@command
def unwritten(*, by: Actor, at: datetime) -> None:
    """Tells nobody.

    Journal: session.made.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROW)


def test_halfway() -> None:
    halfway(by=an_actor(), at=NOON, episode_id=UUID(int=1))


def test_unwritten() -> None:
    unwritten(by=an_actor(), at=NOON)
