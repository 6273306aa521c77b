"""Guest links, as everything around them knows them."""

from nowrongdoor.guests import kinds, urls
from nowrongdoor.guests.commands import TOO_OLD, end_too_old
from nowrongdoor.kit.module import Module

MODULE = Module(
    name="guests", kinds=kinds.ALL, clocks={TOO_OLD: end_too_old}, pages=urls.urlpatterns
)
