"""Every change to agreements, releases, grounds and the ledger."""

from nowrongdoor.sharing.commands.agreements import (
    agree_agreement,
    end_agreement,
    keep_paper,
    make_agreement,
    renewal_due,
    sign_off_row,
    withdraw_sign_off,
)
from nowrongdoor.sharing.commands.asks import answer_ask, ask_to_see
from nowrongdoor.sharing.commands.disclosing import Record, Told, Wish, disclose, disclose_all
from nowrongdoor.sharing.commands.grounds import claim_emergency, record_ground, withdraw_ground
from nowrongdoor.sharing.commands.looks import looked
from nowrongdoor.sharing.commands.reviews import finish_review, review_overdue

__all__ = [
    "Record",
    "Told",
    "Wish",
    "agree_agreement",
    "answer_ask",
    "ask_to_see",
    "claim_emergency",
    "disclose",
    "disclose_all",
    "end_agreement",
    "finish_review",
    "keep_paper",
    "looked",
    "make_agreement",
    "record_ground",
    "renewal_due",
    "review_overdue",
    "sign_off_row",
    "withdraw_ground",
    "withdraw_sign_off",
]
