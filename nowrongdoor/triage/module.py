"""The protocol and screening, as everything around them knows them."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.kit.module import Module, Screen
from nowrongdoor.triage import kinds, urls

MODULE = Module(
    name="triage",
    kinds=kinds.ALL,
    screens=(
        Screen(page="triage:protocol", label=_("Protocol"), key="q", needs=Action.GOVERN_PROTOCOL),
    ),
    pages=urls.urlpatterns,
)
