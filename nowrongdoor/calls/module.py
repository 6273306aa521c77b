"""Contacts and callers' lines, as everything around them knows them."""

from nowrongdoor.calls import commands, kinds, pages, queries
from nowrongdoor.calls.commands.external_responders import RESCUE
from nowrongdoor.calls.commands.legs import ALONE, REMINDER, WATCH_CHECK, WATCH_SUPERVISOR
from nowrongdoor.calls.commands.searches import SEARCH
from nowrongdoor.calls.facts import CALL_BACK
from nowrongdoor.kit.module import Module

MODULE = Module(
    name="calls",
    kinds=kinds.ALL,
    acts=pages.acts,
    clocks={
        WATCH_CHECK: commands.alert_watch,
        WATCH_SUPERVISOR: commands.alert_watch_supervisor,
        REMINDER: commands.alert_reminder,
        ALONE: commands.alert_alone,
        SEARCH: commands.alert_search,
        RESCUE: commands.alert_rescue,
        CALL_BACK: commands.alert_call_back,
    },
    on_hand=queries.on_hand,
    needs_to_see=queries.has_to_do_with,
)
