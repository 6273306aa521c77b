"""The city's pages: its first page and practice. Without a city they answer that there is no such page."""

from django.urls import path

from nowrongdoor.kit.module import Module
from nowrongdoor.sandbox import sheet, views

CALL = "city/practice/<uuid:episode_id>/"

MODULE = Module(
    name="sandbox",
    pages=(
        path("city/", views.city, name="city"),
        path("city/components/", sheet.components, name="components"),
        path("city/pace/", views.pace, name="pace"),
        path("city/call/", views.take_call, name="take_call"),
        path("city/team/", views.send_team, name="send_team"),
        path("city/watch/", views.watch, name="watch"),
        path("city/practice/", views.practice, name="practice"),
        path(CALL, views.practice_call, name="practice_call"),
        path(f"{CALL}caller/", views.caller, name="caller"),
        path(f"{CALL}debrief/", views.debrief, name="debrief"),
        path(f"{CALL}<slug:seat>/", views.sit, name="sit"),
    ),
)
