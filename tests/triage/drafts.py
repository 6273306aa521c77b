"""Versions of the protocol for tests: drafted, signed by the four, in force, retired."""

from contextlib import suppress
from datetime import datetime, timedelta

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.triage import commands, comparing, proving, queries, reading
from nowrongdoor.triage.models import Protocol
from tests.conftest import ROOT
from tests.makers import NOON, an_actor

TUCSON = ROOT / "communities/tucson"
TEXT = (TUCSON / "protocol.yaml").read_text()
SIGNERS = {
    "clinical": "denise.wright",
    "psap": "ruth.palmer",
    "police": "brian.hale",
    "medical_director": "edith.navarro",
}


def changed(*edits: tuple[str, str], version: str = "1.3.0") -> str:
    text = TEXT
    for old, new in (("version: 1.2.1", f"version: {version}"), *edits):
        assert old in text, old
        text = text.replace(old, new)
    return text


BROKEN = changed(('L27, level: "E", if: \'ACT=="Y"\'', 'L27, level: "2", if: \'ACT=="Y"\''))
"""An act that has begun would be a call for the line: I1 is broken."""
SOFTER = changed(
    ('L16, level: "3B"', 'L16, level: "3A"'),
    ("{id: mandated_report, if: 'ABU==\"Y\"'", "{id: mandated_report, if: 'NEED==\"Y\"'"),
    (
        "lowers:\n",
        "lowers:\n- {than: 1.2.1, when: 'WPN==\"in_reach\"', because: the four have said so}\n",
    ),
)
"""A weapon within reach is for a team; who only wants a service gives a report, harm does not."""


def proved(text: str, *, at: datetime) -> None:
    """What pages have a child do first, done here: a text is read, and proved against the one in force."""
    before = queries.text_going(at)
    with suppress(Refused):
        proving.known(text, before)
        return
    found = reading.read_text(text, reading.FILE)
    was = reading.read_text(before, reading.FILE) if before else None
    made = proving.Checked(found.id, found.version, comparing.check(found, was))
    proving.keep(text, before, made)


def drafted(text: str = "", *, at: datetime = NOON) -> Protocol:
    by, text = an_actor("denise.wright"), text or changed()
    proved(text, at=at)
    return commands.draft_protocol(by=by, at=at, text=text)


def sign(row: Protocol, *approvers: str, at: datetime = NOON) -> None:
    """The four, or these of them, one second after the other."""
    for n, each in enumerate(approvers or SIGNERS):
        by, when = an_actor(SIGNERS[each]), at + timedelta(seconds=n)
        commands.approve_protocol(by=by, at=when, protocol_id=row.pk, approver=each)


def activated(text: str = "", *, at: datetime = NOON, from_at: datetime = NOON) -> Protocol:
    row = drafted(text, at=at)
    sign(row, at=at)
    return activate(row, at=at, from_at=from_at)


def activate(row: Protocol, *, at: datetime = NOON, from_at: datetime = NOON) -> Protocol:
    ruth = an_actor("ruth.palmer")
    proved(row.text, at=from_at)
    return commands.activate_protocol(by=ruth, at=at, protocol_id=row.pk, from_at=from_at)


def retire(row: Protocol, *, at: datetime = NOON, by: Actor | None = None) -> Protocol:
    ruth = by or an_actor("ruth.palmer")
    return commands.retire_protocol(by=ruth, at=at, protocol_id=row.pk)


def loaded() -> Protocol:
    return Protocol.objects.get(version="1.2.1")


def in_force(at: datetime) -> str:
    return queries.in_force(at).version
