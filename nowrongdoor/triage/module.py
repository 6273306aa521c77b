"""The protocol and screening, as everything around them knows them."""

from django.urls import path
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.kit.module import Module, Screen
from nowrongdoor.triage import kinds, views
from nowrongdoor.triage.shelf import DANGER

_ONE = "protocol/<uuid:protocol_id>"
MODULE = Module(
    name="triage",
    kinds=kinds.ALL,
    acts=views.acts,
    screens=(
        Screen(
            page="triage:protocol",
            label=_("Protocol"),
            key="q",
            needs=Action.GOVERN_PROTOCOL,
            group="admin",
            icon="file",
        ),
    ),
    pages=(
        path("protocol/", views.protocol, name="protocol"),
        path("protocol/draft/", views.draft, name="draft"),
        path(f"{_ONE}/", views.version, name="version"),
        path(f"{_ONE}/proof/", views.prove, name="prove"),
        path(f"{_ONE}/mutations/", views.mutate, name="mutate"),
        path(f"{_ONE}/dry-run/", views.dry_run, name="dry_run"),
        path(f"{_ONE}/dry-run.csv", views.dry_run_csv, name="dry_run_csv"),
    ),
    shelves=(DANGER,),
)
