"""What a test of the living city needs: a watch of its own, and staff who are gone afterwards."""

import os
from datetime import datetime, timedelta

import psycopg

from nowrongdoor.agencies.facts import PLAYED
from tests.conftest import ROOT, clear, database_url
from tests.makers import NOON

TUCSON = ROOT / "communities/tucson"
GONE = f"""
DELETE FROM dispatch_unit_authority USING dispatch_unit u
  WHERE u.id = unit_id AND u.source LIKE 'synthetic%';
DELETE FROM dispatch_unit WHERE source LIKE 'synthetic%';
DELETE FROM dispatch_qualification USING agencies_member m
  WHERE m.id = member_id AND m.username LIKE '{PLAYED}%';
DELETE FROM agencies_position USING agencies_member m
  WHERE m.id = member_id AND m.username LIKE '{PLAYED}%';
DELETE FROM agencies_member WHERE username LIKE '{PLAYED}%';
"""


class Watch:
    """The machine's own clock, as far as the city sees it: it moves when a test says so."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def dismiss() -> None:
    """The staff and units of the city are gone, with what they did."""
    clear()
    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(database_url("admin", name), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(GONE)
