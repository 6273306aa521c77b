"""Every change to what may be told. Nothing else writes these tables.

Lock order: release, then subject. The journal line comes last.
"""

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

__all__ = [
    "change_release",
    "draft_release",
    "give_copy",
    "refuse_release",
    "revoke_release",
    "say_subject",
    "sign_release",
    "undo_subject",
]
