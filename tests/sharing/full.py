"""Rows in the tables of `sharing`, and how each of its acts is tried."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import commands
from nowrongdoor.sharing.agreeing import AgreementWish
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record
from nowrongdoor.sharing.commands.asks import Answer
from nowrongdoor.sharing.models import (
    Agreement,
    Ask,
    Ground,
    Paper,
    Release,
    Review,
    SignOff,
    Suspension,
)
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import digest
from nowrongdoor.sharing.release_wishes import How, Wish
from nowrongdoor.sharing.reviewing import Finding
from nowrongdoor.sharing.suspending import Way
from nowrongdoor.web.clock import now
from tests.makers import NOON, an_actor, later, program_id

PERSON = UUID(int=7)
"""A record of some program's: `identity` stands above, and no row of `sharing` refers to its tables."""
STROKES = tuple(tuple((x, y) for y in range(100, 300, 20)) for x in (200, 400, 600))
_NAMED = "%s IN (r.teller_id, r.program_id) OR %s = ANY (r.told)"
NAMES = {
    "sharing_release": _NAMED.replace("r.", ""),
    "sharing_subject": f"(SELECT {_NAMED} FROM sharing_release r WHERE r.id = release_id)",
    "sharing_paper": "(SELECT p.agency_id FROM agencies_program p WHERE p.id = %s) = ANY (agencies)",
}
"""Who knows of a release: who may tell by it, and who is told. Of a paper: the agencies that signed it."""
REFUSED = {
    "sharing_release_stands": "UPDATE sharing_release SET purpose = 'other' WHERE activated_at IS NOT NULL",
    "sharing_revoked_in_own_name": "UPDATE sharing_release SET revoked_at = activated_at, revoked_by_id = member_id, revoked_how = 'here' "
    "WHERE activated_at < now() + interval '10 years' AND revoked_at IS NULL",
    "sharing_suspension_lifted_in_own_name": "UPDATE sharing_suspension SET lifted_at = from_at, lifted_by_id = member_id WHERE lifted_at IS NULL",
    "sharing_revoked_stands": "UPDATE sharing_release SET revoked_how = 'here' WHERE revoked_at IS NOT NULL",
}
"""What breaks a rule that asks what is changed."""
TELLER, TOLD = "treatment/intake", "tpd/deflection"
BETWEEN = {
    Plan.CARE: ("crc/adult", TOLD),
    Plan.STATUS: ("crc/adult", "tpd/patrol"),
    Plan.TREATMENT: (TELLER, "crc/adult"),
    Plan.NOTES: (TELLER, "crc/adult"),
    Plan.HOUSING: ("housing/peers", "tpd/outreach"),
    Plan.VICTIM: ("victims/advocates", "crc/adult"),
    Plan.CONDITION: (TELLER, "court/mental-health"),
    Plan.PROCEEDING: (TELLER, "court/mental-health"),
}
"""Who tells whom by each other plan: a program to which the table has a row."""
LINE = "line/counselors"
MARTA, SYLVIA, PAULA = "marta.quist", "sylvia.trujillo", "paula.stone"
"""Privacy officers: of the center, the police and the crisis line."""


def a_wish(plan: Plan = Plan.ATTENDANCE, **typed: Any) -> Wish:
    """Andre lets the treatment program tell deflection that he came."""
    teller, told = BETWEEN.get(plan, (TELLER, TOLD))
    given = {
        "person_name": "Andre Whitlock",
        "born": "1994-07-09",
        "told_program_id": program_id(told),
        "teller_id": program_id(teller),
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
        by=by, at=at, release_id=row.pk, read=digest(row), drawn=STROKES, witness_name=by.name
    )


def a_paper(by: Actor, *others: Actor, at: datetime = NOON) -> Paper:
    with act_as(by):
        return commands.keep_paper(
            by=by,
            at=at,
            name="signed.pdf",
            media="application/pdf",
            content=b"%PDF-1.7",
            agencies=[each.agency_id for each in (by, *others)],
        )


def an_agreement(by: Actor | None = None, *, at: datetime = NOON, **typed: Any) -> Agreement:
    """The center tells the support team how a person is placed. Its own officer agrees with it, police have not."""
    given = {
        "code": f"MOU-{new_id(at).hex[-6:]}",
        "title": "How a person is placed",
        "tells": (program_id("crc/adult"),),
        "told": (program_id("tpd/mhst"),),
        "data": ("clinical",),
        "purposes": ("close_loop",),
        "legal_basis": "Drop-off protocol",
        "from_at": at,
    }
    paper = typed.pop("paper_id", None)
    wish = AgreementWish(**(given | typed))
    return commands.make_agreement(by=by or an_actor(MARTA), at=at, wish=wish, paper_id=paper)


def revoked(admin: "psycopg.Connection[tuple[object, ...]]", row: Release, *, at: datetime) -> None:
    """By who took it, through another door, and committed."""
    with admin.transaction():
        admin.execute("SELECT set_config('nwd.member', %s, true)", [str(row.member_id)])
        admin.execute(
            "UPDATE sharing_release SET revoked_at = %s, revoked_how = 'here', revoked_by_id = member_id "
            "WHERE id = %s",
            [at, row.pk],
        )


def a_sign_off(row: str, by: Actor, *, at: datetime = NOON) -> SignOff:
    """Of a text that stands in no table any more: here the file itself names every row that waits."""
    with act_as(by):
        return SignOff.objects.create(
            id=new_id(at),
            row=row,
            digest="0" * 64,
            agency_id=by.agency_id,
            member_id=by.member_id,
            at=at,
        )


def an_emergency(by: Actor | None = None, *, at: datetime = NOON, person: UUID = PERSON) -> Ground:
    return commands.claim_emergency(
        by=by or an_actor(),
        at=at,
        from_program_id=program_id(LINE),
        person_id=person,
        reason="He has the gun in the car.",
    )


def told_in_danger(*, at: datetime = NOON) -> None:
    """911 reads what a rescue needs of the line's record: a line of the ledger, and a review of it."""
    by = an_actor()
    want = Want(
        "crisis_contact", "imminent_threat", program_id(LINE), by.program_id, person_id=PERSON
    )
    told = commands.disclose(
        want,
        by=by,
        at=at,
        records=lambda _: [Record("visit", PERSON)],
        read=lambda *_: "what he said",
    )
    assert told.allowed, told.verdict


def review_of(ground: Ground) -> Review:
    with act_as(an_actor(PAULA)):
        return Review.objects.get(ground=ground, disclosure=None)


def asked_to_see(*, at: datetime = NOON, of: str = "crc/adult") -> Ask:
    return commands.ask_to_see(
        by=an_actor("james.cole"),
        at=at,
        of_program_id=program_id(of),
        data="clinical",
        purpose="close_loop",
        why="I brought him and want to know that he is safe.",
    )


def looked_at(by: Actor, *, at: datetime = NOON) -> None:
    commands.looked(
        by=by,
        at=at,
        page="person",
        label="P-1",
        record_id=PERSON,
        of_agency_id=by.agency_id,
        basis="own",
    )


def a_suspension(
    person: UUID | None = None, *, at: datetime = NOON, days: int = 30, **typed: Any
) -> Suspension:
    """Police tell the line's privacy officer on the telephone that its accounting of somebody would hinder them."""
    if person is None:
        kept = PersonTyped(given="Andre", family="Whitlock")
        person = identity.keep_person(by=an_actor("maria.lopez"), at=at, typed=kept).pk
    given = {
        "to_agency_id": an_actor(SYLVIA).agency_id,
        "official": "Det. R. Bell",
        "way": Way.ORAL,
        "until_at": at + timedelta(days=days),
    }
    return commands.suspend_accounting(
        by=an_actor(PAULA), at=at, person_id=person, **(given | typed)
    )


def full() -> None:
    a_draft()
    signed = a_release()
    monica = an_actor("monica.cruz")
    commands.say_subject(by=monica, at=NOON, release_id=signed.pk, person_id=PERSON)
    stopped = a_release()
    commands.revoke_release(by=monica, at=NOON, release_id=stopped.pk, how=How.PHONE)
    _agreed()
    _told()
    _suspended()


def _agreed() -> None:
    """Agreements with their paper, one ended; rows signed off, one withdrawn."""
    marta = an_actor(MARTA)
    paper = a_paper(marta, an_actor(SYLVIA))
    an_agreement(marta, paper_id=paper.pk)
    over = an_agreement(marta)
    commands.end_agreement(by=marta, at=later(60), agreement_id=over.pk)
    a_sign_off("A09", marta)
    commands.withdraw_sign_off(by=marta, at=later(60), signoff_id=a_sign_off("A14", marta).pk)


def _suspended() -> None:
    a_suspension()
    over = a_suspension(to_agency_id=None, to_name="Federal Bureau of Investigation")
    commands.lift_suspension(by=an_actor(PAULA), at=later(60), suspension_id=over.pk)


def _told() -> None:
    """Emergencies, one reviewed and one withdrawn; what one opened; who looked; who asked, and one answer."""
    claim = an_emergency()
    told_in_danger(at=later(1))
    said = {"finding": Finding.UPHELD, "words": "He was in danger."}
    commands.finish_review(by=an_actor(PAULA), at=later(60), review_id=review_of(claim).pk, **said)
    other = an_emergency(at=later(90), person=UUID(int=8))
    commands.withdraw_ground(by=an_actor(), at=later(120), ground_id=other.pk)
    looked_at(an_actor())
    asked_to_see()
    no = {"answer": Answer.NO, "reason": "He said no."}
    ask = asked_to_see(at=later(1))
    commands.answer_ask(by=an_actor("emily.grant"), at=later(2), ask_id=ask.pk, **no)


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    yield from _tried_releases()
    at = now()
    claim = an_emergency(at=at)
    found = {"finding": "upheld", "words": "He was in danger."}
    yield PAULA, "finish_review", {"review_id": review_of(claim).pk}, found
    asked = {"ask_id": asked_to_see(at=at).pk}
    yield "emily.grant", "answer_ask", asked, {"answer": "no", "reason": "He said no."}
    agreement = {"agreement_id": an_agreement(at=at).pk}
    yield SYLVIA, "agree_agreement", agreement, {}
    yield SYLVIA, "end_agreement", agreement, {}
    sign_off = {"signoff_id": a_sign_off("A09", an_actor(MARTA), at=at).pk}
    yield MARTA, "withdraw_sign_off", sign_off, {}


def _tried_releases() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
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
