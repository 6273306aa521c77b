"""Putting a community's folder into the database: all of it or nothing."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from nowrongdoor.agencies import loading as agencies
from nowrongdoor.agencies.facts import AgencyKind, Role
from nowrongdoor.calls import loading as calls
from nowrongdoor.cases import loading as cases
from nowrongdoor.clocks import loading as clocks
from nowrongdoor.community import files
from nowrongdoor.community import loading as community
from nowrongdoor.community.files import Known
from nowrongdoor.directory import loading as directory
from nowrongdoor.dispatch import loading as dispatch
from nowrongdoor.episodes import loading as episodes
from nowrongdoor.identity import loading as identity
from nowrongdoor.journal.baseline import written_by_owner
from nowrongdoor.sharing import loading as sharing
from nowrongdoor.triage import loading as triage

KNOWN = Known(
    roles=frozenset(role.value for role in Role if role is not Role.MACHINE),
    agency_kinds=frozenset(kind.value for kind in AgencyKind),
    owners=frozenset(
        {"calls"}
    ),  # the modules that have a command to accept a handoff of their kind
)


def load(folder: Path, *, at: datetime) -> str:
    """Load a folder and say what is in it. Errors: BadCommunity, and then nothing has changed."""
    found = files.read(folder, known=KNOWN)
    with transaction.atomic(using=community.OWNER), written_by_owner():
        community.write(found, at=at)
        clocks.write(found)
        agencies.write(found, at=at)
        sharing.write(found, at=at)
        episodes.write(found)
        directory.write(found, at=at)
        dispatch.write(found, at=at)
        triage.write(found, at=at)
        identity.write(found, folder, at=at)
        cases.write(found)
        calls.write(found, folder, at=at)
    programs = sum(len(agency.programs) for agency in found.agencies)
    return (
        f"{found.about.name['en']}: {len(found.agencies)} agencies with {programs} programs, "
        f"{len(found.members)} members, {len(found.routes)} routes, {len(found.handoffs)} kinds of "
        f"handoff, {len(found.zones)} zones, {len(found.facilities)} facilities, {len(found.units)} units."
    )
