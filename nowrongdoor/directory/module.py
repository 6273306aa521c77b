"""Places, as everything around them knows them."""

from django.urls import path
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.directory import kinds, pages
from nowrongdoor.kit.module import Module, Screen

MODULE = Module(
    name="directory",
    kinds=kinds.ALL,
    acts=pages.acts,
    screens=(
        Screen(
            page="directory:places",
            label=_("Facilities"),
            key="0",
            needs=Action.SEE_BOARD,
            group="facilities",
            icon="building",
        ),
    ),
    pages=(path("directory/", pages.places, name="places"),),
)
