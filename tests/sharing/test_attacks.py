"""Attacks on the gate, as they were found. Each states what must hold."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks.person_told import read_told
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Card, Episode, Party
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import (
    audience,
    commands,
    privacy_queries,
    queries,
    release_queries,
    release_words,
)
from nowrongdoor.sharing.agreeing import AgreementWish
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, disclosing
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.models import (
    Agreement,
    Ask,
    Disclosure,
    Ground,
    Look,
    Paper,
    Release,
    Review,
    Subject,
)
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.reviewing import Finding
from tests.clients import Desk
from tests.makers import NOON, a_screening, accepted, an_actor, an_episode, later, program_id
from tests.sharing import full

Admin = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.usefixtures("db")
ANNA, MARIA, JAMES, EMILY = "anna.miller", "maria.lopez", "james.cole", "emily.grant"
FLOOR, LINE = "911/floor", "line/counselors"


def a_person(by: Actor, given: str, **typed: str) -> UUID:
    row = identity.keep_person(by=by, at=NOON, typed=PersonTyped(given=given, **typed))
    return UUID(str(row.pk))


def a_call(person: UUID | None = None, there: UUID | None = None, at: datetime = NOON) -> Episode:
    """Anna's call, which Maria of the line took over: `person` as 911 knows them, `there` as the line does."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    episode = an_episode(anna, at=at)
    accepted(episode, anna, to=maria, at=at)
    for by, known in ((anna, person), (maria, there)):
        if known is not None:
            episodes.identify_person(by=by, at=NOON, episode_id=episode.pk, person_id=known)
    return episode


def joins(episode: Episode, *names: str) -> None:
    """These programs work on the call too, as after a request."""
    anna = an_actor(ANNA)
    for name in names:
        with act_as(anna):
            Party.objects.create(
                id=new_id(NOON),
                episode=episode,
                program_id=program_id(name),
                role="working",
                basis="N",
                since_at=NOON,
            )


def a_note(episode: Episode, text: str, by: str = MARIA) -> None:
    narrative.write_note(by=an_actor(by), at=NOON, episode_id=episode.pk, text=text, ours=True)


def release_values(by: Actor, teller: UUID, person: UUID, **other: object) -> dict[str, object]:
    """A whole release as raw rows write it: how somebody is, for closing the loop."""
    facts: dict[str, object] = {
        "id": new_id(NOON),
        "kind": "authorization",
        "program_id": by.program_id,
        "member_id": by.member_id,
        "taken_at": NOON,
        "person_id": person,
        "person_name": "Rosa",
        "teller_id": teller,
        "told": [program_id(FLOOR)],
        "data": ["crisis_contact"],
        "items": ["treatment"],
        "description": "how they are",
        "purpose": "close_loop",
        "until_at": later(86_400),
        "signer_name": "Rosa",
        "signature_kind": "typed",
        "signature": "Rosa",
        "signed_at": NOON,
        "statements": ["revoke"],
        "text_version": "1",
        "activated_at": NOON,
        "activated_by_id": by.member_id,
    }
    return facts | other


def a_release(person: UUID, **other: object) -> Release:
    by = an_actor(MARIA)
    with act_as(by):
        return Release.objects.create(**release_values(by, by.program_id, person, **other))


def said(by: str, person: UUID, seconds: float = 1) -> str:
    """Everything that a person's page tells of what others hold."""
    found = read_told(an_actor(by), person, at=later(seconds))
    assert found is not None
    return " | ".join(item.value for each in found["opened"] for item in each.items)


def test_a_release_of_one_person_opens_nothing_of_another_whom_the_reader_calls_the_same() -> None:
    """911 says that two calls were of one person; the line knows that they were of two."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    rosa, thomas = a_person(maria, "Rosa"), a_person(maria, "Thomas")
    first, second = a_call(mine, rosa), a_call(mine, thomas)
    a_note(first, "Rosa sleeps at her sister's.")
    a_note(second, "Thomas has stopped his medication.")
    a_release(rosa)
    assert "sister" in said(ANNA, mine)
    assert "Thomas" not in said(ANNA, mine)


def test_an_emergency_on_one_call_opens_nothing_of_another_person() -> None:
    """Claimed for Rosa's call; then 911 says that Thomas's older call was of the same person."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    thomas = a_person(maria, "Thomas", address="7 Hidden Court")
    call = a_call(mine)  # the line has not said who it is
    commands.claim_emergency(
        by=anna, at=NOON, from_program_id=program_id(LINE), episode_id=call.pk, reason="Gun."
    )
    assert "Hidden" not in said(ANNA, mine)
    other = a_call(mine, thomas, at=later(-86_400))
    assert other.pk != call.pk
    assert "Hidden" not in said(ANNA, mine)


def test_a_program_tells_no_answers_that_another_program_asked() -> None:
    """911 asked one step, the line asked on: what 911 tells is what 911 was told."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    from nowrongdoor.sharing.shelves import About
    from nowrongdoor.triage.shelf import DANGER

    episode = a_call()
    a_screening(episode, anna, WPN="in_hand")
    a_screening(episode, maria, at=later(5), WPN="in_hand", VIO="Y")
    about = About(None, (episode.pk,))
    with act_as(anna):
        told = DANGER.read(anna, about, ["rescue"])
    assert "chased" not in str(told), told


PERSON = UUID("01900000-0000-7000-8000-00000000aaaa")
BEFORE = datetime(2026, 12, 1, 19, tzinfo=UTC)


def told(
    by: str,
    data: str,
    purpose: str,
    of: str,
    at: datetime = BEFORE,
    records=None,
    person: UUID = PERSON,
):
    actor = an_actor(by)
    want = Want(data, purpose, program_id(of), actor.program_id, person_id=person)
    return commands.disclose(
        want,
        by=actor,
        at=at,
        records=records or (lambda _h: [Record("status", PERSON, 3)]),
        read=lambda _h, fields: ", ".join(fields),
    )


@contextmanager
def between(records: Callable[[object], Sequence[Record]]) -> Iterator[None]:
    """Something happens after the gate has said yes, and before anything is read."""
    real = disclosing._records
    disclosing._records = lambda _wish, _decision: records(None)  # type: ignore[assignment]
    try:
        yield
    finally:
        disclosing._records = real


def lines(by: str = JAMES) -> list[Disclosure]:
    with act_as(an_actor(by)):
        return list(Disclosure.objects.order_by("at", "id"))


def test_two_tellers_of_one_call_have_a_line_each() -> None:
    """A status word is a version of the call, whoever tells it."""
    first = told(JAMES, "clinical", "close_loop", "crc/adult")
    second = told(JAMES, "clinical", "close_loop", "crc/youth")
    assert (first.read, second.read) == ("status", "status")
    assert {each.from_program_id for each in lines()} == {
        program_id("crc/adult"),
        program_id("crc/youth"),
    }


def test_two_records_of_different_kinds_have_a_line_each() -> None:
    """Status, danger and feed are all versions of one call's id."""
    for kind in ("status", "danger"):
        told(
            JAMES,
            "clinical",
            "close_loop",
            "crc/adult",
            records=lambda _h, kind=kind: [Record(kind, PERSON, 3)],
        )
    assert {each.record_kind for each in lines()} == {"status", "danger"}


def test_the_holder_knows_each_member_who_read_it() -> None:
    told(JAMES, "clinical", "close_loop", "crc/adult")
    told("teresa.molina", "clinical", "close_loop", "crc/adult")
    with act_as(an_actor("marta.quist")):
        seen = set(Disclosure.objects.values_list("member_id", flat=True)) | set(
            Look.objects.values_list("member_id", flat=True)
        )
    assert seen == {an_actor(JAMES).member_id, an_actor("teresa.molina").member_id}


def test_an_agreement_that_ends_between_yes_and_read_opens_nothing() -> None:
    row, marta = full.an_agreement(), an_actor("marta.quist")

    def records(_h):
        commands.end_agreement(by=marta, at=later(2), agreement_id=row.pk)
        return [Record("status", PERSON, 3)]

    with between(records):
        found = told("luis.garza", "clinical", "close_loop", "crc/adult", at=later(1))
    assert (found.decision.row, found.read) == ("A09", None)


def test_a_record_said_wrongly_and_taken_back_between_yes_and_read_is_not_read() -> None:
    row = full.a_release(
        an_actor("martha.gibbs"), plan=Plan.CARE, teller_id=program_id("crc/adult")
    )
    subject = commands.say_subject(by=an_actor(EMILY), at=NOON, release_id=row.pk, person_id=PERSON)

    def undone(_h):
        commands.undo_subject(by=an_actor(EMILY), at=later(1), subject_id=subject.pk)
        return [Record("status", PERSON, 3)]

    with between(undone):
        found = told("ray.sutton", "clinical", "engagement", "crc/adult", at=later(1))
    assert (found.decision.row, found.read) == ("A26", None)


def test_what_is_revoked_while_somebody_tells_is_not_told(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = full.a_release(
        an_actor(EMILY), plan=Plan.CARE, teller_id=program_id("crc/adult"), person_id=PERSON
    )
    real = queries.decide

    def decide(want: Want, *, at: datetime) -> queries.Decision:
        found = real(want, at=at)
        admin.execute(
            "UPDATE sharing_release SET revoked_at = %s, revoked_how = 'here' WHERE id = %s",
            [later(2), row.pk],
        )
        return found

    monkeypatch.setattr(queries, "decide", decide)
    to = program_id("tpd/deflection")
    want = Want("clinical", "engagement", program_id("crc/adult"), to, person_id=PERSON)
    with pytest.raises(Refused):
        commands.tell(
            by=an_actor(EMILY),
            at=later(1),
            want=want,
            groups=["attendance"],
            records=[Record("x", PERSON)],
        )


def sql(by: str, text: str, *values: object) -> None:
    with act_as(an_actor(by)), connection.cursor() as cursor:
        cursor.execute(text, values)


GROUND = (
    "INSERT INTO sharing_ground (id, kind, program_id, member_id, made_at, from_program_id, from_agency_id, "
    "to_program_id, to_kind, person_id, reference, from_at, until_at) "
    "SELECT gen_random_uuid(), %s, %s, %s, %s, p.id, p.agency_id, %s, '', %s, 'x', %s, %s "
    "FROM agencies_program p WHERE p.id = %s"
)


@pytest.mark.parametrize("kind", ["signed_request", "order", "named"])
def test_a_recipient_writes_no_ground_for_a_record_of_others(kind: str) -> None:
    by = an_actor(JAMES)
    with pytest.raises(DatabaseError):
        sql(
            JAMES,
            GROUND,
            kind,
            by.program_id,
            by.member_id,
            NOON,
            by.program_id,
            PERSON,
            NOON,
            None,
            program_id("crc/adult"),
        )
    # and the gate itself
    found = told(JAMES, "clinical", "locate", "crc/adult", at=later(1))
    assert found.verdict.rule != "gate.second_person"


def test_the_gate_takes_no_recipients_word_even_where_a_row_says_it(admin: Admin) -> None:
    """Past the policy, as a careless migration could let it in."""
    by = an_actor(JAMES)
    admin.execute(
        GROUND,
        [
            *("named", by.program_id, by.member_id, NOON, by.program_id, PERSON, NOON, None),
            program_id("crc/adult"),
        ],
    )

    found = told(JAMES, "clinical", "close_loop", "crc/adult", at=later(1))

    assert found.read is None


def test_a_recipient_prolongs_no_emergency() -> None:
    by = an_actor(ANNA)
    claim = commands.claim_emergency(
        by=by, at=NOON, from_program_id=program_id(LINE), person_id=PERSON, reason="Gun."
    )
    with pytest.raises(DatabaseError):
        sql(ANNA, "UPDATE sharing_ground SET until_at = '2099-01-01' WHERE id = %s", claim.pk)


def test_an_emergency_that_was_not_right_shuts() -> None:
    by = an_actor(ANNA)
    claim = commands.claim_emergency(
        by=by, at=NOON, from_program_id=program_id(LINE), person_id=PERSON, reason="Curious."
    )
    paula = an_actor("paula.stone")
    with act_as(paula):
        review = Review.objects.get(ground=claim, disclosure=None)
    commands.finish_review(
        by=paula, at=later(60), review_id=review.pk, finding=Finding.NOT_UPHELD, words="No danger."
    )
    found = told(ANNA, "crisis_contact", "imminent_threat", LINE, at=later(61))
    assert found.read is None


REVIEW = (
    "INSERT INTO sharing_review (id, kind, duty, program_id, asked_by_id, asked_at, from_program_id, to_program_id, to_kind, "
    "purpose, row, record_id, due_at, done_at, done_by_id, finding, words) VALUES "
    "(gen_random_uuid(), 'confirm', 'second_person', %s, %s, %s, %s, %s, '', 'locate', 'A19', %s, %s, %s, %s, 'confirmed', 'ok')"
)


def test_a_recipient_confirms_nothing_themselves() -> None:
    frank, emily = an_actor("frank.duran"), an_actor(EMILY)
    commands.record_ground(
        by=emily,
        at=NOON,
        kind="signed_request",
        reference="R",
        person_id=PERSON,
        to_program_id=frank.program_id,
    )
    try:
        sql(
            "frank.duran",
            REVIEW,
            frank.program_id,
            frank.member_id,
            NOON,
            emily.program_id,
            frank.program_id,
            PERSON,
            NOON,
            NOON,
            an_actor("alice.burke").member_id,
        )
    except DatabaseError:
        return
    found = told("frank.duran", "clinical", "locate", "crc/adult", at=later(1))
    pytest.fail(f"the database takes it; and the gate says {found.read!r}")


def test_a_reviewer_signs_in_their_own_name() -> None:
    by = an_actor(ANNA)
    claim = commands.claim_emergency(
        by=by, at=NOON, from_program_id=program_id(LINE), person_id=PERSON, reason="Gun."
    )
    with pytest.raises(DatabaseError):
        sql(
            "oscar.nunez",
            "UPDATE sharing_review SET done_at = %s, done_by_id = %s, finding = 'upheld' WHERE ground_id = %s",
            NOON,
            an_actor("paula.stone").member_id,
            claim.pk,
        )


def test_one_yes_is_for_one_request() -> None:
    """The request that was confirmed was withdrawn; another one, of another day, is nobody's yes yet."""
    emily, marta, frank = an_actor(EMILY), an_actor("marta.quist"), an_actor("frank.duran")
    want = Want("clinical", "locate", emily.program_id, frank.program_id, person_id=PERSON)
    args = {"by": emily, "want": want, "groups": ["identify"], "ground": "signed_request"}
    first = commands.tell(at=NOON, records=[Record("person", PERSON)], reference="R-1", **args)
    assert first is None
    with act_as(marta):
        review, ground = Review.objects.get(), Ground.objects.get()
    commands.finish_review(
        by=marta, at=later(1), review_id=review.pk, finding=Finding.CONFIRMED, words="Served."
    )
    commands.withdraw_ground(by=emily, at=later(2), ground_id=ground.pk)
    second = commands.tell(
        at=later(86_400 * 90),
        records=[Record("person", PERSON, 9), Record("notes", UUID(int=5))],
        reference="R-2",
        **args,
    )
    assert second is None


def test_what_process_names_can_be_told() -> None:
    """A row whose basis is the court, and not a release, opens what somebody wrote down that it names."""
    emily = an_actor(EMILY)
    want = Want(
        "clinical",
        "legal_proceeding",
        emily.program_id,
        None,
        to_kind="court",
        to_name="Div. 4",
        person_id=PERSON,
    )
    commands.tell(
        by=emily,
        at=NOON,
        want=want,
        groups=["treatment"],
        records=[Record("person", PERSON)],
        ground="process",
        reference="W-1",
    )


def test_a_person_signs_what_they_read() -> None:
    by = an_actor("martha.gibbs")
    draft = full.a_draft(by)
    wish = full.a_wish(Plan.TREATMENT, told_program_id=program_id("ed/intake"))
    commands.change_release(by=by, at=later(1), release_id=draft.pk, wish=wish)
    with pytest.raises(Refused):
        commands.sign_release(
            by=by,
            at=later(2),
            release_id=draft.pk,
            drawn=full.STROKES,
            text_version=release_words.NEWEST,
        )


def test_a_no_stays_where_it_was_said() -> None:
    by = an_actor("martha.gibbs")
    wish = full.a_wish(Plan.CARE, teller_id=program_id("crc/adult"))
    draft = commands.draft_release(by=by, at=NOON, wish=wish)
    commands.refuse_release(by=by, at=later(1), release_id=draft.pk)
    rows, _more = release_queries.releases(an_actor("marta.quist"), at=later(2))
    assert rows == ()


def test_a_guardian_signs_for_no_adult_whose_birth_is_left_out() -> None:
    with pytest.raises(Refused):
        full.a_release(
            an_actor("martha.gibbs"),
            plan=Plan.CARE,
            teller_id=program_id("crc/adult"),
            born="",
            signer=Signer.GUARDIAN,
            signer_name="A. Stranger",
            signer_basis="uncle",
        )


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(Refused):
        full.a_draft(born="2999-01-01")


def test_a_guardians_release_ends_when_the_person_is_of_age() -> None:
    full.a_release(
        an_actor(EMILY),
        plan=Plan.CARE,
        teller_id=program_id("crc/adult"),
        person_id=PERSON,
        born="2009-03-03",
        signer=Signer.GUARDIAN,
        signer_name="M. Other",
        signer_basis="mother",
    )
    found = told("ray.sutton", "clinical", "engagement", "crc/adult", at=later(3 * 86_400))
    assert found.read is None


def test_an_officer_signs_off_no_row_that_opens_another_agencys_records() -> None:
    """Police would sign off what opens the center to police. Only who tells by a row signs it."""
    table = queries.table()
    assert table is not None
    waits = next(each for each in table.allow if each.id == "A09")
    assert not {"le_patrol", "le_mhst"} & waits.scope.senders
    with pytest.raises(Refused) as refused:
        commands.sign_off_row(by=an_actor("sylvia.trujillo"), at=NOON, row="A09")
    assert refused.value.verdict.rule == "signoff.not_yours"


def test_who_looked_names_nobody_who_saw_nothing() -> None:
    theirs = a_person(an_actor(EMILY), "Thomas")
    answer = Desk(JAMES).get(f"/persons/{theirs}/")
    assert answer.status_code == 404
    with act_as(an_actor(JAMES)):
        assert not Look.objects.exists()


def test_a_record_of_a_released_person_is_no_other_programs_to_know() -> None:
    """Raw SQL: who else said whose record a release means."""
    row = full.a_release(an_actor("martha.gibbs"), also_told_id=program_id("tpd/patrol"))
    commands.say_subject(by=an_actor("monica.cruz"), at=NOON, release_id=row.pk, person_id=PERSON)
    with act_as(an_actor(JAMES)):
        assert not Subject.objects.exists()


BAD = "a\0b"


@pytest.mark.parametrize(
    ("by", "method", "url", "data"),
    [
        ("marta.quist", "get", "/privacy/looks/", {"number": BAD}),
        ("marta.quist", "get", "/privacy/looks/", {"name": BAD}),
        (
            "marta.quist",
            "get",
            "/privacy/",
            {"from": BAD, "to": BAD, "data": BAD, "purpose": BAD, "fact": BAD},
        ),
        ("marta.quist", "post", "/privacy/sign-off/", {"row": BAD}),
        ("marta.quist", "post", "/privacy/sign-off/", {"row": "Z99"}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": BAD}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": "[" * 100_000}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": "disclosure: &a [*a]"}),
        ("marta.quist", "post", "/privacy/table/try/", {"text": "- 1"}),
        (EMILY, "post", "/persons/", {"sought": BAD}),
        (EMILY, "post", "/persons/", {"sought": "x" * 100_000}),
        (EMILY, "get", "/releases/new/", {"person": BAD}),
        (EMILY, "get", "/releases/new/", {"person": str(PERSON)}),
        (EMILY, "post", "/releases/draft/", {"plan": "nonsense", "person_name": BAD}),
        (EMILY, "post", f"/releases/{PERSON}/sign/", {"drawn": "[[1"}),
        (EMILY, "post", f"/releases/{PERSON}/copy/", {"way": "x"}),
    ],
)
def test_no_form_breaks(by: str, method: str, url: str, data: dict[str, str]) -> None:
    answer = getattr(Desk(by), method)(url, data)
    assert answer.status_code < 500


def agreement(**other: object) -> dict[str, object]:
    return {
        "code": "MOU-77",
        "title": "t",
        "tells": str(program_id("crc/adult")),
        "told": str(program_id("tpd/mhst")),
        "data": "clinical",
        "purposes": "close_loop",
        "legal_basis": "b",
        "from_at": "2026-01-01",
    } | other


@pytest.mark.parametrize(
    "other",
    [
        {"tells": str(UUID(int=9))},
        {"told": str(UUID(int=9))},
        {"tells": "x"},
        {"data": BAD},
        {"data": "nonsense"},
        {"purposes": "nonsense"},
        {"fields": "nonsense"},
        {"fields": BAD},
        {"code": BAD},
        {"title": BAD},
        {"legal_basis": BAD},
        {"signed_by": f"{BAD}, x"},
        {"signed_by": "x" * 100_000},
        {"from_at": "0001-01-01", "until_at": "0001-01-02"},
        {"from_at": "0001-01-01"},
        {"from_at": "9999-12-31"},
        {"until_at": "9999-12-31"},
        {"replaces": str(UUID(int=9))},
        {"replaces": "x"},
        {"paper": "x"},
    ],
    ids=str,
)
def test_no_agreement_breaks(other: dict[str, object]) -> None:
    desk = Desk("marta.quist")
    code = f"MOU-{uuid4().hex[:8]}"
    answer = desk.post("/privacy/agreements/make/", agreement(**({"code": code} | other)))
    assert answer.status_code < 500
    assert desk.get("/privacy/").status_code == 200
    with act_as(an_actor("marta.quist")):
        made = list(Agreement.objects.filter(code=code).values_list("data", "purposes", "fields"))
    assert "nonsense" not in str(made)


@pytest.mark.parametrize(
    "other",
    [
        {
            "to_name": BAD,
            "to": "threatened_person",
            "purpose": "duty_to_warn",
            "ground": "emergency",
            "group": "threat",
            "reference": "r",
        },
        {
            "reference": BAD,
            "to": "threatened_person",
            "purpose": "duty_to_warn",
            "ground": "emergency",
            "group": "threat",
            "to_name": "x",
        },
        {"reference": "x" * 900, "ground": "process"},
        {"ground": "working"},
        {"to": "person", "purpose": "own_access", "to_name": "x", "group": "whole"},
        {"to": str(UUID(int=9))},
        {"to": "", "purpose": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["tell/preview", "told"])
def test_no_telling_breaks(other: dict[str, str], page: str) -> None:
    person = a_person(an_actor(EMILY), "Thomas")
    to = {"to": str(program_id("ed/intake")), "purpose": "treatment", "group": "treatment"}
    answer = Desk(EMILY).post(f"/persons/{person}/{page}/", to | other)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "other",
    [
        {"data": BAD},
        {"purpose": BAD},
        {"why": BAD},
        {"data": "nonsense"},
        {"why": ""},
        {"of_program_id": BAD},
        {"of_program_id": str(UUID(int=9))},
        {"why": "x" * 100_000},
    ],
    ids=str,
)
def test_no_asking_breaks(other: dict[str, str]) -> None:
    person = a_person(an_actor(JAMES), "Thomas")
    asked = {
        "of_program_id": str(program_id("crc/adult")),
        "data": "clinical",
        "purpose": "close_loop",
        "why": "w",
    }
    answer = Desk(JAMES).post(f"/persons/{person}/ask/", asked | other)
    assert answer.status_code < 500
    with act_as(an_actor(JAMES)):
        assert not Ask.objects.filter(data="nonsense").exists()


def test_what_is_told_of_somebody_is_in_their_accounting() -> None:
    """The line said only later who it was: what was told before, by agreement, was told of them."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    call = a_call(mine)
    assert said(ANNA, mine)
    rosa = a_person(maria, "Rosa")
    episodes.identify_person(by=maria, at=later(60), episode_id=call.pk, person_id=rosa)
    assert privacy_queries.told_of(an_actor("paula.stone"), rosa)


def test_what_is_told_a_second_time_is_in_the_ledger_a_second_time() -> None:
    """45 CFR 164.528(b): the date of each disclosure. Read on a page first, then handed over on paper a month later."""
    emily = an_actor(EMILY)
    want = Want(
        "clinical", "treatment", emily.program_id, program_id("ed/intake"), person_id=PERSON
    )
    for at in (NOON, later(30 * 86_400)):
        commands.tell(
            by=emily, at=at, want=want, groups=["treatment"], records=[Record("person", PERSON)]
        )
    assert len(lines(EMILY)) == 2


def test_an_accounting_is_whole() -> None:
    emily = an_actor(EMILY)
    want = Want(
        "clinical", "treatment", emily.program_id, program_id("ed/intake"), person_id=PERSON
    )
    records = [Record("note", UUID(int=n)) for n in range(1, 206)]
    commands.tell(by=emily, at=NOON, want=want, groups=["treatment"], records=records)
    assert len(privacy_queries.accounting(an_actor("marta.quist"), PERSON)) == 205


def test_a_ledger_line_written_beforehand_hides_no_reading() -> None:
    """Raw SQL: a line of another year, by nobody, that the real one then stumbles over."""
    told(JAMES, "clinical", "close_loop", "crc/adult")
    [line] = lines()
    by = an_actor(JAMES)
    columns = [each.column for each in Disclosure._meta.concrete_fields]
    values = {each.column: getattr(line, each.attname) for each in Disclosure._meta.concrete_fields}
    values |= {
        "id": uuid4(),
        "at": datetime(1970, 1, 1, tzinfo=UTC),
        "member_id": None,
        "record_version": 4,
    }
    named, places = ", ".join(f'"{each}"' for each in columns), ", ".join(["%s"] * len(columns))
    try:
        sql(
            JAMES,
            f"INSERT INTO sharing_disclosure ({named}) VALUES ({places})",
            *[values[c] for c in columns],
        )
    except DatabaseError:
        return
    found = told(
        JAMES,
        "clinical",
        "close_loop",
        "crc/adult",
        records=lambda _h: [Record("status", PERSON, 4)],
    )
    assert found.read is None or [
        each for each in lines() if each.record_version == 4 and each.member_id == by.member_id
    ]


def test_a_program_that_is_told_rewrites_nothing_of_who_took_a_release() -> None:
    row = full.a_release(an_actor("martha.gibbs"), also_told_id=program_id("tpd/patrol"))
    with pytest.raises(DatabaseError):
        sql(
            JAMES,
            "UPDATE sharing_release SET member_id = %s, taken_at = '2001-01-01' WHERE id = %s",
            an_actor(JAMES).member_id,
            row.pk,
        )


def test_a_release_is_revoked_in_ones_own_name() -> None:
    row = full.a_release(an_actor("martha.gibbs"), also_told_id=program_id("tpd/patrol"))
    with pytest.raises(DatabaseError):
        sql(
            JAMES,
            "UPDATE sharing_release SET revoked_at = %s, revoked_how = 'here', revoked_by_id = %s WHERE id = %s",
            later(5),
            an_actor(EMILY).member_id,
            row.pk,
        )


def test_counseling_notes_are_never_combined_whoever_writes_the_row() -> None:
    with pytest.raises(DatabaseError):
        a_release(PERSON, kind="part2_named", data=["sud", "sud_notes"])


def test_what_somebody_agrees_to_once_is_told_once() -> None:
    """Told by telephone because the person agreed, that day."""
    maria = an_actor(MARIA)
    want = Want(
        "crisis_contact",
        "scene_safety",
        maria.program_id,
        program_id("tpd/patrol"),
        person_id=PERSON,
    )
    commands.tell(
        by=maria,
        at=NOON,
        want=want,
        groups=["safety"],
        records=[Record("person", PERSON)],
        ground="agrees",
        reference="Said so.",
    )
    found = told(JAMES, "crisis_contact", "scene_safety", LINE, at=later(86_400 * 365))
    assert found.read is None


def test_a_told_side_replaces_no_agreement_of_the_tellers() -> None:
    """Police write a further version, of their own records, and the center's is out of force at once."""
    row = full.an_agreement()
    wish = AgreementWish(
        code=row.code,
        title="t",
        tells=(program_id("tpd/mhst"),),
        told=(program_id("crc/adult"),),
        data=("police_report",),
        purposes=("close_loop",),
        legal_basis="b",
        from_at=NOON,
    )
    with pytest.raises(Refused):
        commands.make_agreement(
            by=an_actor("sylvia.trujillo"), at=later(1), wish=wish, replaces_id=row.pk
        )
    assert told("luis.garza", "clinical", "close_loop", "crc/adult", at=later(2)).read == "status"


def test_detectives_read_nothing_of_the_social_workers_deflection_or_outreach() -> None:
    frank = an_actor("frank.duran")
    for of, data in (
        ("tpd/deflection", "police_report"),
        ("tpd/outreach", "homeless"),
        ("tpd/social-work", "police_report"),
    ):
        for purpose in audience.aims("le_detectives", working=True):
            want = Want(
                data,
                purpose,
                program_id(of),
                frank.program_id,
                person_id=PERSON,
                known=frozenset({"working"}),
            )
            with act_as(frank):
                found = queries.decide(want, at=NOON)
            assert not found.allowed, (of, purpose, found.row, found.fields)


def test_who_has_left_a_call_is_not_at_work_on_it() -> None:
    anna = an_actor(ANNA)
    mine = a_person(anna, "Rosa")
    call = a_call(mine)
    from nowrongdoor.episodes.known import known_from

    with act_as(anna):
        Party.objects.filter(episode_id=call.pk, program_id=anna.program_id).update(role="informed")
    assert not known_from(anna, (mine,)).working


def test_a_program_without_a_privacy_officer_can_review_what_was_claimed_of_it() -> None:
    linda = an_actor("linda.fox")
    commands.claim_emergency(
        by=an_actor(ANNA),
        at=NOON,
        from_program_id=linda.program_id,
        person_id=PERSON,
        reason="Gun.",
    )
    with act_as(linda):
        review = Review.objects.get()
    assert review.program_id == linda.program_id

    page = Desk("linda.fox").get("/releases/").content.decode()

    assert f"/reviews/{review.pk}/" in page


def test_a_minors_record_is_asked_for_as_one() -> None:
    """Row A41: a minor's record goes from police to the center by a guardian, a law, custody or an emergency alone."""
    james, emily = an_actor(JAMES), an_actor(EMILY)
    theirs = a_person(james, "Leo", born="2014-05-05")
    mine = a_person(emily, "Leo", born="2014-05-05")
    episode = an_episode(an_actor(ANNA))
    joins(episode, "tpd/patrol", "crc/adult")
    for by, person in ((james, theirs), (emily, mine)):
        episodes.identify_person(by=by, at=NOON, episode_id=episode.pk, person_id=person)
    a_note(episode, "Was drinking.", by=JAMES)
    assert "drinking" not in said(EMILY, mine)


def test_a_page_that_waits_for_a_second_person_says_not_that_there_is_a_record() -> None:
    """Asked by a signed request: whether there is a record is part of what the second person decides."""
    frank, emily = an_actor("frank.duran"), an_actor(EMILY)
    commands.record_ground(
        by=emily,
        at=NOON,
        kind="signed_request",
        reference="R",
        person_id=PERSON,
        to_program_id=frank.program_id,
    )
    there = told("frank.duran", "clinical", "locate", "crc/adult", at=later(1))
    nothing = told(
        "frank.duran", "clinical", "locate", "crc/adult", at=later(1), records=lambda _h: []
    )
    assert (there.verdict.rule, there.read) == (nothing.verdict.rule, nothing.read)


def test_a_note_kept_apart_stays_with_those_of_ones_own_employer() -> None:
    """Susan of a provider sits in the police team; Luis is police there."""
    susan = an_actor("susan.kim")
    episode = an_episode(an_actor(ANNA))
    joins(episode, "tpd/mhst", "tpd/patrol")
    narrative.write_note(by=susan, at=NOON, episode_id=episode.pk, text="Takes lithium.", ours=True)
    from nowrongdoor.narrative import queries as notes
    from nowrongdoor.narrative.models import Note

    with act_as(susan):
        note = Note.objects.get()
    assert note.apart
    for by in ("luis.garza", "brian.hale", "erin.walsh", JAMES, ANNA, "sylvia.trujillo"):
        actor = an_actor(by)
        with act_as(actor):
            assert not Note.objects.exists(), by
        log = notes.log(actor, episode.pk)
        assert log is None or "lithium" not in str(log)
        desk = Desk(by)
        for url in (
            f"/episodes/{episode.pk}/",
            "/board/",
            "/field/",
            "/supervising/",
            "/morning/",
            "/relief/",
            "/messages/",
            "/",
        ):
            assert "lithium" not in desk.get(url).content.decode(), (by, url)
        answer = desk.post(f"/notes/{note.pk}/correct/", {"text": "x"})
        assert answer.status_code in (403, 404), answer.status_code


def test_police_learn_of_no_treatment_program_by_its_pointer() -> None:
    """42 CFR 2.13(c): that somebody is a patient there is itself told by consent. No row opens it to police or 911."""
    maria, james = an_actor(MARIA), an_actor(JAMES)
    call = a_call()
    joins(call, "tpd/patrol")
    mine = a_person(james, "Rosa")
    episodes.identify_person(by=james, at=NOON, episode_id=call.pk, person_id=mine)
    episodes.set_pointer(
        by=maria,
        at=NOON,
        episode_id=call.pk,
        program_id=program_id("treatment/intake"),
        pointer_record="7",
        status="",
    )
    found = read_told(james, mine, at=later(1))
    assert found is not None
    assert program_id("treatment/intake") not in {each["id"] for each in found["emergency"]}


def test_a_program_that_was_told_of_the_call_once_reads_no_later_card() -> None:
    """911 tells patrol; patrol leaves; what 911 writes afterwards is not patrol's."""
    anna, james = an_actor(ANNA), an_actor(JAMES)
    call, other = a_call(), a_call()
    joins(call, "tpd/patrol")
    joins(other, "tpd/patrol")
    mine = a_person(james, "Rosa")
    for each in (call, other):
        episodes.identify_person(by=james, at=NOON, episode_id=each.pk, person_id=mine)
    with act_as(anna):
        Party.objects.filter(episode=call, program_id=james.program_id).update(until_at=later(10))
    with act_as(anna):
        held = Episode.objects.get(pk=call.pk)
    del held
    with act_as(an_actor(MARIA)):
        Card.objects.create(
            id=new_id(later(20)),
            episode=call,
            made_at=later(20),
            made_by_program_id=program_id(LINE),
            note="At his mother's.",
        )
    assert "mother" not in said(JAMES, mine, 30)


def test_a_refused_telling_leaves_no_emergency_standing() -> None:
    """Sent as a browser does, with its key: the page says no, and so nothing may have been claimed."""
    person = a_person(an_actor(EMILY), "Thomas")
    typed = {
        "to": str(program_id("tpd/patrol")),
        "purpose": "imminent_threat",
        "group": "identify",
        "ground": "emergency",
        "reference": "Said so.",
        "idempotency_key": "k-1",
    }
    answer = Desk(EMILY).post(f"/persons/{person}/told/", typed)
    assert answer.status_code == 409
    with act_as(an_actor(EMILY)):
        assert not Ground.objects.exists()
        assert not Review.objects.exists()


def test_a_refused_agreement_leaves_no_paper() -> None:
    desk = Desk("marta.quist")
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.7", content_type="application/pdf")
    answer = desk.post(
        "/privacy/agreements/make/", agreement(title="", paper=scan, idempotency_key="k-2")
    )
    assert answer.status_code == 422
    with act_as(an_actor("marta.quist")):
        assert not Paper.objects.exists()


def shown(page: str) -> str:
    """What the preview says it shows."""
    found = re.search(r'name="shown" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_what_was_told_is_kept_in_no_remembered_answer(admin: Admin) -> None:
    """The page that is printed for whoever is told would stand in the table of answers, outside the gate."""
    person = a_person(an_actor(EMILY), "Thomas", address="12 S 10th Ave")
    typed = {"to": str(program_id("ed/intake")), "purpose": "treatment", "group": "treatment"}
    desk = Desk(EMILY)
    typed["shown"] = shown(desk.post(f"/persons/{person}/tell/preview/", typed).content.decode())

    answer = desk.post(f"/persons/{person}/told/", typed | {"idempotency_key": "k-3"})

    assert answer.status_code == 302
    assert "12 S 10th Ave" in desk.get(answer["Location"]).content.decode()
    bodies = admin.execute("SELECT body FROM web_answer").fetchall()
    assert "12 S 10th" not in str(bodies)


def test_what_is_told_is_what_was_shown() -> None:
    """A note that comes between the preview and the telling was on no preview."""
    emily = an_actor(EMILY)
    mine = a_person(emily, "Rosa")
    call = an_episode(an_actor(ANNA))
    joins(call, "crc/adult")
    episodes.identify_person(by=emily, at=NOON, episode_id=call.pk, person_id=mine)
    a_note(call, "First.", by=EMILY)
    desk, typed = (
        Desk(EMILY),
        {"to": str(program_id("ed/intake")), "purpose": "treatment", "group": "treatment"},
    )
    page = desk.post(f"/persons/{mine}/tell/preview/", typed).content.decode()
    assert "First." in page
    a_note(call, "Second, unseen.", by="judith.park")
    told_page = desk.post(f"/persons/{mine}/told/", typed | {"shown": shown(page)})
    assert told_page.status_code == 409
    assert not lines(EMILY)


def test_one_click_too_many_claims_no_second_emergency() -> None:
    """The form carries no key of its own, so a double click is two claims and two reviews."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    a_call(mine, a_person(maria, "Rosa"))
    desk = Desk(ANNA)
    page = desk.get(f"/persons/{mine}/").content.decode()
    form = page[page.index(f"/persons/{mine}/emergency/") :]
    assert "idempotency_key" in form[: form.index("</form>")]


def test_nobody_makes_themselves_an_officer() -> None:
    james = an_actor(JAMES)
    with pytest.raises(DatabaseError):
        sql(
            JAMES,
            "INSERT INTO agencies_position (id, member_id, program_id, role, from_at) "
            "VALUES (gen_random_uuid(), %s, %s, 'privacy_officer', now())",
            james.member_id,
            james.program_id,
        )


def test_the_database_takes_no_agreement_or_sign_off_of_somebody_who_is_no_officer() -> None:
    james, row = an_actor(JAMES), full.an_agreement()
    for text, values in (
        (
            "INSERT INTO sharing_agreed (id, agreement_id, agency_id, member_id, at) VALUES (gen_random_uuid(), %s, %s, %s, now())",
            (row.pk, james.agency_id, james.member_id),
        ),
        (
            "INSERT INTO sharing_signoff (id, row, digest, member_id, at) VALUES (gen_random_uuid(), 'A09', 'x', %s, now())",
            (james.member_id,),
        ),
    ):
        with pytest.raises(DatabaseError):
            sql(JAMES, text, *values)
    with pytest.raises(DatabaseError):
        sql(
            "sylvia.trujillo",
            "INSERT INTO sharing_agreed (id, agreement_id, agency_id, member_id, at) "
            "SELECT gen_random_uuid(), %s, p.agency_id, %s, now() FROM agencies_program p WHERE p.id = %s",
            row.pk,
            an_actor("sylvia.trujillo").member_id,
            program_id("crc/adult"),
        )


def test_a_release_that_the_told_write_themselves_opens_nothing() -> None:
    james = an_actor(JAMES)
    with act_as(james):
        row = Release.objects.create(
            **release_values(
                james, program_id("crc/adult"), PERSON, data=["clinical"], told=[james.program_id]
            )
        )
        Subject.objects.create(
            id=new_id(NOON),
            release=row,
            program_id=james.program_id,
            person_id=PERSON,
            member_id=james.member_id,
            at=NOON,
        )
    with pytest.raises(DatabaseError), act_as(james):
        Subject.objects.create(
            id=new_id(NOON),
            release=row,
            program_id=program_id("crc/adult"),
            person_id=PERSON,
            member_id=james.member_id,
            at=NOON,
        )
    assert told(JAMES, "clinical", "close_loop", "crc/adult", at=later(1)).read is None


def test_no_line_of_the_ledger_is_changed_or_taken_out() -> None:
    told(JAMES, "clinical", "close_loop", "crc/adult")
    for text in ("UPDATE sharing_disclosure SET purpose = 'x'", "DELETE FROM sharing_disclosure"):
        with pytest.raises(DatabaseError):
            sql(JAMES, text)
