"""Guest links, as everything around them knows them. No address names or describes a person."""

from django.urls import path

from nowrongdoor.guests import kinds, views
from nowrongdoor.guests.commands import TOO_OLD, end_too_old
from nowrongdoor.kit.module import Module

MODULE = Module(
    name="guests",
    kinds=kinds.ALL,
    acts=views.acts,
    clocks={TOO_OLD: end_too_old},
    pages=(
        path("offers/<uuid:handoff_id>/guest-link/", views.make, name="make"),
        path("g/<str:token>/", views.follow, name="follow"),
        path("guest/", views.code, name="code"),
        path("guest/card/", views.card, name="card"),
        path("guest/accept/", views.accept, name="accept"),
        path("guest/arrived/", views.arrived, name="arrived"),
        path("guest/decline/", views.decline, name="decline"),
        path("guest/leave/", views.leave, name="leave"),
    ),
)
