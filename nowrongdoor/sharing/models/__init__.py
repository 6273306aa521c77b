"""Tables of sharing: what agencies agreed, what a person signed, what was told, what an accounting leaves out."""

from nowrongdoor.sharing.models.agreements import Agreed, Agreement, Paper, Ruleset, SignOff
from nowrongdoor.sharing.models.ledger import Ask, Disclosure, Ground, Look, Review
from nowrongdoor.sharing.models.releases import Release, Subject
from nowrongdoor.sharing.models.suspensions import Suspension

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
    "Suspension",
]
