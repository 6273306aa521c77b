"""Agreements in versions: what opens, and from and until which second; and the rows that are signed off."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import agreeing, commands, privacy_queries, queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands.agreements import RENEWAL
from nowrongdoor.sharing.models import Agreement
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing.full import MARTA, PAULA, SYLVIA, a_sign_off, an_agreement

DAY = timedelta(days=1)


def opens(at: datetime = NOON, *, of: str = "crc/adult", to: str = "tpd/mhst") -> str:
    """The row by which the center's word on how a person is placed is open, or none."""
    want = Want("clinical", "close_loop", program_id(of), program_id(to))
    with act_as(an_actor(SYLVIA)):
        return queries.decide(want, at=at).row


def state(row: Agreement, at: datetime = NOON) -> str:
    [found] = [
        each for each in privacy_queries.agreements(an_actor(MARTA), at=at) if each.id == row.pk
    ]
    return found.state


def refusal_of(act: object) -> str:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    return refused.value.verdict.rule


@pytest.mark.parametrize(
    ("agencies", "agreed", "rule"),
    [
        ((1, 2), (), "agreement.party"),
        ((1, 2), (2,), "agreement.party"),
        ((1, 2), (1,), "agreement.agreed"),
        ((2,), (), "agreement.not_yours"),
    ],
)
def test_who_may_agree(agencies: tuple[int, ...], agreed: tuple[int, ...], rule: str) -> None:
    by = Actor("a", agency_id=UUID(int=1), program_id=UUID(int=9), role="privacy_officer")
    of = {"agencies": [UUID(int=n) for n in agencies], "agreed": [UUID(int=n) for n in agreed]}

    assert agreeing.may_agree(by, **of).rule == rule


@pytest.mark.parametrize(
    ("days", "at", "due"),
    [
        ((90, 30), 0, 10),
        ((90, 30), 10, 70),  # at the very second it is past
        ((90, 30), 70, None),
        ((), 0, None),
    ],
)
def test_the_next_reminder(days: tuple[int, ...], at: int, due: int | None) -> None:
    ends = NOON + 100 * DAY

    found = agreeing.next_reminder(ends, days, at=NOON + at * DAY)

    assert found == (None if due is None else NOON + due * DAY)
    assert agreeing.next_reminder(None, days, at=NOON) is None


@pytest.mark.usefixtures("db")
def test_it_opens_nothing_before_every_telling_agency_agreed() -> None:
    """Written by whoever is told: the police agree with themselves, and the center has to."""
    sylvia = an_actor(SYLVIA)
    row = an_agreement(sylvia)
    assert (opens(later(1)), state(row)) == ("none", "waits")
    assert refusal_of(
        lambda: commands.agree_agreement(by=sylvia, at=NOON, agreement_id=row.pk)
    ) == ("agreement.agreed")
    assert refusal_of(
        lambda: commands.agree_agreement(by=an_actor(PAULA), at=NOON, agreement_id=row.pk)
    ) == ("row.missing")  # another agency's is not there

    commands.agree_agreement(by=an_actor(MARTA), at=later(2), agreement_id=row.pk)

    assert (opens(later(2)), state(row)) == ("A09", "in_force")
    assert opens(later(2), to="tpd/patrol") == "none"


@pytest.mark.usefixtures("db")
def test_ended_now_it_opens_nothing_from_that_second() -> None:
    row = an_agreement()
    assert opens(later(59)) == "A09"

    commands.end_agreement(by=an_actor(SYLVIA), at=later(60), agreement_id=row.pk)

    assert [opens(later(s)) for s in (59, 60, 61)] == ["A09", "none", "none"]
    assert state(row, later(61)) == "ended"
    assert refusal_of(
        lambda: commands.end_agreement(by=an_actor(MARTA), at=later(70), agreement_id=row.pk)
    ) == ("agreement.over")


@pytest.mark.usefixtures("db")
def test_it_opens_nothing_before_it_begins_and_from_the_second_it_is_over() -> None:
    row = an_agreement(from_at=later(10), until_at=later(20))

    assert [opens(later(s)) for s in (9, 10, 19, 20)] == ["none", "A09", "A09", "none"]
    assert [state(row, later(s)) for s in (9, 10, 20)] == ["later", "soon", "expired"]


@pytest.mark.usefixtures("db")
def test_the_next_version_takes_its_place_once_it_is_agreed_and_both_are_kept() -> None:
    marta, sylvia = an_actor(MARTA), an_actor(SYLVIA)
    first = an_agreement(marta, code="MOU-90")
    wish = {"code": "MOU-90", "purposes": ("serve_order",)}
    second = commands.make_agreement(
        by=sylvia, at=later(1), wish=wish_of(first, **wish), replaces_id=first.pk
    )

    assert (second.version, second.replaces_id) == (2, first.pk)
    assert opens(later(2)) == "A09"  # the center has not agreed: the first one stands
    commands.agree_agreement(by=marta, at=later(3), agreement_id=second.pk)
    assert opens(later(3)) == "none"
    with act_as(marta):
        assert Agreement.objects.filter(code="MOU-90").count() == 2
    with pytest.raises(BadInput) as third:
        commands.make_agreement(
            by=marta, at=later(4), wish=wish_of(first, code="MOU-90"), replaces_id=first.pk
        )
    with pytest.raises(BadInput) as again:
        an_agreement(marta, code="MOU-90")
    assert [each.value.field for each in (third, again)] == ["code", "code"]


def wish_of(row: Agreement, **typed: object) -> agreeing.AgreementWish:
    given = {
        "code": row.code,
        "title": row.title,
        "tells": tuple(row.tells),
        "told": tuple(row.told),
        "data": tuple(row.data),
        "purposes": tuple(row.purposes),
        "legal_basis": row.legal_basis,
        "from_at": row.from_at,
    }
    return agreeing.AgreementWish(**(given | typed))  # type: ignore[arg-type]


@pytest.mark.usefixtures("db")
def test_somebody_is_reminded_of_each_day_that_was_said_and_of_none_after_it_ended() -> None:
    marta = an_actor(MARTA)
    row = an_agreement(until_at=NOON + 100 * DAY)

    def due() -> list[datetime]:
        with act_as(marta):
            waits = Deadline.objects.filter(kind=RENEWAL, fired_at=None, cancelled_at=None)
            return list(waits.values_list("due_at", flat=True))

    assert due() == [NOON + 10 * DAY]
    commands.end_agreement(by=marta, at=later(60), agreement_id=row.pk)
    assert due() == []


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("field", [*agreeing.NEEDED, "until_at"])
def test_what_an_agreement_cannot_leave_open_is_refused_at_its_field(field: str) -> None:
    empty = {"until_at": NOON} if field == "until_at" else {field: ""}

    with pytest.raises(BadInput) as refused:
        an_agreement(**empty)

    assert refused.value.field == field


@pytest.mark.usefixtures("db")
def test_a_row_that_is_signed_off_for_another_text_opens_nothing_more() -> None:
    """The demo's file signs every row that waits; what a person signed of an older text counts for nothing."""
    marta = an_actor(MARTA)
    row = a_sign_off("A09", marta)

    assert refusal_of(lambda: commands.sign_off_row(by=marta, at=NOON, row="A09")) == (
        "signoff.decides"
    )
    with pytest.raises(BadInput):
        commands.sign_off_row(by=marta, at=NOON, row="Z99")
    commands.withdraw_sign_off(by=marta, at=later(1), signoff_id=row.pk)
    withdrawn = commands.withdraw_sign_off(by=marta, at=later(9), signoff_id=row.pk)
    assert withdrawn.withdrawn_at == later(1)
    assert privacy_queries.sign_offs(marta) == ()


@pytest.mark.usefixtures("db")
def test_the_database_refuses_what_nobody_but_an_officer_may_do() -> None:
    row = an_agreement()
    with act_as(an_actor("emily.grant")):
        assert Agreement.objects.filter(pk=row.pk).update(ended_at=later(1)) == 0
    refused = pytest.raises(IntegrityError, match="agreement_says_who_what_why")
    with refused, act_as(an_actor(MARTA)):
        Agreement.objects.create(
            id=new_id(NOON), code="x", tells=[], told=[], agencies=row.agencies, data=[], purposes=[],
            legal_basis="", from_at=NOON, made_at=NOON, program_id=row.program_id, member_id=row.member_id,
        )  # fmt: skip
