"""Sharing, as the house knows it."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.kit.module import Module, Screen
from nowrongdoor.sharing import commands, kinds, privacy_pages, release_pages
from nowrongdoor.sharing.commands.agreements import RENEWAL
from nowrongdoor.sharing.commands.reviews import DUE

MODULE = Module(
    name="sharing",
    kinds=kinds.ALL,
    acts=release_pages.acts,
    screens=(
        Screen(
            page="sharing:privacy",
            label=_("Privacy"),
            key="V",
            needs=Action.GOVERN_SHARING,
            group="work",
            icon="shield",
        ),
        Screen(
            page="sharing:releases",
            label=_("Releases"),
            key="L",
            needs=release_pages.SEES,
            group="work",
            icon="pen",
        ),
    ),
    pages=(*release_pages.PAGES, *privacy_pages.PAGES),
    clocks={DUE: commands.review_overdue, RENEWAL: commands.renewal_due},
)
