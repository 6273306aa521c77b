"""The first page of a synthetic city. Anywhere else these addresses answer that there is no such page."""

from django.urls import path

from nowrongdoor.sandbox import sheet, views

app_name = "sandbox"
urlpatterns = [
    path("", views.city, name="city"),
    path("components/", sheet.components, name="components"),
    path("pace/", views.pace, name="pace"),
    path("call/", views.take_call, name="take_call"),
    path("team/", views.send_team, name="send_team"),
    path("watch/", views.watch, name="watch"),
    path("practice/", views.practice, name="practice"),
    path("practice/<uuid:episode_id>/", views.practice_call, name="practice_call"),
    path("practice/<uuid:episode_id>/caller/", views.caller, name="caller"),
    path("practice/<uuid:episode_id>/debrief/", views.debrief, name="debrief"),
    path("practice/<uuid:episode_id>/<slug:seat>/", views.sit, name="sit"),
]
