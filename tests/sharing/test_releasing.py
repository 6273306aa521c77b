"""What a release must say, who may sign it, and what it is worth when. Tables, and a property of time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from nowrongdoor.sharing import ages, elements, releasing
from nowrongdoor.sharing.elements import ELEMENTS, Kind, ReleaseFacts, Signer
from nowrongdoor.sharing.releasing import State

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 19, tzinfo=UTC)
WHOLE = ReleaseFacts(
    kind=Kind.PART2_NAMED,
    person_name="Andre Whitlock",
    person_born=date(1994, 7, 9),
    told=1,
    data=frozenset({"sud"}),
    items=frozenset({"attendance"}),
    description="If you came, the date, your next step",
    purpose="engagement",
    until_at=NOW + timedelta(days=180),
    signer_name="Andre Whitlock",
    signed=True,
    signed_at=NOW,
    statements=frozenset({"revoke", "refuse", "redisclose"}),
    text_version="2026-12-1",
)
TPO = replace(WHOLE, kind=Kind.PART2_TPO, purpose="treatment payment operations")
CJ = replace(WHOLE, kind=Kind.PART2_CJ, purpose="monitor_condition", condition="CR-2027-001")
HIPAA = replace(WHOLE, kind=Kind.AUTHORIZATION, data=frozenset({"clinical"}))
HMIS = replace(WHOLE, kind=Kind.HMIS, data=frozenset({"homeless"}))
VICTIM = replace(WHOLE, kind=Kind.VICTIM, data=frozenset({"victim"}))
MINOR = date(2011, 3, 2)  # 15 years old for one more day
EVERY = (WHOLE, TPO, CJ, HIPAA, HMIS, VICTIM)
ACTIVE = replace(WHOLE, activated_at=NOW)


@pytest.mark.parametrize("release", EVERY, ids=lambda each: each.kind.value)
def test_a_whole_release_of_each_kind_may_begin(release: ReleaseFacts) -> None:
    assert elements.missing(release, TODAY) == ()
    assert releasing.may_activate(release, TODAY).rule == "release.whole"


LACKS = (
    (replace(WHOLE, person_name=""), "person", "42 CFR 2.31(a)(1)"),
    (replace(HIPAA, person_name=""), "person", "45 CFR 164.508(c)(1)"),
    (replace(WHOLE, description=""), "description", "42 CFR 2.31(a)(3)"),
    (replace(WHOLE, items=frozenset()), "description", "42 CFR 2.31(a)(3)"),
    (replace(HIPAA, data=frozenset()), "description", "45 CFR 164.508(c)(1)(i)"),
    (replace(WHOLE, data=frozenset({"clinical"})), "kind", "42 CFR 2.31(a)(3)"),
    (replace(HIPAA, data=frozenset({"sud"})), "kind", "45 CFR 164.508(c)(1)(i)"),
    (replace(TPO, data=frozenset({"sud_notes"})), "kind", "42 CFR 2.31(a)(3)"),
    (replace(WHOLE, data=frozenset({"sud", "sud_notes"})), "notes", "42 CFR 2.31(b)"),
    (replace(HIPAA, data=frozenset({"clinical", "sud_notes"})), "notes", "45 CFR 164.508(b)(3)(ii)"),
    (replace(WHOLE, teller=False), "teller", "42 CFR 2.31(a)(2)"),
    (replace(HIPAA, teller=False), "teller", "45 CFR 164.508(c)(1)(ii)"),
    (replace(WHOLE, told=0), "told", "42 CFR 2.31(a)(4)"),
    (replace(HIPAA, told=0), "told", "45 CFR 164.508(c)(1)(iii)"),
    (replace(WHOLE, purpose=""), "purpose", "42 CFR 2.31(a)(5)"),
    (replace(HIPAA, purpose=""), "purpose", "45 CFR 164.508(c)(1)(iv)"),
    (replace(TPO, purpose="treatment engagement"), "purpose", "42 CFR 2.31(a)(5)"),
    (replace(CJ, purpose="engagement"), "purpose", "42 CFR 2.31(a)(5)"),
    (replace(WHOLE, purpose="legal_proceeding engagement"), "proceeding", "42 CFR 2.31(d)"),
    (replace(CJ, condition=""), "condition", "42 CFR 2.35"),
    (replace(WHOLE, until_at=None), "end", "42 CFR 2.31(a)(7)"),
    (replace(WHOLE, until_at=None, no_end=True), "end", "42 CFR 2.31(a)(7)"),
    (replace(HIPAA, until_at=None, no_end=True), "end", "45 CFR 164.508(c)(1)(v)"),
    (replace(HIPAA, until_at=None, grown_at=NOW), "end", "45 CFR 164.508(c)(1)(v)"),
    (replace(VICTIM, until_at=None, until_event="I move"), "end", "34 U.S.C. 12291(b)(2)"),
    (replace(HMIS, until_at=None), "end", "HUD HMIS notice 2004"),
    (replace(WHOLE, person_born=None), "signer", "42 CFR 2.14 and 2.15"),
    (replace(HIPAA, person_born=MINOR), "signer", "45 CFR 164.508(c)(1)(vi)"),
    (replace(HIPAA, person_born=None, signer=Signer.GUARDIAN, signer_basis="mother"), "signer", "45 CFR 164.508(c)(1)(vi)"),
    (replace(WHOLE, text_version=""), "text", "42 CFR 2.31(a)"),
    (replace(HIPAA, text_version=""), "text", "45 CFR 164.508(c)(3)"),
    (replace(WHOLE, statements=frozenset()), "revoke", "42 CFR 2.31(a)(6)"),
    (replace(HIPAA, statements=frozenset({"refuse", "redisclose"})), "revoke", "45 CFR 164.508(c)(2)(i)"),
    (replace(TPO, statements=frozenset({"revoke", "redisclose"})), "refuse", "42 CFR 2.31(a)(10)(ii)"),
    (replace(HIPAA, statements=frozenset({"revoke", "redisclose"})), "refuse", "45 CFR 164.508(c)(2)(ii)"),
    (replace(TPO, statements=frozenset({"revoke", "refuse"})), "redisclose", "42 CFR 2.31(a)(10)(i)"),
    (replace(HIPAA, statements=frozenset({"revoke", "refuse"})), "redisclose", "45 CFR 164.508(c)(2)(iii)"),
    (replace(WHOLE, signed=False), "signature", "42 CFR 2.31(a)(8)"),
    (replace(WHOLE, signer_name=""), "signature", "42 CFR 2.31(a)(8)"),
    (replace(HIPAA, signed=False), "signature", "45 CFR 164.508(c)(1)(vi)"),
    (replace(WHOLE, signed_at=None), "signed_at", "42 CFR 2.31(a)(9)"),
)  # fmt: skip


@pytest.mark.parametrize(("release", "element", "regulation"), LACKS)
def test_each_element_that_is_missing_is_named_with_its_regulation(
    release: ReleaseFacts, element: str, regulation: str
) -> None:
    [lacks] = elements.missing(release, TODAY)
    verdict = releasing.may_activate(release, TODAY)

    assert (lacks.element, lacks.regulation) == (element, regulation)
    assert verdict.rule == f"release.lacks_{element}"
    assert regulation in verdict.because or (element == "signer" and release.person_born)


def test_every_element_is_missing_in_a_row_of_the_table() -> None:
    assert {each.code for each in ELEMENTS} == {element for _release, element, _ in LACKS}


def test_all_that_is_missing_is_listed_and_the_first_is_the_refusal() -> None:
    empty = ReleaseFacts(kind=Kind.PART2_TPO)

    found = [each.element for each in elements.missing(empty, TODAY)]

    assert found == [
        *("person", "description", "told", "purpose", "end", "signer"),
        *("text", "revoke", "refuse", "redisclose", "signature", "signed_at"),
    ]
    assert releasing.may_activate(empty, TODAY).rule == "release.lacks_person"
    unready = [each.element for each in elements.unready(empty, TODAY)]
    assert unready == ["person", "description", "told", "purpose", "end", "signer"]


def test_consent_for_treatment_may_have_no_end_and_others_may_end_by_an_event() -> None:
    assert elements.missing(replace(TPO, until_at=None, no_end=True), TODAY) == ()
    assert elements.missing(replace(HIPAA, until_at=None, until_event="I leave care"), TODAY) == ()


SIGNERS = (
    (replace(WHOLE, person_born=date(2009, 3, 1)), "signer.person"),  # 18 today
    (replace(WHOLE, person_born=date(2009, 3, 2)), "signer.minor"),
    (replace(WHOLE, person_born=None), "signer.age_unknown"),
    (replace(WHOLE, signer=Signer.MINOR), "signer.adult"),
    (replace(WHOLE, signer=Signer.MINOR, person_born=None), "signer.minor_unborn"),
    (replace(WHOLE, signer=Signer.MINOR, person_born=MINOR), "signer.no_law"),
    (replace(WHOLE, signer=Signer.MINOR, person_born=MINOR, signer_basis="A.R.S. 44-133.01"), "signer.minor_alone"),
    (replace(HIPAA, signer=Signer.GUARDIAN), "signer.grown"),
    (replace(HIPAA, signer=Signer.GUARDIAN, person_born=MINOR), "signer.no_basis"),
    (replace(HIPAA, signer=Signer.GUARDIAN, person_born=MINOR, signer_basis="mother"), "signer.for_another"),
    (replace(HIPAA, signer=Signer.GUARDIAN, person_born=None, signer_basis="mother"), "signer.ward_unborn"),
    (replace(VICTIM, signer=Signer.GUARDIAN, person_born=None, signer_basis="father"), "signer.victim"),
    (replace(HIPAA, signer=Signer.REPRESENTATIVE, person_born=None, signer_basis="power of attorney"), "signer.charge_unborn"),
    (replace(WHOLE, signer=Signer.REPRESENTATIVE, person_born=None, signer_basis="power of attorney"), "signer.charge_unborn"),
    (replace(HIPAA, signer=Signer.REPRESENTATIVE, person_born=MINOR, signer_basis="power of attorney"), "signer.charge_minor"),
    (replace(HIPAA, signer=Signer.REPRESENTATIVE, person_born=date(2009, 3, 1), signer_basis="power of attorney"), "signer.for_another"),
    (replace(WHOLE, signer=Signer.GUARDIAN, person_born=MINOR, signer_basis="mother"), "signer.both"),
    (replace(WHOLE, signer=Signer.GUARDIAN, person_born=MINOR, signer_basis="mother", minor_signed=True), "signer.for_another"),
    (replace(WHOLE, signer=Signer.REPRESENTATIVE), "signer.no_basis"),
    (replace(WHOLE, signer=Signer.REPRESENTATIVE, signer_basis="power of attorney", signer_name=""), "signer.no_basis"),
    (replace(WHOLE, signer=Signer.REPRESENTATIVE, signer_basis="power of attorney"), "signer.for_another"),
    (replace(VICTIM, signer=Signer.GUARDIAN, person_born=MINOR, signer_basis="father"), "signer.victim"),
    (replace(VICTIM, signer=Signer.REPRESENTATIVE, signer_basis="power of attorney"), "signer.victim"),
)  # fmt: skip


@pytest.mark.parametrize(("release", "rule"), SIGNERS)
def test_who_may_sign_for_whom(release: ReleaseFacts, rule: str) -> None:
    verdict = elements.may_sign(release, TODAY)

    assert verdict.rule == rule
    assert ("birth date" in verdict.because) is verdict.rule.endswith(("unborn", "unknown"))


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2009, 3, 1), date(2027, 2, 28), 17),
        (date(2009, 3, 1), date(2027, 3, 1), 18),
    ],
)
def test_the_age_is_computed(born: date, on: date, years: int) -> None:
    assert ages.age(born, on) == years


@given(any_of.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_of_age_is_the_first_day_of_the_eighteenth_birthday(born: date) -> None:
    day = releasing.of_age_on(born)

    assert ages.age(born, day) == ages.OF_AGE
    assert ages.age(born, day - timedelta(days=1)) == ages.OF_AGE - 1


STATES = (
    (WHOLE, 0, State.DRAFT),
    (replace(WHOLE, refused_at=NOW), 0, State.REFUSED),
    (ACTIVE, -1, State.DRAFT),
    (ACTIVE, 0, State.ACTIVE),
    (ACTIVE, 150 * 86400 - 1, State.ACTIVE),
    (ACTIVE, 150 * 86400, State.EXPIRING),
    (ACTIVE, 180 * 86400 - 1, State.EXPIRING),
    (ACTIVE, 180 * 86400, State.EXPIRED),
    (replace(ACTIVE, until_at=NOW + timedelta(30)), 24 * 86400 - 1, State.ACTIVE),
    (replace(ACTIVE, until_at=NOW + timedelta(30)), 24 * 86400, State.EXPIRING),
    (replace(ACTIVE, revoked_at=NOW + timedelta(60)), 60 * 86400 - 1, State.ACTIVE),
    (replace(ACTIVE, revoked_at=NOW + timedelta(60)), 60 * 86400, State.REVOKED),
    (replace(ACTIVE, until_at=None, no_end=True), 10 * 366 * 86400, State.ACTIVE),
    (replace(ACTIVE, grown_at=NOW + timedelta(60)), 30 * 86400 - 1, State.ACTIVE),
    (replace(ACTIVE, grown_at=NOW + timedelta(60)), 60 * 86400 - 1, State.EXPIRING),
    (replace(ACTIVE, grown_at=NOW + timedelta(60)), 60 * 86400, State.EXPIRED),
    (replace(ACTIVE, grown_at=NOW + timedelta(600)), 180 * 86400, State.EXPIRED),
    (replace(ACTIVE, until_at=None, no_end=True, grown_at=NOW), 0, State.EXPIRED),
)


@pytest.mark.parametrize(("release", "seconds", "state"), STATES)
def test_what_a_release_is_worth_is_computed_at_the_time(
    release: ReleaseFacts, seconds: int, state: State
) -> None:
    assert releasing.state(release, NOW + timedelta(seconds=seconds)) is state


times = any_of.datetimes(datetime(2027, 1, 1), datetime(2029, 1, 1), timezones=any_of.just(UTC))
maybe = any_of.none() | times


@given(maybe, maybe, maybe, maybe, times, times)
def test_what_has_ended_never_opens_again(
    activated: datetime | None,
    until: datetime | None,
    revoked: datetime | None,
    refused: datetime | None,
    one: datetime,
    other: datetime,
) -> None:
    release = replace(
        WHOLE, activated_at=activated, until_at=until, revoked_at=revoked, refused_at=refused
    )
    earlier, later = sorted((one, other))
    ended = (State.EXPIRED, State.REVOKED, State.REFUSED)

    if releasing.opens(release, later):
        assert activated is not None
        assert activated <= later
        assert refused is None
        assert until is None or later < until
        assert revoked is None or later < revoked
    if releasing.state(release, earlier) in ended:
        assert not releasing.opens(release, later)


REVOKING = (
    (ACTIVE, False, "release.may_revoke"),
    (WHOLE, False, "release.never_signed"),
    (replace(WHOLE, refused_at=NOW), False, "release.never_signed"),
    (replace(ACTIVE, revoked_at=NOW), False, "release.over"),
    (replace(ACTIVE, until_at=NOW), False, "release.over"),
    (replace(CJ, activated_at=NOW), False, "release.tied"),
    (replace(CJ, activated_at=NOW), True, "release.may_revoke"),
)


@pytest.mark.parametrize(("release", "condition_ended", "rule"), REVOKING)
def test_any_release_is_stopped_at_once_but_one_that_a_condition_needs(
    release: ReleaseFacts, condition_ended: bool, rule: str
) -> None:
    verdict = releasing.may_revoke(release, condition_ended=condition_ended, at=NOW)

    assert verdict.rule == rule
    assert rule != "release.tied" or "CR-2027-001" in verdict.because


def test_a_no_is_final_and_a_signed_release_stands() -> None:
    assert releasing.may_change(WHOLE).rule == "release.draft"
    assert releasing.may_change(replace(WHOLE, refused_at=NOW)).rule == "release.refused"
    assert releasing.may_activate(ACTIVE, TODAY).rule == "release.signed"
    assert releasing.may_copy(WHOLE).rule == "copy.unsigned"
    assert releasing.may_copy(replace(ACTIVE, revoked_at=NOW)).rule == "copy.signed"


SUBJECTS = (
    (ACTIVE, {"took_it": False, "known": False}, "subject.may_say"),
    (ACTIVE, {"took_it": True, "known": False}, "subject.own"),
    (ACTIVE, {"took_it": False, "known": True}, "subject.known"),
    (replace(ACTIVE, revoked_at=NOW), {"took_it": False, "known": False}, "subject.over"),
)


@pytest.mark.parametrize(("release", "facts", "rule"), SUBJECTS)
def test_whose_record_a_release_means_is_said_where_it_was_not_taken(
    release: ReleaseFacts, facts: dict[str, bool], rule: str
) -> None:
    assert releasing.may_say_subject(release, at=NOW, **facts).rule == rule
