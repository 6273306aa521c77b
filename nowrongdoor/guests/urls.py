"""Addresses of guest links. No address names or describes a person."""

from django.urls import path

from nowrongdoor.guests import views

app_name = "guests"
urlpatterns = [
    path("offers/<uuid:handoff_id>/guest-link/", views.make, name="make"),
    path("guest-links/<uuid:link_id>/end/", views.end, name="end"),
    path("g/<str:token>/", views.follow, name="follow"),
    path("guest/", views.code, name="code"),
    path("guest/card/", views.card, name="card"),
    path("guest/accept/", views.accept, name="accept"),
    path("guest/decline/", views.decline, name="decline"),
    path("guest/leave/", views.leave, name="leave"),
]
