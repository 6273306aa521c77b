"""Every change to agreements, releases, grounds and the ledger."""

from nowrongdoor.sharing.commands.asks import answer_ask, ask_to_see
from nowrongdoor.sharing.commands.disclosing import Record, Told, Wish, disclose, disclose_all
from nowrongdoor.sharing.commands.grounds import claim_emergency, record_ground, withdraw_ground
from nowrongdoor.sharing.commands.looks import looked
from nowrongdoor.sharing.commands.reviews import finish_review, review_overdue

__all__ = [
    "Record",
    "Told",
    "Wish",
    "answer_ask",
    "ask_to_see",
    "claim_emergency",
    "disclose",
    "disclose_all",
    "finish_review",
    "looked",
    "record_ground",
    "review_overdue",
    "withdraw_ground",
]
