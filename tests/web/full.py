"""One row in every table of `web` that has row access."""

from django.db import connection

from nowrongdoor.agencies.acting import act_as
from tests.makers import an_actor


def full() -> None:
    anna = an_actor()
    with act_as(anna), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_answer (member_id, route, key, body_digest, asked_at, headers, body) "
            "VALUES (%s, 'POST /x', 'k', 'd', now(), '{}', 'Maria')",
            [anna.member_id],
        )
