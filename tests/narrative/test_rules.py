"""Who may write, correct and acknowledge."""

from uuid import UUID

import pytest

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import rules
from nowrongdoor.narrative.rules import NoteFacts

OURS, THEIRS, ME, OTHER = (UUID(int=n) for n in range(1, 5))
BY = Actor(code="member:x", agency_id=OURS, program_id=OURS, role="counselor", member_id=ME)


@pytest.mark.parametrize(
    ("works", "receiver", "rule"),
    [
        (True, True, "note.may_write"),
        (False, True, "note.not_working"),
        (True, False, "note.receiver"),
        (False, False, "note.not_working"),
    ],
)
def test_may_write(works: bool, receiver: bool, rule: str) -> None:
    assert rules.may_write(works=works, receiver_works=receiver).rule == rule


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        (NoteFacts(ME), "note.may_correct"),
        (NoteFacts(ME, THEIRS, acknowledged=True), "note.may_correct"),
        (NoteFacts(OTHER), "note.not_yours"),
        (NoteFacts(ME, corrected=True), "note.corrected"),
    ],
)
def test_may_correct(note: NoteFacts, rule: str) -> None:
    assert rules.may_correct(BY, note).rule == rule


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        (NoteFacts(OTHER, OURS), "message.may_acknowledge"),
        (NoteFacts(ME, OURS), "message.may_acknowledge"),
        (NoteFacts(OTHER, THEIRS), "message.not_yours"),
        (NoteFacts(OTHER), "message.not_yours"),
        (NoteFacts(OTHER, OURS, acknowledged=True), "message.acknowledged"),
    ],
)
def test_may_acknowledge(note: NoteFacts, rule: str) -> None:
    assert rules.may_acknowledge(BY, note).rule == rule
