"""How the acts of people, keys and shifts are tried."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.web.clock import now
from tests.makers import an_actor, member_id, program_id

PEOPLE, SHIFT = {"on": "people"}, {"on": "shift"}


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    at, anna = now(), member_id("anna.miller")
    wish = TokenWish("test", frozenset({"see_board", "see_people"}), at + timedelta(days=1))
    token, _key = commands.issue_token(
        by=an_actor("victor.reed"), at=at, program_id=program_id("911/floor"), wish=wish
    )
    yield "helen.marsh", "agree_to_key", {"token_id": token.pk}, {"on": "keys"}
    yield "victor.reed", "revoke_token", {"token_id": token.pk}, PEOPLE
    maria = member_id("maria.lopez")
    commands.replace_sign_in(by=an_actor("oscar.nunez"), at=at, member_id=maria)
    commands.chose_password(maria)
    yield "denise.wright", "confirm_sign_in", {"member_id": maria}, SHIFT
    yield "oscar.nunez", "end_access", {"member_id": member_id("maria.lopez")}, PEOPLE
    yield "ruth.palmer", "start_shift", {}, SHIFT | {"member": str(anna), "supervises": "yes"}
    yield "ruth.palmer", "end_shift", {"member_id": anna}, SHIFT
