"""Law enforcement asks to suspend an accounting: it leaves their lines out for a time, and does not say so."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sharing import commands, suspending
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.models import Suspension
from nowrongdoor.sharing.suspending import SuspensionFacts, Way
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing.full import LINE, MARTA, PAULA, SYLVIA, a_suspension
from tests.sharing.test_privacy_desk import words

pytestmark = pytest.mark.usefixtures("db")
DAY_S = 86_400
POLICE, FLOOR = "Tucson Police Department", "911"


@pytest.fixture
def person() -> UUID:
    """The line's record of Andre, of which police and 911 were each told in an emergency."""
    maria, at = an_actor("maria.lopez"), now()
    kept = PersonTyped(given="Andre", family="Whitlock")
    row = identity.keep_person(by=maria, at=at, typed=kept)
    for name in ("james.cole", "anna.miller"):
        by = an_actor(name)
        commands.claim_emergency(
            by=by,
            at=at,
            from_program_id=program_id(LINE),
            person_id=row.pk,
            reason="He has the gun in the car.",
        )
        want = Want(
            "crisis_contact", "imminent_threat", program_id(LINE), by.program_id, person_id=row.pk
        )
        told = commands.disclose(
            want,
            by=by,
            at=at,
            records=lambda _: [commands.Record("visit", row.pk)],
            read=lambda *_: "what he said",
        )
        assert told.allowed, told.verdict
    return UUID(str(row.pk))


def accounting(person: UUID) -> str:
    return words(Desk(PAULA).get(reverse("sharing:accounting", args=[person])))


def officers(person: UUID) -> str:
    return words(Desk(PAULA).get(reverse("calls:person", args=[person])))


def suspends(person: UUID, **typed: str) -> int:
    given = {
        "to_agency_id": str(an_actor(SYLVIA).agency_id),
        "official": "Det. R. Bell",
        "way": "oral",
        "days": "30",
    }
    url = reverse("calls:suspend_accounting", args=[person])
    return int(Desk(PAULA).post(url, given | typed).status_code)


def test_the_accounting_leaves_their_lines_out_and_says_nothing_of_it(person: UUID) -> None:
    before = accounting(person)
    assert (POLICE in before, FLOOR in before) == (True, True)

    assert suspends(person) == 302
    during = accounting(person)

    assert (POLICE in during, FLOOR in during) == (False, True)
    for word in ("uspend", "Bell", "left out", "164.528(a)(2)"):
        assert word not in during, word
    seen = officers(person)
    assert "Suspended in the accounting" in seen
    assert "Det. R. Bell" in seen
    assert POLICE in seen  # the officer reads every line
    with act_as(an_actor(PAULA)):
        row = Suspension.objects.get()
    assert f"{row.until_at:%b}" in seen
    Desk(PAULA).post(reverse("calls:lift_suspension", args=[row.pk]))
    assert POLICE in accounting(person)


def test_it_ends_by_itself_to_the_second() -> None:
    police = UUID(int=1)
    of = SuspensionFacts(police, "", NOON, later(30 * DAY_S))
    out = [
        suspending.leaves_out(of, to_agency_id=police, to_name="", at=later(seconds))
        for seconds in (-1, 0, 30 * DAY_S - 1, 30 * DAY_S)
    ]

    assert out == [False, True, True, False]
    assert not suspending.leaves_out(of, to_agency_id=UUID(int=2), to_name="", at=NOON)
    bureau = SuspensionFacts(None, "F.B.I.", NOON, later(1))
    assert suspending.leaves_out(bureau, to_agency_id=None, to_name="f.b.i.", at=NOON)
    assert not suspending.leaves_out(bureau, to_agency_id=police, to_name="F.B.I.", at=NOON)


def test_what_was_only_said_stands_for_30_days_at_most_and_what_is_written_for_longer(
    person: UUID, admin: psycopg.Connection[tuple[object, ...]]
) -> None:
    with pytest.raises(Refused) as spoken:
        a_suspension(person, days=31)
    a_suspension(person, days=31, way=Way.WRITTEN)

    assert spoken.value.verdict.rule == "suspension.oral"
    with pytest.raises(psycopg.errors.CheckViolation, match="suspension_oral_ends_in_30_days"):
        admin.execute("UPDATE sharing_suspension SET way = 'oral'")


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"to_agency_id": None}, "suspension.requester"),
        ({"to_name": "F.B.I."}, "suspension.requester"),
        ({"to_agency_id": UUID(int=9)}, "code.unknown"),
        ({"until_at": NOON - timedelta(days=1)}, "suspension.over"),
    ],
)
def test_who_asked_is_one_and_the_end_is_to_come(
    person: UUID, typed: dict[str, object], rule: str
) -> None:
    with pytest.raises(Refused) as refused:
        a_suspension(person, **typed)  # type: ignore[arg-type]

    assert refused.value.verdict.rule == rule


def test_it_is_the_keepers_officer_s_to_write_and_to_read(person: UUID) -> None:
    row = a_suspension(person)
    with pytest.raises(Refused) as elsewhere:
        commands.suspend_accounting(
            by=an_actor(MARTA),
            at=NOON,
            person_id=person,
            to_agency_id=an_actor(SYLVIA).agency_id,
            official="Det. R. Bell",
            way=Way.ORAL,
            until_at=later(60),
        )

    assert elsewhere.value.verdict.rule == "suspension.not_ours"
    for name in ("maria.lopez", MARTA, SYLVIA):
        with act_as(an_actor(name)):
            assert not Suspension.objects.exists(), name
    commands.lift_suspension(by=an_actor(PAULA), at=later(60), suspension_id=row.pk)
    with pytest.raises(Refused) as again:
        commands.lift_suspension(by=an_actor(PAULA), at=later(61), suspension_id=row.pk)
    assert again.value.verdict.rule == "suspension.lifted"


@pytest.mark.parametrize(
    "wrong", [{"days": "31"}, {"days": "0"}, {"way": "hint"}, {"official": ""}]
)
def test_what_cannot_be_kept_is_refused_on_the_page(person: UUID, wrong: dict[str, str]) -> None:
    assert suspends(person, **wrong) in (409, 422)
    with act_as(an_actor(PAULA)):
        assert not Suspension.objects.exists()
