"""Reading across programs: decided, written down, and only then read; and ended to the second."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import commands, queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, Told
from nowrongdoor.sharing.commands.asks import Answer
from nowrongdoor.sharing.commands.reviews import ask_second_person
from nowrongdoor.sharing.models import Disclosure, Release, Review, Subject
from nowrongdoor.sharing.reviewing import Finding
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing import full

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
JAMES, EMILY, MARTA, PAULA, MARIA = (
    *("james.cole", "emily.grant", "marta.quist", "paula.stone", "maria.lopez"),
)
PERSON = UUID("01900000-0000-7000-8000-00000000aaaa")
BEFORE = datetime(2026, 12, 1, 19, tzinfo=UTC)


def told(
    by: str, data: str, purpose: str, *, of: str = "crc/adult", at: datetime = NOON
) -> tuple[Told[str], list[str]]:
    """What came of it, and what was asked of the holder: nothing, where nothing is told."""
    asked: list[str] = []
    actor = an_actor(by)

    def records(holder: Actor) -> Sequence[Record]:
        assert holder.program_id == program_id(of)
        asked.append("which")
        return [Record("visit", PERSON, 3)]

    def read(_holder: Actor, fields: Sequence[str]) -> str:
        asked.append("read")
        return ", ".join(fields)

    want = Want(data, purpose, program_id(of), actor.program_id, person_id=PERSON)
    return commands.disclose(want, by=actor, at=at, records=records, read=read), asked


def lines() -> list[Disclosure]:
    with act_as(an_actor(JAMES)):
        return list(Disclosure.objects.order_by("at", "id"))


def a_release(by: Actor | None = None, **other: object) -> Release:
    """An authorization that the center took: patrol may be told if the person came, and what is next."""
    by = by or an_actor(EMILY)
    facts: dict[str, object] = {
        "id": new_id(NOON),
        "kind": "authorization",
        "program_id": by.program_id,
        "member_id": by.member_id,
        "taken_at": NOON,
        "person_id": PERSON,
        "person_name": "Thomas Arnett",
        "teller_id": by.program_id,
        "told": [program_id("tpd/patrol")],
        "data": ["clinical"],
        "items": ["attendance"],
        "description": "whether he came, and the next visit",
        "purpose": "close_loop",
        "until_at": later(86_400),
        "signer_name": "Thomas Arnett",
        "signature_kind": "typed",
        "signature": "Thomas Arnett",
        "signed_at": NOON,
        "statements": ["revoke"],
        "text_version": "1",
        "activated_at": NOON,
        "activated_by_id": by.member_id,
    }
    with act_as(by):
        return Release.objects.create(**(facts | other))


def test_an_agreement_opens_a_status_word_until_the_second_it_ends() -> None:
    ends = datetime(2026, 12, 23, 7, tzinfo=UTC)  # midnight in Tucson

    found, asked = told(JAMES, "clinical", "close_loop", at=ends - timedelta(seconds=1))
    late, not_asked = told(JAMES, "clinical", "close_loop", at=ends)

    assert (found.read, found.decision.row) == ("status", "A09")
    assert asked == ["which", "read"]
    assert (late.read, late.allowed, not_asked) == (None, False, [])


def test_what_is_told_is_in_the_ledger_once_for_each_version() -> None:
    told(JAMES, "clinical", "close_loop", at=BEFORE)
    told(JAMES, "clinical", "close_loop", at=BEFORE + timedelta(minutes=5))

    [line] = lines()
    assert (line.record_id, line.record_version, line.row) == (PERSON, 3, "A09")
    assert (line.fields, line.duties) == (["status"], ["account", "minimum"])
    assert line.agreement_id is not None
    assert line.member_id == an_actor(JAMES).member_id


def test_what_cannot_be_written_down_is_not_told(admin: Admin) -> None:
    role = admin.execute(
        "SELECT grantee FROM information_schema.role_table_grants WHERE table_name = 'sharing_disclosure' "
        "AND privilege_type = 'INSERT' AND grantee LIKE '%app'"
    ).fetchone()
    assert role is not None
    admin.execute(f'REVOKE INSERT ON sharing_disclosure FROM "{role[0]}"')
    try:
        found, asked = told(JAMES, "clinical", "close_loop", at=BEFORE)
    finally:
        admin.execute(f'GRANT INSERT ON sharing_disclosure TO "{role[0]}"')

    assert (found.read, found.verdict.rule) == (None, "gate.trouble")
    assert asked == ["which"]


def test_a_release_opens_what_it_names_and_its_revocation_shuts_it() -> None:
    release = a_release()
    opened, _asked = told(JAMES, "clinical", "close_loop", at=later(1))
    with act_as(an_actor(EMILY)):
        Release.objects.filter(pk=release.pk).update(
            revoked_at=later(2), revoked_by_id=an_actor(EMILY).member_id, revoked_how="here"
        )
    shut, asked = told(JAMES, "clinical", "close_loop", at=later(3))

    assert (opened.read, opened.decision.row) == ("status, attendance", "A07")
    assert lines()[0].release_id == release.pk
    assert (shut.read, asked) == (None, [])


def test_a_release_opens_nothing_to_others_of_another_person_or_for_another_purpose() -> None:
    a_release()

    others, _ = told("luis.garza", "clinical", "close_loop", at=later(1))
    other_purpose, _ = told(JAMES, "clinical", "coordinate", at=later(1))

    assert [each.read for each in (others, other_purpose)] == [None, None]


def test_a_release_of_another_person_opens_nothing() -> None:
    a_release(person_id=UUID(int=7))

    found, _asked = told(JAMES, "clinical", "close_loop", at=later(1))

    assert found.read is None


def test_whoever_would_be_told_does_not_say_whose_record_a_release_means() -> None:
    by = an_actor(JAMES)
    release = a_release(by, program_id=by.program_id, teller_id=program_id("crc/adult"))
    with act_as(by):  # no command lets them; neither does what they would write past it
        Subject.objects.create(
            id=new_id(NOON),
            release=release,
            program_id=by.program_id,
            person_id=PERSON,
            member_id=by.member_id,
            at=NOON,
        )
    shut, _ = told(JAMES, "clinical", "close_loop", at=later(1))

    commands.say_subject(by=an_actor(EMILY), at=NOON, release_id=release.pk, person_id=PERSON)
    opened, _ = told(JAMES, "clinical", "close_loop", at=later(1))

    assert (shut.read, opened.read) == (None, "status, attendance")


def test_a_read_that_begins_after_a_revocation_never_succeeds(admin: Admin) -> None:
    """It is revoked after the gate has said yes, and before anything is read."""
    release = a_release()
    by = an_actor(JAMES)

    def records(_holder: Actor) -> Sequence[Record]:
        full.revoked(admin, release, at=later(1))
        return [Record("visit", PERSON)]

    want = Want("clinical", "close_loop", program_id("crc/adult"), by.program_id, person_id=PERSON)
    found = commands.disclose(
        want, by=by, at=later(1), records=records, read=lambda _holder, _fields: "what he said"
    )

    assert (found.read, found.verdict.rule) == (None, "gate.ended")


def test_an_emergency_opens_at_once_for_two_hours_and_another_person_reviews_it() -> None:
    anna = an_actor()
    before, _ = told("anna.miller", "crisis_contact", "imminent_threat", of="line/counselors")

    commands.claim_emergency(
        by=anna,
        at=NOON,
        from_program_id=program_id("line/counselors"),
        person_id=PERSON,
        reason="He has the gun in the car.",
    )
    opened, _ = told(
        "anna.miller", "crisis_contact", "imminent_threat", of="line/counselors", at=later(1)
    )
    over, _ = told(
        "anna.miller", "crisis_contact", "imminent_threat", of="line/counselors", at=later(7200)
    )

    assert (before.read, opened.read, over.read) == (None, "rescue", None)
    with act_as(an_actor(PAULA)):
        claim = Review.objects.get(ground__isnull=False, disclosure=None)
    assert claim.due_at == datetime(2027, 3, 3, 6, 59, tzinfo=UTC)  # the end of Tuesday in Tucson
    with pytest.raises(BadInput):
        commands.claim_emergency(
            by=anna,
            at=NOON,
            from_program_id=program_id("line/counselors"),
            person_id=PERSON,
            reason="",
        )


def test_a_holiday_is_no_business_day_for_a_review() -> None:
    """Claimed on the Thursday before Christmas, which is a Friday: due at the end of Monday."""
    commands.claim_emergency(
        by=an_actor(),
        at=datetime(2026, 12, 24, 18, tzinfo=UTC),
        from_program_id=program_id("line/counselors"),
        person_id=PERSON,
        reason="He has the gun in the car.",
    )

    with act_as(an_actor(PAULA)):
        claim = Review.objects.get(ground__isnull=False)
    assert claim.due_at == datetime(2026, 12, 29, 6, 59, tzinfo=UTC)


def test_only_another_person_reviews_a_claim_and_only_once() -> None:
    paula = an_actor(PAULA)
    commands.claim_emergency(
        by=an_actor(MARIA),
        at=NOON,
        from_program_id=program_id("line/counselors"),
        to_program_id=program_id("911/floor"),
        person_id=PERSON,
        reason="She has taken pills.",
    )
    with act_as(paula):
        review = Review.objects.get()

    done = {"review_id": review.pk, "finding": Finding.UPHELD, "words": "Pills, and no answer."}
    commands.finish_review(by=paula, at=later(60), **done)

    with pytest.raises(Refused) as again:
        commands.finish_review(by=paula, at=later(61), **done)
    assert again.value.verdict.rule == "review.done"


def test_what_needs_a_second_person_waits_for_one() -> None:
    marta, james = an_actor(MARTA), an_actor("frank.duran")
    commands.record_ground(
        by=an_actor(EMILY),
        at=NOON,
        kind="signed_request",
        reference="Request 27-118",
        person_id=PERSON,
        to_program_id=james.program_id,
    )
    waits, _ = told("frank.duran", "clinical", "locate", at=later(1))
    with act_as(james):
        review = ask_second_person(waits.decision, PERSON, by=james, at=later(2))
    commands.finish_review(
        by=marta, at=later(3), review_id=review.pk, finding=Finding.CONFIRMED, words="Signed."
    )
    opened, _ = told("frank.duran", "clinical", "locate", at=later(4))

    assert (waits.read, waits.verdict.rule) == (None, "gate.second_person")
    assert (opened.read, opened.decision.row) == ("identify", "A19")


def test_a_recipient_cannot_open_a_record_with_their_own_word() -> None:
    with pytest.raises(Refused) as refused:
        commands.claim_emergency(
            by=an_actor(JAMES),
            at=NOON,
            from_program_id=program_id("crc/adult"),
            to_program_id=program_id("tpd/mhst"),
            person_id=PERSON,
            reason="They asked me to.",
        )

    assert refused.value.verdict.rule == "ground.not_yours"


def test_who_looked_is_written_once_a_day_and_its_officers_read_it() -> None:
    james = an_actor(JAMES)
    crc = an_actor(EMILY).agency_id
    for at in (NOON, later(60), later(86_400)):
        commands.looked(
            by=james,
            at=at,
            page="person",
            label="P-1",
            record_id=PERSON,
            of_agency_id=crc,
            basis="A09",
        )

    with act_as(an_actor(MARTA)):
        seen = queries.looks_at(PERSON)
    with act_as(an_actor(EMILY)):
        not_seen = queries.looks_at(PERSON)
    assert [each.day.day for each in seen] == [2, 1]
    assert not_seen == ()


def test_asking_to_see_ends_as_a_release_or_a_no_with_its_reason() -> None:
    ask = commands.ask_to_see(
        by=an_actor(JAMES),
        at=NOON,
        of_program_id=program_id("crc/adult"),
        data="clinical",
        purpose="close_loop",
        why="I brought him and want to know that he is safe.",
    )
    emily = an_actor(EMILY)

    with pytest.raises(BadInput):
        commands.answer_ask(by=emily, at=later(1), ask_id=ask.pk, answer=Answer.NO)
    commands.answer_ask(
        by=emily, at=later(1), ask_id=ask.pk, answer=Answer.NO, reason="He said no."
    )

    with pytest.raises(Refused):
        commands.answer_ask(by=emily, at=later(2), ask_id=ask.pk, answer=Answer.RELEASE)
