"""The lists and settings without which no community can be loaded."""

NEEDED_LISTS = (
    "incident_classes",
    "outcomes",
    "decline_reasons",
    "assume_reasons",
    "bases",
    "override_reasons",
    "search_tries",
    "languages",
    "told_back",
)
NEEDED_SETTINGS = (
    "presence_lost_s",
    "relief_unanswered_s",
    "idle_lock_min",
    "stale_s",
    "cad_program",
    "watch_check_s",
    "alone_again_s",
    "telecommunicators_most",
    "remind_released_min",
    "call_back_min",
    "rescue_confirm_min",
    "counselor_call_back_min",
    "told_back",
    "class_before_any",
    "alarms",
)
