"""Signs a release and stops it, again and again, in a process of its own. `python -m bench.revoking`, in a house's environment.

First one line: the address of the police page that a release opens, and what it shows there. Then, for each line
that is read: `sign` signs one; `stop` stops it, and says when that was committed, in milliseconds since 1970.
"""

import json
import sys
import time
from dataclasses import replace
from uuid import UUID

import django

if __name__ == "__main__":
    django.setup()

from bench.many_units import actor
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, Proposal
from nowrongdoor.episodes.known import person_of
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonHeard
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import commands
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import digest
from nowrongdoor.sharing.release_wishes import How, Wish
from nowrongdoor.web.clock import now

POLICE, CENTER = "luis.garza", "judith.park"
NAME, BORN = "Andre Whitlock", "1980-03-14"
SHOWN = "Bench library, mornings"


def known_to_both(police: Actor, center: Actor) -> tuple[UUID, UUID]:
    """One person whom the police brought to the center: the police's record, and the center's."""
    brings, at = replace(police, role="dispatcher"), now()
    contact = ContactFacts(at=at, class_code="psych_distress", behavioral=True, card=CardFacts())
    call = calls.take_contact(by=brings, at=at, contact=contact)
    if call.episode_id is None:
        raise SystemExit("no call was taken")
    proposal = Proposal(call.episode_id, "drop_off", center.program_id, center.member_id)
    offer = calls.offer_transfer(by=brings, at=now(), proposal=proposal)
    promise = calls.accept_transfer(by=center, at=now(), handoff_id=offer.id)
    calls.receive_person(by=center, at=now(), handoff_id=promise.id)
    given, _space, family = NAME.partition(" ")
    heard = PersonHeard(given=given, family=family, born=BORN)
    for by in (police, center):
        episodes.new_person(by=by, at=now(), episode_id=call.episode_id, heard=heard)
    theirs, ours = (person_of(by, call.episode_id) for by in (center, police))
    if theirs is None or ours is None:
        raise SystemExit("one of the two programs has no record")
    identity.change_person(by=center, at=now(), person_id=theirs, usual_place=SHOWN)
    return ours, theirs


def main() -> None:
    police, center = actor(POLICE), actor(CENTER)
    ours, theirs = known_to_both(police, center)
    wish = Wish(
        plan=Plan.CARE,
        person_name=NAME,
        born=BORN,
        told_program_id=police.program_id,
        teller_id=center.program_id,
        person_id=theirs,
    )
    say({"path": f"/persons/{ours}/", "shown": SHOWN})
    release_id = None
    for line in sys.stdin:
        if line.strip() == "sign":
            row = commands.draft_release(by=center, at=now(), wish=wish)
            commands.sign_release(
                by=center, at=now(), release_id=row.pk, read=digest(row), typed=NAME
            )
            release_id = row.pk
        elif release_id is not None:
            commands.revoke_release(by=center, at=now(), release_id=release_id, how=How.HERE)
        say({"committed_ms": time.time() * 1000})


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
