"""Who signs in with a password that is known here."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from nowrongdoor.agencies.models import Member

PASSWORD = "correct horse battery staple"


@pytest.fixture
def maria() -> "Member":
    from nowrongdoor.agencies.models import Member  # this file is read before Django is set up

    member = Member.objects.get(username="maria.lopez")
    member.set_password(PASSWORD)
    member.password_given = False  # chosen, as far as anybody here knows
    member.save()
    return member
