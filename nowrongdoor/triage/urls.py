"""Addresses of the protocol's pages."""

from django.urls import path

from nowrongdoor.triage import views

app_name = "triage"
urlpatterns = [
    path("protocol/", views.protocol, name="protocol"),
    path("protocol/draft/", views.draft, name="draft"),
    path("protocol/<uuid:protocol_id>/", views.version, name="version"),
    path("protocol/<uuid:protocol_id>/proof/", views.prove, name="prove"),
    path("protocol/<uuid:protocol_id>/mutations/", views.mutate, name="mutate"),
    path("protocol/<uuid:protocol_id>/approve/", views.approve, name="approve"),
    path("protocol/<uuid:protocol_id>/activate/", views.activate, name="activate"),
    path("protocol/<uuid:protocol_id>/retire/", views.retire, name="retire"),
    path("protocol/<uuid:protocol_id>/dry-run/", views.dry_run, name="dry_run"),
    path("protocol/<uuid:protocol_id>/dry-run.csv", views.dry_run_csv, name="dry_run_csv"),
]
