"""What is said on screen of how two records compare, of names and of births. Marked for gettext, filled at the edge."""

from collections.abc import Mapping
from types import MappingProxyType

from nowrongdoor.identity.facts import Likely, NameKind, Says
from nowrongdoor.kernel.words import _

LIKELY: Mapping[Likely, str] = MappingProxyType(
    {
        Likely.VERY: _("Very likely"),
        Likely.POSSIBLE: _("Possible"),
        Likely.UNLIKELY: _("Unlikely"),
    }
)
REASONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("given", "same"): _("first name the same"),
        ("given", "nickname"): _("first name a nickname"),
        ("given", "close"): _("first name similar"),
        ("given", "other"): _("first name differs"),
        ("family", "both"): _("both last names the same"),
        ("family", "same"): _("last name the same"),
        ("family", "close"): _("last name similar"),
        ("family", "other"): _("last name differs"),
        ("born", "same"): _("birth date the same"),
        ("born", "swapped"): _("birth date with day and month swapped"),
        ("born", "close"): _("birth date differs in one digit"),
        ("born", "year"): _("year of birth fits"),
        ("born", "other"): _("birth date differs"),
        ("phone", "same"): _("phone the same"),
        ("phone", "end"): _("phone the same without area code"),
        ("phone", "other"): _("phone differs"),
        ("address", "same"): _("address the same"),
        ("address", "other"): _("address differs"),
    }
)
NAME_KINDS: Mapping[NameKind, str] = MappingProxyType(
    {
        NameKind.ALIAS: _("Also known as"),
        NameKind.NICKNAME: _("Nickname"),
        NameKind.LEGAL: _("Legal name"),
    }
)
SAID: Mapping[Says, str] = MappingProxyType(
    {
        Says.SAME: _("Same person"),
        Says.NOT_SAME: _("Not the same person"),
        Says.LATER: _("Put off"),
    }
)
