"""Oracle L: the desks' own journals against the database and its journal.

An effect counts where the row and its journal entry are both there. What is found is named by the
client's keys, so that a failure says what was lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.house import Database, House, until
from tests.faults.load import Line

# (what the client knows it by, its id, or NULL where the journal has no entry for it)
_EFFECTS = {
    "call": """
SELECT k.place, CASE WHEN j.id IS NOT NULL THEN c.id::text END
FROM calls_contact c
JOIN (SELECT DISTINCT episode_id, place FROM episodes_card) k ON k.episode_id = c.episode_id
LEFT JOIN journal_entry j ON j.kind = 'calls.received' AND j.ids::json ->> 'contact_id' = c.id::text
""",
    "offer": """
SELECT h.episode_id::text, CASE WHEN j.id IS NOT NULL THEN h.id::text END
FROM episodes_handoff h
LEFT JOIN journal_entry j
  ON j.kind = 'episodes.offered' AND j.ids::json ->> 'handoff_id' = h.id::text
WHERE h.purpose = 'transfer'
""",
    "accept": """
SELECT h.id::text, CASE WHEN j.id IS NOT NULL THEN h.id::text END
FROM episodes_handoff h
LEFT JOIN journal_entry j
  ON j.kind = 'episodes.accepted' AND j.ids::json ->> 'handoff_id' = h.id::text
WHERE h.accepted_at IS NOT NULL AND h.purpose = 'transfer'
""",
}
_HOLDERS = """
SELECT id::text, holder_member_id::text FROM episodes_episode
WHERE closed_at IS NULL AND joined_into_id IS NULL
"""
_SEALS = """
SELECT (SELECT count(*) FROM journal_entry), count(*), coalesce(min(seq), 0), coalesce(max(seq), 0)
FROM journal_seal
"""
Effects = dict[str, dict[str, list[str | None]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the oracle found, by the client's keys. All empty: nothing was lost."""

    acked: int
    lost: tuple[str, ...]
    never_sent: tuple[str, ...]
    twice: tuple[str, ...]
    misheld: tuple[str, ...]
    unanswered: tuple[str, ...]  # refused, or never answered after all that asking again

    @property
    def clean(self) -> bool:
        return not (self.lost or self.never_sent or self.twice or self.misheld or self.unanswered)


def judge(db: Database, lines: Sequence[Line], *, sent: Iterable[Line]) -> Verdict:
    """Hold `lines` against the database. `sent`: every line that any client ever sent to it."""
    with db.transaction():
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        effects = {op: _effects(db, query) for op, query in _EFFECTS.items()}
        holders = dict(db.execute(_HOLDERS).fetchall())
    asked = {(each.op, each.subject) for each in sent}
    return Verdict(
        acked=sum(each.answer is not None for each in lines),
        lost=tuple(each.key for each in lines if _lost(each, effects)),
        never_sent=tuple(
            f"{op} {subject}"
            for op, found in effects.items()
            for subject in found
            if (op, subject) not in asked
        ),
        twice=tuple(each.key for each in lines if len(effects[each.op].get(each.subject, ())) > 1),
        misheld=tuple(_misheld(lines, holders)),
        unanswered=tuple(each.key for each in lines if each.answer is None),
    )


def _effects(db: Database, query: str) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = defaultdict(list)
    for subject, id in db.execute(query):
        found[str(subject)].append(None if id is None else str(id))
    return dict(found)


def _lost(line: Line, effects: Effects) -> bool:
    if line.answer is None:
        return False
    return line.answer["id"] not in effects[line.op].get(line.subject, ())


def _misheld(lines: Sequence[Line], holders: dict[object, object]) -> Iterable[str]:
    """Episodes that are open and not held by the one who was told last that they hold them.

    What a key entered is its program's queue's, until somebody takes it to offer it.
    """
    told: dict[str, str] = {}
    for each in sorted(lines, key=lambda line: line.acked_at):
        if each.answer is not None and each.op in _EFFECTS:
            told[each.answer["episode_id"]] = "" if each.op == "call" else each.by.member_id
    for episode_id, member_id in told.items():
        if (holders.get(episode_id) or "") != member_id:
            yield episode_id


def wait_until_sealed(house: House, *, most_s: float) -> int:
    """Every entry has a seal, numbered from 1 without a gap. Answers how many.

    Errors: AssertionError where that is not so after `most_s`.
    """
    looks: list[tuple[int, int, int, int]] = []

    def complete() -> bool:
        """At one moment: deadlines go on writing entries meanwhile."""
        looks.append(_counts(db))
        entries, seals, _first, _last = looks[-1]
        return entries == seals

    with house.connect() as db:
        until(complete, "every entry is sealed", most_s=most_s)
    _entries, seals, first, last = looks[-1]
    assert (first, last) == (1, seals), "seals are numbered 1 to n"
    return seals


def sealed(db: Database) -> int:
    """How far the feed has come."""
    _entries, _seals, _first, last = _counts(db)
    return last


def _counts(db: Database) -> tuple[int, int, int, int]:
    row = db.execute(_SEALS).fetchone() or (0, 0, 0, 0)
    entries, seals, first, last = (int(str(each)) for each in row)
    return entries, seals, first, last
