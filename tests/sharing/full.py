"""Rows in the tables of `sharing`, and how each of its acts is tried."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import commands
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_wishes import How, Wish
from nowrongdoor.web.clock import now
from tests.makers import NOON, an_actor, program_id

PERSON = UUID(int=7)
"""A record of some program's: `identity` stands above, and no row of `sharing` refers to its tables."""
STROKES = tuple(tuple((x, y) for y in range(100, 300, 20)) for x in (200, 400, 600))
_NAMED = "%s IN (r.teller_id, r.program_id) OR %s = ANY (r.told)"
NAMES = {
    "sharing_release": _NAMED.replace("r.", ""),
    "sharing_subject": f"(SELECT {_NAMED} FROM sharing_release r WHERE r.id = release_id)",
}
"""Who knows of a release: who may tell by it, and who is told."""
REFUSED = {
    "sharing_release_stands": "UPDATE sharing_release SET purpose = 'other' WHERE activated_at IS NOT NULL",
    "sharing_revoked_stands": "UPDATE sharing_release SET revoked_how = 'here' WHERE revoked_at IS NOT NULL",
}
"""What breaks a rule that asks what is changed."""
TELLER, TOLD = "treatment/intake", "tpd/deflection"


def a_wish(plan: Plan = Plan.ATTENDANCE, **typed: Any) -> Wish:
    """Andre lets the treatment program tell deflection that he came."""
    given = {
        "person_name": "Andre Whitlock",
        "born": "1994-07-09",
        "told_program_id": program_id(TOLD),
        "teller_id": program_id(TELLER),
        "people": "Monica Cruz, Ray Sutton",
    }
    return Wish(plan=plan, **(given | typed))


def a_draft(by: Actor | None = None, *, at: datetime = NOON, **typed: Any) -> Release:
    return commands.draft_release(by=by or an_actor("martha.gibbs"), at=at, wish=a_wish(**typed))


def a_release(by: Actor | None = None, *, at: datetime = NOON, **typed: Any) -> Release:
    """A signed release, taken at the clinic."""
    by = by or an_actor("martha.gibbs")
    row = a_draft(by, at=at, **typed)
    return commands.sign_release(
        by=by, at=at, release_id=row.pk, drawn=STROKES, witness_name=by.name
    )


def full() -> None:
    a_draft()
    signed = a_release()
    monica = an_actor("monica.cruz")
    commands.say_subject(by=monica, at=NOON, release_id=signed.pk, person_id=PERSON)
    stopped = a_release()
    commands.revoke_release(by=monica, at=NOON, release_id=stopped.pk, how=How.PHONE)


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    wish = {
        "plan": "attendance",
        "person_name": "Andre Whitlock",
        "told_program_id": str(program_id(TOLD)),
        "teller_id": str(program_id(TELLER)),
    }
    yield "martha.gibbs", "draft_release", {}, wish
    yield "martha.gibbs", "change_release", {"release_id": a_draft(at=now()).pk}, wish
    signed = {"release_id": a_release(at=now()).pk}
    yield "monica.cruz", "say_subject", signed, {"person_id": str(PERSON)}
    yield "monica.cruz", "revoke_release", signed, {"how": "here"}
    other = a_release(at=now())
    subject = commands.say_subject(
        by=an_actor("monica.cruz"), at=now(), release_id=other.pk, person_id=PERSON
    )
    yield "monica.cruz", "undo_subject", {"subject_id": subject.pk}, {}
