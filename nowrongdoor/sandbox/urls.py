"""The first page of a synthetic city. Anywhere else these addresses answer that there is no such page."""

from django.urls import path

from nowrongdoor.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("", views.city, name="city"),
    path("pace/", views.pace, name="pace"),
    path("call/", views.take_call, name="take_call"),
    path("team/", views.send_team, name="send_team"),
    path("watch/", views.watch, name="watch"),
]
