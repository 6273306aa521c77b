"""Releases on the database: signing, saying no, stopping, whose record it means, and the copy."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused
from nowrongdoor.sharing import commands, release_queries, releasing, signing
from nowrongdoor.sharing.elements import Kind, Signer
from nowrongdoor.sharing.models import Release, Subject
from nowrongdoor.sharing.plans import PLANS, Plan
from nowrongdoor.sharing.release_said import digest, facts_of
from nowrongdoor.sharing.release_wishes import How, Language, Way
from nowrongdoor.sharing.release_words import NEWEST
from nowrongdoor.sharing.releasing import State
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing.full import PERSON, STROKES, TOLD, a_draft, a_release, a_wish

pytestmark = pytest.mark.usefixtures("db")
YEAR_S = 365 * 86400


def state(username: str, row: Release, seconds: float = 0) -> State | None:
    """What a release is worth as somebody reads it; None to whoever may not know of it."""
    try:
        return release_queries.release(an_actor(username), row.pk, at=later(seconds)).row.state
    except NotFound:
        return None


def test_signing_activates_it_and_those_who_are_told_see_it() -> None:
    row = a_draft()
    assert [state(each, row) for each in ("martha.gibbs", "monica.cruz")] == [State.DRAFT, None]

    signed = commands.sign_release(
        by=an_actor("martha.gibbs"), at=NOON, release_id=row.pk, read=digest(row), drawn=STROKES
    )

    assert (signed.activated_at, signed.signature_kind) == (NOON, "drawn")
    assert signing.read(signed.signature).drawn == STROKES
    assert (signed.text_version, signed.language) == (NEWEST, "en")
    assert signed.signer_name == "Andre Whitlock"
    assert state("martha.gibbs", row) is State.ACTIVE
    assert state("monica.cruz", row) is State.ACTIVE
    assert state("james.cole", row) is None  # patrol of the same police department
    assert state("martha.gibbs", row, YEAR_S) is State.EXPIRED


def test_what_was_read_is_kept_in_the_language_in_which_it_was_read() -> None:
    row = a_draft()

    signed = commands.sign_release(
        by=an_actor("martha.gibbs"),
        at=NOON,
        release_id=row.pk,
        read=digest(row, "es"),
        typed="Andre Whitlock",
        language=Language.ES,
    )

    assert (signed.signature_kind, signed.language) == ("typed", "es")
    assert signed.description == "Si usted fue; La fecha; Su próximo paso"
    assert signed.statements == ["revoke", "refuse"]


@pytest.mark.parametrize("plan", Plan)
def test_each_plan_can_be_signed(plan: Plan) -> None:
    row = a_release(plan=plan, condition="CR-2027-001")

    assert row.kind == PLANS[plan].kind.value
    assert state("martha.gibbs", row) in (State.ACTIVE, State.EXPIRING)


def test_nothing_opens_without_every_element_and_the_refusal_names_the_first() -> None:
    by = an_actor("martha.gibbs")
    row = a_draft(told_program_id=None)

    with pytest.raises(Refused) as refused:
        commands.sign_release(by=by, at=NOON, release_id=row.pk, read=digest(row), drawn=STROKES)

    assert refused.value.verdict.rule == "release.lacks_told"
    assert "42 CFR 2.31(a)(4)" in refused.value.verdict.because
    assert state("martha.gibbs", row) is State.DRAFT
    view = release_queries.release(by, row.pk, at=NOON)
    assert [each.element for each in view.missing] == ["told"]


BROKEN = (
    "person_name = ''",
    "told = '{}'",
    "data = '{}'",
    "items = '{}'",
    "description = ''",
    "purpose = ''",
    "until_at = NULL",
    "until_at = NULL, no_end = true",
    "signer_name = ''",
    "signature = ''",
    "signed_at = NULL",
    "statements = '{}'",
    "text_version = ''",
)


@pytest.mark.parametrize("lacks", BROKEN)
def test_the_database_refuses_what_the_rule_refuses(lacks: str) -> None:
    by, row = an_actor("martha.gibbs"), a_draft()
    whole = (
        "UPDATE sharing_release SET signer_name = 'A', signature = '{\"typed\": \"A\"}', "
        "signed_at = now(), statements = '{revoke}', text_version = '2026-12-1'"
    )

    with act_as(by), connection.cursor() as cursor:
        cursor.execute(f"{whole} WHERE id = %s", [row.pk])
        cursor.execute(f"UPDATE sharing_release SET {lacks} WHERE id = %s", [row.pk])
        facts = facts_of(Release.objects.get(pk=row.pk))
        activate = "UPDATE sharing_release SET activated_at = now() WHERE id = %s"
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(activate, [row.pk])

    assert not releasing.may_activate(facts, NOON.date()).allowed


def test_a_no_is_kept_and_seen_nowhere_else() -> None:
    by, row = an_actor("martha.gibbs"), a_draft()

    commands.refuse_release(by=by, at=NOON, release_id=row.pk)

    assert [state(each, row) for each in ("martha.gibbs", "monica.cruz")] == [State.REFUSED, None]
    for act in (
        lambda: commands.sign_release(
            by=by, at=NOON, release_id=row.pk, read=digest(row), drawn=STROKES
        ),
        lambda: commands.refuse_release(by=by, at=NOON, release_id=row.pk),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.verdict.rule == "release.refused"


@pytest.mark.parametrize("username", ["martha.gibbs", "monica.cruz"])
def test_it_is_stopped_at_any_door_that_knows_of_it_and_only_once(username: str) -> None:
    row = a_release()

    commands.revoke_release(by=an_actor(username), at=later(60), release_id=row.pk, how=How.PHONE)

    assert state("martha.gibbs", row, 59) is State.ACTIVE
    assert state("monica.cruz", row, 60) is State.REVOKED
    with pytest.raises(Refused) as refused:
        commands.revoke_release(
            by=an_actor(username), at=later(61), release_id=row.pk, how=How.HERE
        )
    assert refused.value.verdict.rule == "release.over"


def test_who_does_not_know_of_it_cannot_stop_it() -> None:
    row = a_release()

    with pytest.raises(NotFound):
        commands.revoke_release(by=an_actor("james.cole"), at=NOON, release_id=row.pk, how=How.HERE)


def test_consent_that_a_condition_needs_stands_until_that_has_ended() -> None:
    by = an_actor("martha.gibbs")
    row = a_release(plan=Plan.CONDITION, condition="CR-2027-001")

    with pytest.raises(Refused) as refused:
        commands.revoke_release(by=by, at=NOON, release_id=row.pk, how=How.HERE)
    assert refused.value.verdict.rule == "release.tied"
    assert "CR-2027-001" in refused.value.verdict.because

    commands.revoke_release(by=by, at=NOON, release_id=row.pk, how=How.HERE, condition_ended=True)
    assert state("martha.gibbs", row) is State.REVOKED


def test_another_release_or_paper_leaves_each_as_it_was() -> None:
    first = a_release()
    with act_as(an_actor("martha.gibbs")):
        before = list(Release.objects.filter(pk=first.pk).values())

    a_release()
    second = a_draft()
    commands.refuse_release(by=an_actor("martha.gibbs"), at=NOON, release_id=second.pk)
    commands.revoke_release(
        by=an_actor("martha.gibbs"), at=NOON, release_id=a_release().pk, how=How.HERE
    )

    with act_as(an_actor("martha.gibbs")):
        assert list(Release.objects.filter(pk=first.pk).values()) == before
    assert state("monica.cruz", first) is State.ACTIVE


def test_a_minor_and_a_guardian_both_sign_for_substance_use_records() -> None:
    by = an_actor("martha.gibbs")
    row = a_draft(
        born="2012-05-05",
        signer=Signer.GUARDIAN,
        signer_name="Rosa Whitlock",
        signer_basis="mother",
    )

    with pytest.raises(Refused) as refused:
        commands.sign_release(by=by, at=NOON, release_id=row.pk, read=digest(row), drawn=STROKES)
    assert refused.value.verdict.rule == "release.lacks_signer"
    signed = commands.sign_release(
        by=by, at=NOON, release_id=row.pk, read=digest(row), drawn=STROKES, minor="Andre Whitlock"
    )

    assert signed.signer_name == "Rosa Whitlock"
    assert signing.read(signed.signature).minor == "Andre Whitlock"


def test_a_draft_is_changed_where_it_is_taken_and_not_after_it_is_signed() -> None:
    by, row = an_actor("martha.gibbs"), a_draft()
    wish = a_wish(Plan.TREATMENT, born="1994-07-10")

    changed = commands.change_release(by=by, at=NOON, release_id=row.pk, wish=wish)

    assert (changed.kind, changed.no_end) == (Kind.PART2_TPO.value, True)
    assert str(changed.person_born) == "1994-07-10"
    commands.sign_release(by=by, at=NOON, release_id=row.pk, read=digest(changed), drawn=STROKES)
    with pytest.raises(Refused) as refused:
        commands.change_release(by=by, at=NOON, release_id=row.pk, wish=wish)
    assert refused.value.verdict.rule == "release.signed"


def test_what_cannot_be_kept_is_refused_beside_its_field() -> None:
    with pytest.raises(BadInput) as born:
        a_draft(born="July 9")
    with pytest.raises(Refused) as same:
        a_draft(teller_id=program_id(TOLD))
    with pytest.raises(BadInput) as program:
        a_draft(told_program_id=PERSON)
    with pytest.raises(BadInput) as words:
        commands.sign_release(
            by=an_actor("martha.gibbs"), at=NOON, release_id=PERSON, read="a", text_version="1"
        )
    with pytest.raises(BadInput) as strokes:
        commands.sign_release(
            by=an_actor("martha.gibbs"), at=NOON, release_id=PERSON, read="a", drawn=(((1, 1),),)
        )
    with pytest.raises(BadInput) as unread:
        commands.sign_release(by=an_actor("martha.gibbs"), at=NOON, release_id=PERSON, read="")

    rules = [each.value.verdict.rule for each in (born, same, program, words, strokes, unread)]
    assert rules == [
        *("date.unreadable", "release.same", "code.unknown", "text.unknown"),
        *("signature.unreadable", "field.needed"),
    ]


@pytest.mark.parametrize(
    ("born", "rule"),
    [
        ("2027-03-01", None),  # NOON
        ("2027-03-02", "date.future"),  # it is that day in Greenwich, and not here
        ("2999-01-01", "date.future"),
        ("1907-03-01", None),
        ("1907-02-28", "date.old"),
        ("0001-01-01", "date.old"),
        ("1994-02-30", "date.unreadable"),
    ],
)
def test_a_birth_date_is_a_day_on_which_somebody_alive_was_born(
    born: str, rule: str | None
) -> None:
    at = NOON + timedelta(hours=8)  # evening in Tucson
    if rule is None:
        assert str(a_draft(at=at, born=born).person_born) == born
        return
    with pytest.raises(BadInput) as refused:
        a_draft(at=at, born=born)
    assert (refused.value.field, refused.value.verdict.rule) == ("born", rule)


def test_a_draft_taken_before_a_birth_takes_its_day() -> None:
    """A day is measured by the day on which it is typed, not by that of the first draft."""
    row, by = a_draft(), an_actor("martha.gibbs")

    changed = commands.change_release(
        by=by, at=later(2 * 86400), release_id=row.pk, wish=a_wish(born="2027-03-03")
    )

    assert str(changed.person_born) == "2027-03-03"


def test_whose_record_it_means_is_said_by_name_elsewhere_and_can_be_taken_back() -> None:
    monica, row = an_actor("monica.cruz"), a_release()

    first = commands.say_subject(by=monica, at=NOON, release_id=row.pk, person_id=PERSON)
    with pytest.raises(Refused) as again:
        commands.say_subject(by=monica, at=NOON, release_id=row.pk, person_id=PERSON)
    with pytest.raises(NotFound):
        commands.undo_subject(by=an_actor("martha.gibbs"), at=NOON, subject_id=first.pk)
    commands.undo_subject(by=monica, at=later(1), subject_id=first.pk)
    second = commands.say_subject(by=monica, at=later(2), release_id=row.pk, person_id=PERSON)

    assert again.value.verdict.rule == "subject.known"
    with act_as(monica):
        assert list(Subject.objects.filter(undone_at=None)) == [second]
    with pytest.raises(Refused) as own:
        commands.say_subject(
            by=an_actor("martha.gibbs"), at=NOON, release_id=row.pk, person_id=PERSON
        )
    assert own.value.verdict.rule == "subject.own"


def test_a_copy_is_given_of_what_is_signed_by_who_took_it() -> None:
    by, draft, row = an_actor("martha.gibbs"), a_draft(), a_release()

    with pytest.raises(Refused) as unsigned:
        commands.give_copy(by=by, at=NOON, release_id=draft.pk, how=Way.PDF, sha256="a")
    with pytest.raises(NotPermitted):
        commands.give_copy(
            by=an_actor("monica.cruz"), at=NOON, release_id=row.pk, how=Way.PDF, sha256="a"
        )
    given = commands.give_copy(by=by, at=NOON, release_id=row.pk, how=Way.PRINT, sha256="b" * 64)

    assert unsigned.value.verdict.rule == "copy.unsigned"
    assert (given.copy_given, given.copy_sha256) == ("print", "b" * 64)


def test_a_privacy_officer_reads_those_of_their_agency_and_does_nothing_with_them() -> None:
    sylvia, helen, row = (
        an_actor("sylvia.trujillo"),
        an_actor("helen.marsh"),
        a_release(an_actor("monica.cruz")),
    )

    listed, more = release_queries.releases(sylvia, at=NOON)

    assert ([each.id for each in listed], more) == ([row.pk], False)
    assert release_queries.release(sylvia, row.pk, at=NOON).may == ()
    assert release_queries.releases(helen, at=NOON) == ((), False)


def test_a_list_ends_and_says_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_queries, "MOST", 1)
    a_release()
    latest = a_release(at=NOON + timedelta(seconds=1))

    listed, more = release_queries.releases(an_actor("martha.gibbs"), at=NOON)

    assert ([each.id for each in listed], more) == ([latest.pk], True)
