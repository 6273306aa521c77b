"""Holding, as everything around it knows it."""

from django.urls import path

from nowrongdoor.episodes import kinds, pages, queries
from nowrongdoor.episodes.commands import alert_not_met, alert_unanswered, hold_if_free
from nowrongdoor.episodes.commands.handoffs import NOT_MET, UNANSWERED
from nowrongdoor.episodes.shelves import CARDS, STATUSES
from nowrongdoor.kit.module import Module

MODULE = Module(
    name="episodes",
    kinds=kinds.ALL,
    acts=pages.acts,
    pages=(path("episodes/<uuid:episode_id>/person/like/", pages.like_person, name="like_person"),),
    clocks={UNANSWERED: alert_unanswered, NOT_MET: alert_not_met},
    on_hand=queries.holding_count,
    holds=hold_if_free,
    shelves=(CARDS, STATUSES),
)
