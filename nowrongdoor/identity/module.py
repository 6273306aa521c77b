"""Records of people, as everything around them knows them."""

from django.urls import path
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.identity import kinds, pages
from nowrongdoor.identity.shelf import SHELF
from nowrongdoor.kit.module import Module, Screen

MODULE = Module(
    name="identity",
    kinds=kinds.ALL,
    acts=pages.acts,
    screens=(
        Screen(
            page="identity:persons",
            label=_("Person records"),
            key="P",
            needs=Action.KEEP_PERSONS,
            group="work",
            icon="users",
        ),
    ),
    pages=(path("persons/", pages.persons, name="persons"),),
    shelves=(SHELF,),
)
