"""Passwords that a guesser would come to soon are refused, whatever characters they are made of."""

import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from nowrongdoor.agencies import queries
from nowrongdoor.agencies.models import Member

LEAST_LOG10 = 10
"""Ten to this many guesses at least: common passwords with a year and a mark behind them take fewer."""
LOOKED_AT = 72  # characters; a longer one is judged by these, or looking would take seconds
WORDS = ("No Wrong Door", "crisis", "dispatch", "911", "988")
_WORD = re.compile(r"\w{3,}")


def words(member: Member | None) -> list[str]:
    """What everybody here knows: names and codes of agencies and programs, and the member's own.

    Shape: small words, each once; parts of a name count by themselves.
    """
    named: list[str] = [*WORDS]
    for row in queries.programs("en"):
        named += [row.agency, row.agency_code, row.program, row.code]
    if member is not None:
        named += [member.name, member.username]
    return sorted(set(_parts(named)))


def _parts(named: Iterable[str]) -> Iterable[str]:
    for each in named:
        yield each.lower()
        yield from _WORD.findall(each.lower())


class NotSoonGuessed(CommonPasswordValidator):
    """Django's form of a rule about passwords. Its list of common ones is known to the guesser too."""

    def __init__(self) -> None:
        super().__init__()
        self.common = sorted(self.passwords)

    def validate(self, password: str, user: object = None) -> None:
        """Errors: ValidationError with the code `password_too_common` or `password_guessed`."""
        super().validate(password)
        known = words(user if isinstance(user, Member) else None) + self.common
        found = zxcvbn(password[:LOOKED_AT], user_inputs=known)
        if found["guesses_log10"] < LEAST_LOG10:
            raise ValidationError(
                _(
                    "Too easy to guess: it is close to common passwords, a pattern, or names "
                    "used here. Use several unrelated words."
                ),
                code="password_guessed",
            )

    def get_help_text(self) -> str:
        return _("Nothing common and no pattern. Several unrelated words work well.")
