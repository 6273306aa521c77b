"""Every change to a program's records of people, and to what is said of two of them. Nothing else writes them.

Lock order: a program's judgments (by an advisory lock), persons in the order of their ids.
"""

from nowrongdoor.identity.commands.judging import (
    judge,
    merge_person,
    separate_person,
    undo_judgment,
)
from nowrongdoor.identity.commands.persons import (
    add_name,
    add_phone,
    change_person,
    end_name,
    end_phone,
    keep_person,
    lock_person,
    say_born,
    say_contact,
    say_what_helps,
)
from nowrongdoor.identity.commands.searching import record_search

__all__ = [
    "add_name",
    "add_phone",
    "change_person",
    "end_name",
    "end_phone",
    "judge",
    "keep_person",
    "lock_person",
    "merge_person",
    "record_search",
    "say_born",
    "say_contact",
    "say_what_helps",
    "separate_person",
    "undo_judgment",
]
