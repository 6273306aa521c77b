"""The decisions of identity: how alike two records are, and which judgments may stand beside each other."""

from nowrongdoor.identity.rules.judging import (
    may_forget,
    may_identify,
    may_judge,
    may_merge,
    may_separate,
    may_undo,
)
from nowrongdoor.identity.rules.matching import compare

__all__ = [
    "compare",
    "may_forget",
    "may_identify",
    "may_judge",
    "may_merge",
    "may_separate",
    "may_undo",
]
