"""Requests, units and crews, as everything around them knows them."""

from nowrongdoor.dispatch import commands, kinds, pages, queries
from nowrongdoor.dispatch.facts import CHECK_IN, CHOICE, DURESS, FOLLOW, SILENT, UNANSWERED
from nowrongdoor.kit.module import Module

MODULE = Module(
    name="dispatch",
    kinds=kinds.ALL,
    acts=pages.acts,
    clocks={
        UNANSWERED: commands.alert_unanswered,
        CHOICE: commands.alert_choice,
        FOLLOW: commands.alert_follow,
        CHECK_IN: commands.alert_check_in,
        DURESS: commands.alert_duress,
        SILENT: commands.alert_silent,
    },
    on_hand=queries.on_hand,
    needs_to_see=queries.asks_or_comes,
)
