"""What the reference model of holding knows: who may act, which ways a call may go, what is remembered."""

from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import strategies as st

CAST = (
    "anna.miller",
    "luis.ortega",
    "ruth.palmer",
    "maria.lopez",
    "denise.wright",
    "gloria.mendez",
)
SUPERVISORS = {"ruth.palmer", "denise.wright"}
people = st.sampled_from(CAST)
# Which way a call may go in Tucson, as its routes say.
WAYS = {
    ("911/floor", "line/counselors"): "warm_transfer",
    ("911/floor", "911/in-center"): "warm_transfer",
    ("911/floor", "sheriff911/floor"): "to_other_psap",
    ("line/counselors", "911/floor"): "return_to_911",
    ("911/in-center", "911/floor"): "return_to_911",
    ("911/in-center", "line/counselors"): "line_transfer",
}
HOME = {
    "anna.miller": "911/floor", "luis.ortega": "911/floor", "ruth.palmer": "911/floor",
    "maria.lopez": "line/counselors", "denise.wright": "line/counselors", "gloria.mendez": "911/in-center",
}  # fmt: skip


@dataclass
class Told:
    """One offer, as the model remembers it."""

    episode: UUID
    purpose: str
    to: str
    to_member: str = ""
    open: bool = True
    into: UUID | None = None
    batch: UUID | None = None


@dataclass
class Held:
    """One episode, as the model remembers it. `member` '' is the program's queue."""

    program: str
    member: str
    over: bool = False
    joined: UUID | None = None
    ever: set[str] = field(default_factory=set)
