"""The machine of `test_machine.py` without its rules: how it looks at the database after each step."""

import os
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, multiple

from nowrongdoor.episodes.facts import HandoffFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site import safeguards
from tests.calls.model import CAST, HOME, LOST_S, Call, Told
from tests.conftest import clear
from tests.makers import an_actor, later, program_id

picks = st.integers(0, 4 * len(CAST) - 1)
"""Who acts: three times in four somebody who has to do with the call, else anybody."""
ANSWERS = (
    {"TALK": "Y"}, {"PSY": "Y"}, {"WPN": "in_reach"}, {"WPN": "in_hand"}, {"WPN": "none"},
    {"SI": "active", "PLAN": "U"}, {"PLAN": "N", "MEANS": "N", "TIME": "none"},
    {"SI": "passive", "GUN": "Y"}, {"GUN": "N"}, {"MED": "Y"},
)  # fmt: skip
AFTER_EVERY_STEP = {
    "an open call without a holder": """
SELECT count(*) FROM episodes_episode WHERE closed_at IS NULL AND holder_program_id IS NULL""",
    "nobody on an open line, and nothing said or nothing that rings": """
SELECT count(*) FROM calls_leg l WHERE l.ended_at IS NULL
  AND NOT EXISTS (SELECT FROM calls_participant o WHERE o.leg_id = l.id AND o.until_at IS NULL)
  AND (l.alone_since IS NULL OR NOT EXISTS (
    SELECT FROM clocks_deadline d WHERE d.subject_id = l.id AND d.kind = 'calls.alone'
      AND d.fired_at IS NULL AND d.cancelled_at IS NULL))""",
    "an alarm that rings for a caller who is not alone": """
SELECT count(*) FROM clocks_deadline d JOIN calls_leg l ON l.id = d.subject_id
WHERE d.kind = 'calls.alone' AND d.fired_at IS NULL AND d.cancelled_at IS NULL AND l.alone_since IS NULL""",
    "sought, and no clock goes": """
SELECT count(*) FROM calls_search s JOIN episodes_episode e ON e.id = s.episode_id
WHERE s.found_at IS NULL AND e.closed_at IS NULL AND NOT EXISTS (
  SELECT FROM clocks_deadline d WHERE d.subject_id = s.id AND d.kind = 'calls.search'
    AND d.fired_at IS NULL AND d.cancelled_at IS NULL)""",
    "somebody listens whose program never handed this person on": """
SELECT count(*) FROM calls_participant o WHERE o.until_at IS NULL AND o.mode = 'listening'
  AND NOT EXISTS (SELECT FROM episodes_handoff h WHERE h.episode_id = o.episode_id
    AND h.purpose = 'transfer' AND h.accepted_at IS NOT NULL AND h.from_program_id = o.program_id)""",
    "on a line or seeking, and their program does not see it": """
SELECT count(*) FROM (
  SELECT episode_id, program_id FROM calls_participant WHERE until_at IS NULL AND member_id IS NOT NULL
  UNION SELECT s.episode_id, s.program_id FROM calls_search s JOIN episodes_episode e
    ON e.id = s.episode_id WHERE s.found_at IS NULL AND e.closed_at IS NULL) needed
WHERE NOT EXISTS (SELECT FROM episodes_party p WHERE p.episode_id = needed.episode_id
  AND p.program_id = needed.program_id AND p.role = 'working' AND p.until_at IS NULL)""",
    "released with a rise unseen": """
SELECT count(*) FROM calls_participant o WHERE o.ended_as = 'released' AND o.mode = 'listening'
  AND EXISTS (SELECT FROM triage_screening s WHERE s.episode_id = o.episode_id AND s.rose
    AND s.at <= o.until_at AND s.step > o.seen_step)""",
    "released while the other side had not seen a rise": """
SELECT count(*) FROM calls_participant o JOIN calls_participant other
  ON other.leg_id = o.leg_id AND other.id <> o.id AND other.mode = 'joined'
  AND other.since_at <= o.until_at AND other.until_at IS NULL
WHERE o.ended_as = 'released' AND o.mode = 'listening' AND EXISTS (
  SELECT FROM triage_screening s WHERE s.episode_id = o.episode_id AND s.rose
    AND s.at <= o.until_at AND s.step > other.seen_step)""",
    "a line open on a call that is closed": """
SELECT count(*) FROM calls_leg l JOIN episodes_episode e ON e.id = l.episode_id
WHERE e.closed_at IS NOT NULL AND l.ended_at IS NULL""",
}


def anybody(pick: int) -> str:
    """Somebody at random, or '' where somebody near is asked for."""
    return CAST[pick] if pick < len(CAST) else ""


class Watched(RuleBasedStateMachine):
    """Everything but the rules: who acts, what is expected, and what must be so after every step."""

    ran: ClassVar = {"examples": 0, "steps": 0, "done": 0, "refused": 0}

    def __init__(self) -> None:
        super().__init__()
        self.tick = 0
        self.call: dict[UUID, Call] = {}
        self.leg: dict[UUID, UUID] = {}
        self.told: dict[UUID, Told] = {}
        self.heard: dict[str, int] = {}
        self.down: set[str] = set()
        self.moved: dict[UUID, tuple[object, ...]] = {}
        self.who: dict[str, Actor] = {name: an_actor(name, HOME[name]) for name in CAST}
        self.names = {actor.member_id: name for name, actor in self.who.items()}
        self.programs = {program_id(code): code for code in {*HOME.values()}}
        self.owner = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
        self.ran["examples"] += 1

    def teardown(self) -> None:
        try:
            assert list(safeguards.broken(self.owner)) == []  # nothing stands against a constraint
        finally:
            self.owner.close()
            clear()

    # what the model thinks -------------------------------------------------------------------

    def now(self) -> datetime:
        self.tick += 1
        return later(self.tick)

    @property
    def open(self) -> int:
        return sum(not call.over for call in self.call.values())

    def by(self, id: UUID, pick: int) -> str:
        call = self.call[id]
        near = [call.member, *call.on, *call.on, *(n for n in CAST if HOME[n] == call.program)]
        return anybody(pick) or [name for name in near if name][pick % len([*filter(None, near)])]

    def offered(self, id: UUID) -> list[Told]:
        return [told for told in self.told.values() if told.call == id and told.open]

    def transfers(self, id: UUID) -> list[Told]:
        return [told for told in self.offered(id) if told.batch is None]

    def works(self, name: str, id: UUID) -> bool:
        """Whether their program works on it, as the database has it: who sees what is not modelled."""
        query = "SELECT worked_by FROM episodes_episode WHERE id = %s"
        [worked_by] = self.owner.execute(query, [id]).fetchone() or ((),)
        assert isinstance(worked_by, list)
        return self.who[name].program_id in worked_by

    def sought(self, id: UUID) -> list[object]:
        query = "SELECT id FROM calls_search WHERE episode_id = %s AND found_at IS NULL"
        return [search_id for [search_id] in self.owner.execute(query, [id]).fetchall()]

    def moves(self, id: UUID, member: str, how: str, program: str = "") -> None:
        """The call changes hands: what else was offered of it is overtaken."""
        call = self.call[id]
        for told in self.offered(id):
            told.open = False
        call.via = (how, call.program)
        call.touched |= {call.program, program or HOME[member]}
        call.program, call.member = program or HOME[member], member

    def may_assume(self, id: UUID, name: str) -> bool:
        call = self.call[id]
        if call.over or call.member == name:
            return False
        silent = call.program in self.down or not self.reachable(call)
        return call.program == HOME[name] or (HOME[name] in call.touched and silent)

    def reachable(self, call: Call) -> bool:
        """At the next tick, when the command asks."""
        names = [call.member] if call.member else [n for n in CAST if HOME[n] == call.program]
        return any(self.tick + 1 - self.heard.get(name, -99) <= LOST_S for name in names)

    def make(self, id: UUID, name: str, to: str, row: object) -> object:
        if row is None:
            return multiple()
        assert isinstance(row, HandoffFacts)
        self.told[row.id] = Told(id, name, to)
        self.call[id].touched.add(HOME[name])
        return row.id

    def expect(self, may: bool, command: object, *, by: str, **asked: object) -> object:
        """Run a command and hold its yes or no against the model's."""
        assert callable(command)
        try:
            done = command(by=self.who[by], at=self.now(), **asked)
        except Refused as refusal:
            self.ran["refused"] += 1
            assert not may, f"{by} was refused: {refusal.verdict.rule}"
            return None
        self.ran["done"] += 1
        assert may, f"{by} was let through"
        return done if done is not None else True

    # what must always be so ------------------------------------------------------------------

    def facts(self) -> dict[str, list[tuple[object, ...]]]:
        asked = {
            "calls": "SELECT id, holder_program_id, holder_member_id, closed_at IS NOT NULL, holder_via_id "
            "FROM episodes_episode ORDER BY id",
            "lines": "SELECT episode_id, ended_at IS NOT NULL, alone_since IS NOT NULL FROM calls_leg ORDER BY 1",
            "on": "SELECT episode_id, member_id, mode = 'joined', seen_step FROM calls_participant "
            "WHERE until_at IS NULL ORDER BY 1, 2",
            "open": "SELECT id FROM episodes_handoff WHERE accepted_at IS NULL AND declined_at IS NULL "
            "AND withdrawn_at IS NULL ORDER BY id",
        }
        return {what: self.owner.execute(query).fetchall() for what, query in asked.items()}

    @invariant()
    def every_call_is_as_the_model_says(self) -> None:
        self.ran["steps"] += 1
        here = self.facts()
        by_id = sorted(self.call.items())
        assert [
            (id, self.programs[program], self.names.get(member, ""), over)
            for id, program, member, over, _via in here["calls"]
        ] == [(id, call.program, call.member, call.over) for id, call in by_id]
        assert here["lines"] == [(id, call.ended, call.alone) for id, call in by_id]
        on = {(id, self.names[member]): (speaks, seen) for id, member, speaks, seen in here["on"]}
        assert on == {
            (id, name): (one.speaks, one.seen)
            for id, call in by_id
            for name, one in call.on.items()
        }
        assert [id for [id] in here["open"]] == sorted(
            k for k, told in self.told.items() if told.open
        )
        self.holders_moved_by_an_answer(here["calls"])

    def holders_moved_by_an_answer(self, rows: list[tuple[object, ...]]) -> None:
        """Whoever holds another than before was given them by an acceptance of this very step."""
        for id, program, member, _over, via in rows:
            assert isinstance(id, UUID)
            was = self.moved.get(id)
            self.moved[id] = (program, member, via)
            if was is None or was == self.moved[id]:
                continue
            query = (
                "SELECT episode_id, to_program_id, accepted_by_id, accepted_at, "
                "purpose IN ('transfer', 'relief', 'take', 'assume', 'take_back') "
                "FROM episodes_handoff WHERE id = %s"
            )
            said = self.owner.execute(query, [via]).fetchone()
            assert said == (id, program, member, later(self.tick), True)
            assert via != was[2]

    @invariant()
    def nobody_is_left(self) -> None:
        asked = [f"SELECT {n}, ({query})" for n, query in enumerate(AFTER_EVERY_STEP.values())]
        counts = dict(self.owner.execute(" UNION ALL ".join(asked)).fetchall())  # type: ignore[call-overload]
        wrong = [what for n, what in enumerate(AFTER_EVERY_STEP) if counts[n]]
        assert wrong == []
