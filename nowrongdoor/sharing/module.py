"""Sharing, as the house knows it."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.kit.module import Module, Screen
from nowrongdoor.sharing import kinds, release_pages

MODULE = Module(
    name="sharing",
    kinds=kinds.ALL,
    acts=release_pages.acts,
    screens=(
        Screen(
            page="sharing:releases",
            label=_("Releases"),
            key="L",
            needs=release_pages.SEES,
            group="work",
            icon="pen",
        ),
    ),
    pages=release_pages.PAGES,
)
