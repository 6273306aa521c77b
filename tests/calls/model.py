"""What the reference model of lines knows: a few plain rules, and what is remembered of a call.

Written from sources, "Holding and offers", "Staying on the line", "A lost caller" and
"Timers of a warm transfer", not from the commands; nothing here asks the database.
"""

from dataclasses import dataclass, field
from uuid import UUID

FLOOR, CENTER, LINE, SHERIFF = "911/floor", "911/in-center", "line/counselors", "sheriff911/floor"
HOME = {
    "anna.miller": FLOOR, "luis.ortega": FLOOR, "ruth.palmer": FLOOR, "gloria.mendez": CENTER,
    "maria.lopez": LINE, "rosa.figueroa": LINE, "denise.wright": LINE, "walter.pena": SHERIFF,
}  # fmt: skip
CAST = tuple(HOME)
SUPERVISORS = {"ruth.palmer", "denise.wright"}
ON_911 = {FLOOR, SHERIFF}
"""Where 911 calls are answered: on text they hold the card and do not write."""
WAYS = {
    (FLOOR, LINE): "warm_transfer", (FLOOR, CENTER): "warm_transfer", (SHERIFF, LINE): "warm_transfer",
    (FLOOR, SHERIFF): "to_other_psap", (SHERIFF, FLOOR): "to_other_psap",
    (CENTER, LINE): "line_transfer", (LINE, FLOOR): "return_to_911", (CENTER, FLOOR): "return_to_911",
}  # fmt: skip
BLOCKS = {"no_release_until_plan_asked", "means_safety_before_release"}
MOST, LEAST_S, LOST_S = 3, 30, 4
"""Telecommunicators for one caller; seconds one stays on; seconds until a desk is lost."""


@dataclass
class On:
    """Somebody on a line. `speaks` False: they stay on and listen."""

    speaks: bool
    since: int
    seen: int


@dataclass
class Told:
    """One offer: a transfer, or of a `batch` a relief. `sender` is who made it."""

    call: UUID
    sender: str
    to: str
    to_member: str = ""
    batch: UUID | None = None
    open: bool = True


@dataclass
class Call:
    """One person's crisis and the one line they came on. `member` '' is the program's queue."""

    program: str
    member: str
    text: bool = False
    place: bool = False
    over: bool = False
    ended: bool = False
    alone: bool = False
    via: tuple[str, str] | None = None
    """How it came to its holder, and from which program."""
    on: dict[str, On] = field(default_factory=dict)
    relief: dict[str, str] = field(default_factory=dict)
    spoke: set[str] = field(default_factory=set)
    listened: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    step: int = 0
    rose: int = 0
    duties: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    def held_by(self, name: str) -> bool:
        return not self.over and self.program == HOME[name] and self.member in ("", name)

    def speak(self, name: str, now: int) -> None:
        """Come on to speak, or speak where one has listened."""
        if self.ended or (name in self.on and self.on[name].speaks):
            return
        self._put(name, speaks=True, now=now, seen=self._seen(name))

    def listen(self, name: str, now: int, seen: int | None = None) -> None:
        self._put(name, speaks=False, now=now, seen=self._seen(name) if seen is None else seen)

    def go(self, name: str) -> None:
        self.on.pop(name, None)
        self.relief.pop(name, None)
        self.alone = not self.on and not self.ended

    def end(self) -> None:
        self.ended, self.alone = True, False
        self.on.clear()
        self.relief.clear()

    def _put(self, name: str, *, speaks: bool, now: int, seen: int) -> None:
        self.relief.pop(name, None)
        self.on[name] = On(speaks, now, seen)
        (self.spoke if speaks else self.listened).add(name if speaks else HOME[name])
        self.alone = False

    def _seen(self, name: str) -> int:
        """Who comes on has the screen before them; who only changes has seen what they had."""
        return self.on[name].seen if name in self.on else self.step

    def hand(self, sender: str, to: str, now: int) -> None:
        """The line at an acceptance: the receiver speaks, the sender listens."""
        card_only = self.text and HOME[to] in ON_911
        if not card_only:
            self.speak(to, now)
        if sender == to or sender not in self.on or not self.on[sender].speaks:
            return
        if not self.text:
            self.listen(sender, now)
        elif not card_only:
            self.go(sender)

    def may_leave(self, name: str, now: int) -> bool:
        mine = self.on.get(name)
        if mine is None or (self.member == name and self.program == HOME[name]):
            return False
        speaking = [one for who, one in self.on.items() if who != name and one.speaks]
        beyond = self.member == "" and self.via is not None
        stayed = mine.speaks or now - mine.since >= LEAST_S
        all_saw = min(one.seen for one in (mine, *speaking)) >= self.rose
        return (bool(speaking) or beyond) and stayed and all_saw and not self.undone()

    def undone(self) -> set[str]:
        return (self.duties & BLOCKS) - self.done

    def may_end(self, name: str) -> bool:
        others = [one for who, one in self.on.items() if who != name]
        return all(not one.speaks and one.seen >= self.rose for one in others)

    def may_take_back(self, name: str) -> bool:
        handed_on = not self.over and self.via == ("transfer", HOME[name])
        return handed_on and name in self.on and (self.text or not self.on[name].speaks)

    def may_listen(self, name: str) -> bool:
        handed_on = self.via == ("transfer", HOME[name]) or HOME[name] in self.listened
        return not self.text and handed_on
