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
from nowrongdoor.sharing.commands.releases import (
    change_release,
    draft_release,
    give_copy,
    refuse_release,
    revoke_release,
    say_subject,
    sign_release,
    undo_subject,
)
from nowrongdoor.sharing.commands.reviews import finish_review, review_overdue
from nowrongdoor.sharing.commands.suspensions import lift_suspension, suspend_accounting
from nowrongdoor.sharing.commands.telling import tell

__all__ = [
    "Record",
    "Told",
    "Wish",
    "agree_agreement",
    "answer_ask",
    "ask_to_see",
    "change_release",
    "claim_emergency",
    "disclose",
    "disclose_all",
    "draft_release",
    "end_agreement",
    "finish_review",
    "give_copy",
    "keep_paper",
    "lift_suspension",
    "looked",
    "make_agreement",
    "record_ground",
    "refuse_release",
    "renewal_due",
    "review_overdue",
    "revoke_release",
    "say_subject",
    "sign_off_row",
    "sign_release",
    "suspend_accounting",
    "tell",
    "undo_subject",
    "withdraw_ground",
    "withdraw_sign_off",
]
