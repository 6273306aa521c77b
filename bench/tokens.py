"""Issues API tokens, and names positions, of the synthetic community. Run as a process: it is Django's.

In: {"tokens": [[username, program], …], "positions": [username, …], "programs": [program, …]}.
Out: the same keys; for each asked thing a key, a position's id or a program's id.
"""

import json
import sys
from datetime import datetime, timedelta
from uuid import UUID

import django

django.setup()

from nowrongdoor.agencies import actors  # noqa: E402 - Django is set up first
from nowrongdoor.agencies.commands import TokenWish, issue_token  # noqa: E402
from nowrongdoor.agencies.facts import Action  # noqa: E402
from nowrongdoor.agencies.models import Position, Program  # noqa: E402
from nowrongdoor.kernel.actor import Actor  # noqa: E402
from nowrongdoor.web.clock import now  # noqa: E402

ADMINISTRATORS = {"911": "victor.reed", "line": "oscar.nunez"}
MAY = (Action.TAKE_CALL, Action.DISPATCH)
SCOPES = frozenset(each.value for each in MAY)


def position(username: str, program: str = "") -> Position:
    """Where somebody works: their first position, or the one in the named program."""
    rows = Position.objects.filter(member__username=username).order_by("id")
    if program:
        agency, _slash, code = program.partition("/")
        rows = rows.filter(program__agency__code=agency, program__code=code)
    return rows[0]


def administrator(agency: str, at: datetime) -> Actor:
    """Who may issue tokens for the people of this agency."""
    by = actors.actor_at(position(ADMINISTRATORS[agency]).pk, at=at)
    if by is None:
        raise LookupError(f"nobody administers {agency}")
    return by


def token(_username: str, where: str) -> str:
    """A key by which a machine enters calls for a program, for a day. What people do, no key does."""
    at = now()
    by = administrator(where.partition("/")[0], at)
    wish = TokenWish("benchmark", SCOPES, at + timedelta(days=1))
    _, key = issue_token(by=by, at=at, program_id=UUID(program(where)), wish=wish)
    return key


def program(name: str) -> str:
    agency, _slash, code = name.partition("/")
    return str(Program.objects.get(agency__code=agency, code=code).pk)


if __name__ == "__main__":
    job = json.load(sys.stdin)
    answer = {
        "tokens": [token(username, where) for username, where in job.get("tokens", [])],
        "positions": [str(position(username).pk) for username in job.get("positions", [])],
        "programs": [program(name) for name in job.get("programs", [])],
    }
    print(json.dumps(answer))
