"""One evening in one seeded loop: desks, teams, guests, clocks and lost answers on the real commands.

What a step does is drawn from a few numbers, so that a list of steps is a trace that can be run again,
whole or in part. Who acts mostly has to do with it, and sometimes nothing; most of what they try is
refused. After every step the database is asked what must never be so.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

import psycopg

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused
from tests.makers import an_actor, later

CAST = {
    "anna.miller": "911/floor", "luis.ortega": "911/floor", "david.chavez": "911/floor",
    "ruth.palmer": "911/floor", "gloria.mendez": "911/in-center", "maria.lopez": "line/counselors",
    "rosa.figueroa": "line/counselors", "denise.wright": "line/counselors",
    "carl.jensen": "line/team-dispatch", "walter.pena": "sheriff911/floor",
    "ana.ruiz": "mobile-a/teams", "samuel.price": "mobile-a/teams", "elena.vega": "mobile-b/teams",
    "jorge.rivera": "mobile-b/teams", "luis.garza": "tpd/mhst", "susan.kim": "tpd/mhst",
    "brian.hale": "tpd/mhst", "judith.park": "crc/adult",
}  # fmt: skip
ROWS = {
    "episode": "SELECT id FROM episodes_episode",
    "offer": "SELECT id FROM episodes_handoff WHERE purpose = 'transfer'",
    "batch": "SELECT DISTINCT batch_id FROM episodes_handoff WHERE batch_id IS NOT NULL",
    "leg": "SELECT id FROM calls_leg",
    "search": "SELECT id FROM calls_search",
    "external_responder": "SELECT id FROM calls_external_responder",
    "request": "SELECT id FROM dispatch_request",
    "assignment": "SELECT id FROM dispatch_assignment",
    "duress": "SELECT id FROM dispatch_duress",
    "link": "SELECT id FROM guests_link",
}
HOLDERS = "SELECT id, holder_program_id, holder_member_id, holder_via_id FROM episodes_episode"
MOVES = frozenset(
    {
        "accept",
        "arrive",
        "attest",
        "attest_arrival",
        "take",
        "take_back",
        "accept_relief",
        "assume",
        "guest",
        "call",
    }
)
"""After nothing else does anybody hold somebody whom they did not hold before."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody tries: which of the world's rows, by whom, with what, `wait` s later."""

    what: str
    row: int
    who: int
    draw: int
    wait: int
    again: bool = False


class Broken(AssertionError):  # noqa: N818 - it is what is found, not a fault of the loop
    """Something is so that must never be so."""


Tried = Callable[[], object]


@dataclass(slots=True)
class World:
    """The rows there are, in the order in which they came, and who may try something with them."""

    owner: "psycopg.Connection[tuple[object, ...]]"
    tick: int = 0
    who: dict[str, Actor] = field(default_factory=dict)
    rows: dict[str, list[UUID]] = field(default_factory=lambda: {name: [] for name in ROWS})
    ran: "Counter[str]" = field(default_factory=Counter)
    refusals: "Counter[str]" = field(default_factory=Counter)

    @classmethod
    def new(cls) -> "World":
        owner = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
        return cls(owner, who={name: an_actor(name, home) for name, home in CAST.items()})

    def close(self) -> None:
        self.owner.close()

    @property
    def at(self) -> datetime:
        return later(self.tick)

    def pick(self, kind: str, number: int) -> UUID | None:
        """A row of this kind, of the latest eight more often than of all."""
        rows = self.rows[kind]
        near = rows[-8:] if number % 4 else rows
        return near[number // 4 % len(near)] if near else None

    def somebody(self, step: Step, *near: object) -> Actor:
        """Three times in four somebody who has to do with it: by program or by themselves."""
        fitting = [
            each for each in self.who.values() if {each.program_id, each.member_id} & {*near}
        ]
        everybody = [*self.who.values()]
        group = fitting if fitting and step.who % 4 else everybody
        return group[step.who // 4 % len(group)]

    def ask(self, query: str, *args: object) -> tuple[object, ...]:
        return self.owner.execute(query, args).fetchone() or ()  # type: ignore[arg-type]

    def run(self, step: Step, tries: Mapping[str, Callable[["World", Step], Tried | None]]) -> None:
        """Try it, twice where the first answer was lost, and look at everything afterwards."""
        self.tick += step.wait
        before, written = self._holders(), self._written()
        tried = tries[step.what](self, step)
        if tried is None:
            return
        for _time in range(2 if step.again else 1):
            self.tick += 1
            done = self._try(step.what, tried)
            if not done and self._written() != written:
                raise Broken(f"{step.what} was refused, and something was written")
            written = self._written()
        self._learn()
        self._look(step.what, before)

    def _try(self, what: str, tried: Tried) -> bool:
        try:
            tried()
        except (Refused, BadInput) as refusal:
            verdict = getattr(refusal, "verdict", None)
            self.refusals[verdict.rule if verdict is not None else "input"] += 1
            self.ran["refused"] += 1
            return False
        self.ran["done"] += 1
        self.ran[f"done: {what}"] += 1
        return True

    def _learn(self) -> None:
        for kind, query in ROWS.items():
            known = set(self.rows[kind])
            found = sorted(id for [id] in self.owner.execute(query).fetchall() if id not in known)  # type: ignore[type-var]
            self.rows[kind] += found  # type: ignore[arg-type]

    def _holders(self) -> dict[object, tuple[object, ...]]:
        return {id: rest for id, *rest in self.owner.execute(HOLDERS).fetchall()}  # type: ignore[misc]

    def _written(self) -> object:
        [count] = self.ask("SELECT count(*) FROM journal_entry")
        return count

    def _look(self, what: str, before: dict[object, tuple[object, ...]]) -> None:
        if what not in MOVES and any(before.get(id) != now for id, now in self._holders().items()):
            raise Broken(f"{what} moved somebody from one holder to another")
        counts = " UNION ALL ".join(
            f"SELECT {number}, ({query})" for number, query in enumerate(NEVER.values())
        )
        names = list(NEVER)
        for number, count in self.owner.execute(counts).fetchall():
            if count:
                raise Broken(f"after {what}: {names[int(str(number))]} ({count})")


def trace(random: Random, length: int, names: list[str]) -> list[Step]:
    """Steps as they are drawn: mostly close together, now and then an hour apart."""
    return [
        Step(
            what=random.choice(names),
            row=random.randrange(1 << 16),
            who=random.randrange(1 << 16),
            draw=random.randrange(1 << 16),
            wait=random.choice((0, 0, 1, 2, 5, 30, 60, 300, 900, 3600)),
            again=random.random() < 0.08,
        )
        for _ in range(length)
    ]


_RINGS = "d.fired_at IS NULL AND d.cancelled_at IS NULL"
NEVER = {
    "an open episode without a holder": """
SELECT count(*) FROM episodes_episode WHERE closed_at IS NULL AND holder_program_id IS NULL""",
    "a caller alone, and nothing said or nothing rings": f"""
SELECT count(*) FROM calls_leg l WHERE l.ended_at IS NULL
  AND NOT EXISTS (SELECT FROM calls_participant o WHERE o.leg_id = l.id AND o.until_at IS NULL)
  AND (l.alone_since IS NULL OR NOT EXISTS (SELECT FROM clocks_deadline d
    WHERE d.subject_id = l.id AND d.kind = 'calls.alone' AND {_RINGS}))""",
    "a line open on a call that is closed": """
SELECT count(*) FROM calls_leg l JOIN episodes_episode e ON e.id = l.episode_id
WHERE e.closed_at IS NOT NULL AND l.ended_at IS NULL""",
    "an offer open on a call that is closed": """
SELECT count(*) FROM episodes_handoff h JOIN episodes_episode e ON e.id = h.episode_id
WHERE e.closed_at IS NOT NULL AND h.accepted_at IS NULL AND h.declined_at IS NULL
  AND h.withdrawn_at IS NULL""",
    "two open offers of one person for one purpose": """
SELECT count(*) FROM (SELECT FROM episodes_handoff WHERE accepted_at IS NULL AND declined_at IS NULL
  AND withdrawn_at IS NULL AND batch_id IS NULL GROUP BY leg_id, purpose HAVING count(*) > 1) two""",
    "an offer that nobody answered and no clock rings": f"""
SELECT count(*) FROM episodes_handoff h WHERE h.purpose = 'transfer' AND h.accepted_at IS NULL
  AND h.declined_at IS NULL AND h.withdrawn_at IS NULL AND NOT EXISTS (
  SELECT FROM clocks_deadline d WHERE d.subject_id = h.id AND {_RINGS})""",
    "the holder does not see whom they hold": """
SELECT count(*) FROM episodes_episode e WHERE e.closed_at IS NULL
  AND NOT e.holder_program_id = ANY (e.worked_by)""",
    "on a line, and their program does not see it": """
SELECT count(*) FROM calls_participant o WHERE o.until_at IS NULL AND NOT EXISTS (
  SELECT FROM episodes_party p WHERE p.episode_id = o.episode_id AND p.program_id = o.program_id
    AND p.role = 'working' AND p.until_at IS NULL)""",
    "sought, and no clock goes": f"""
SELECT count(*) FROM calls_search s JOIN episodes_episode e ON e.id = s.episode_id
WHERE s.found_at IS NULL AND e.closed_at IS NULL AND NOT EXISTS (
  SELECT FROM clocks_deadline d WHERE d.subject_id = s.id AND d.kind = 'calls.search' AND {_RINGS})""",
    "a rescue that nobody has confirmed, and no clock goes": f"""
SELECT count(*) FROM calls_external_responder s JOIN episodes_episode e ON e.id = s.episode_id
WHERE s.rescue <> '' AND s.met_at IS NULL AND e.closed_at IS NULL AND NOT EXISTS (
  SELECT FROM clocks_deadline d WHERE d.subject_id = s.id AND d.kind = 'calls.rescue' AND {_RINGS})""",
    "a clock that rings where nobody sees for whom": f"""
SELECT count(*) FROM clocks_deadline d JOIN episodes_episode e ON e.id = d.episode_id
WHERE {_RINGS} AND e.closed_at IS NULL AND NOT d.program_id = ANY (e.seen_by)""",
    "one unit on two assignments": """
SELECT count(*) FROM (SELECT FROM dispatch_assignment WHERE cleared_at IS NULL AND source = 'live'
  GROUP BY unit_id HAVING count(*) > 1) two""",
    "one person on two crews": """
SELECT count(*) FROM (SELECT FROM dispatch_crew_member WHERE until_at IS NULL
  GROUP BY member_id HAVING count(*) > 1) two""",
    "a request open, or a unit on its way, on a call that is closed": """
SELECT count(*) FROM dispatch_request r JOIN episodes_episode e ON e.id = r.episode_id
WHERE e.closed_at IS NOT NULL AND r.declined_at IS NULL AND r.withdrawn_at IS NULL AND r.ended_at IS NULL""",
    "a unit on its way for a request that is over": """
SELECT count(*) FROM dispatch_assignment a JOIN dispatch_request r ON r.id = a.request_id
WHERE a.cleared_at IS NULL AND (r.ended_at IS NOT NULL OR r.declined_at IS NOT NULL
  OR r.withdrawn_at IS NOT NULL)""",
    "somebody waits for help, and no clock rings": f"""
SELECT count(*) FROM dispatch_request r WHERE r.declined_at IS NULL AND r.withdrawn_at IS NULL
  AND r.ended_at IS NULL AND r.accepted_at IS NULL AND NOT EXISTS (
  SELECT FROM clocks_deadline d WHERE d.subject_id = r.id AND {_RINGS})""",
    "help was asked for, and whoever has to follow it does not see for whom": """
SELECT count(*) FROM dispatch_request r JOIN episodes_episode e ON e.id = r.episode_id
LEFT JOIN dispatch_request f ON f.follows_id = r.id
WHERE e.closed_at IS NULL AND r.withdrawn_at IS NULL AND f.id IS NULL AND r.without = ''
  AND (r.ended_at IS NULL OR r.returned) AND NOT r.from_program_id = ANY (e.worked_by)""",
    "a crew at a scene without a clock of signs of life": f"""
SELECT count(*) FROM dispatch_assignment a WHERE a.on_scene_at IS NOT NULL AND a.cleared_at IS NULL
  AND NOT EXISTS (SELECT FROM clocks_deadline d WHERE d.subject_id = a.id AND {_RINGS})""",
    "somebody sent, and their program does not see where": """
SELECT count(*) FROM dispatch_assignment a JOIN dispatch_crew_member m ON m.crew_id = a.crew_id
JOIN episodes_episode e ON e.id = a.episode_id
WHERE a.cleared_at IS NULL AND m.until_at IS NULL AND NOT m.program_id = ANY (e.worked_by)""",
}
"""What must never be so, whatever anybody does. Each query counts where it is."""
