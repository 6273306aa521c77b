"""Addresses of places. None is of a person."""

from django.urls import path

from nowrongdoor.directory import views

app_name = "directory"
urlpatterns = [
    path("directory/", views.places, name="places"),
    path("directory/<uuid:facility_id>/capacity/", views.say, name="say"),
]
