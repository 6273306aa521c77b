"""Fields whose values are the community's own: codes of its lists, and its zones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nowrongdoor.community import queries as community
from nowrongdoor.web.fields import Choices, Text, Widget


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Text):
    """A code of one of the community's lists. A retired one is refused."""

    list: str

    @property
    def widget(self) -> Widget:
        return Widget.CHOICE

    def check(self, name: str, value: object) -> None:
        Text.check(self, name, value)
        if not community.known_code(self.list, str(value)):
            raise self.unlisted(name)

    def choices(self, by: Any, *, at: datetime, language: str) -> Choices:  # noqa: ARG002
        return [(each.code, each.name) for each in community.codes(self.list, language)]
