"""Tables of sharing, in three files: what agencies agreed, what a person signed, what was told."""

from nowrongdoor.sharing.models.agreements import Agreed, Agreement, Paper, Ruleset, SignOff
from nowrongdoor.sharing.models.ledger import Ask, Disclosure, Ground, Look, Review
from nowrongdoor.sharing.models.releases import Release, Subject

__all__ = [
    "Agreed",
    "Agreement",
    "Ask",
    "Disclosure",
    "Ground",
    "Look",
    "Paper",
    "Release",
    "Review",
    "Ruleset",
    "SignOff",
    "Subject",
]
