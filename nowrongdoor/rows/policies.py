"""The SQL conditions of row-level security, and the two roles that it binds.

Every table that holds anything of a person's has a `RowAccess` (`constraints.py`). Tables outside
(sign-in, sessions, reference data) are listed with their reason in `site/tables.py`; a test finds
any other.
"""

from django.conf import settings
from django.db import connections

# Evaluated once per statement (an InitPlan), so an index still serves.
AGENCY = "(SELECT nullif(current_setting('nwd.agency', true), '')::uuid)"
PROGRAM = "(SELECT nullif(current_setting('nwd.program', true), '')::uuid)"
MEMBER = "(SELECT nullif(current_setting('nwd.member', true), '')::uuid)"
TASK = "(SELECT nullif(current_setting('nwd.task', true), ''))"

OWN = f"program_id = {PROGRAM}"
"""The rows of the acting program itself."""
# A name in SQL, no import: tables below `episodes` ask it too.
_OF_EPISODE = (
    "EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {PROGRAM} = ANY (e.{{parties}}))"
)
WORKED = _OF_EPISODE.format(parties="worked_by")
"""The acting program works on the row's episode."""
SEEN = _OF_EPISODE.format(parties="seen_by")
"""The acting program works on the row's episode, or is informed of it."""


def app_role() -> str:
    return connections["default"].ops.quote_name(str(settings.DATABASES["default"]["USER"]))


def owner_role() -> str:
    return connections["default"].ops.quote_name(str(settings.DATABASES["owner"]["USER"]))
