"""Attacks on the newest parts of the gate: suspended accountings, the recipient's copy, the age of who is asked about."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks import person_told
from nowrongdoor.identity import commands as identity
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sharing import commands, queries, suspending
from nowrongdoor.sharing.bases import AgreementFacts
from nowrongdoor.sharing.models import Suspension
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.release_wishes import How
from nowrongdoor.sharing.suspending import SuspensionFacts
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.test_carried import EMILY, MARTHA, consent, theirs
from tests.desks.test_person_page import SEATS, records
from tests.makers import NOON, an_actor, later
from tests.sharing.full import PAULA, a_suspension
from tests.sharing.test_suspensions import person, suspends

__all__ = ["person", "records", "theirs"]  # fixtures
pytestmark = pytest.mark.usefixtures("db")
LONG = "Federal Bureau of Investigation, Phoenix Field Office, 21711 North 7th Street, Phoenix, Arizona 85024, Task Force 4, Desk 12 B, United States"


# ------------------------------------------------------------------ suspended accountings
def test_an_agency_s_own_lines_are_not_suspended(person: UUID) -> None:
    """The page offers the others alone; what is posted by hand is refused as well."""
    own = an_actor(PAULA).agency_id

    with pytest.raises(Refused) as refused:
        a_suspension(person, to_agency_id=own)

    assert refused.value.verdict.rule == "code.unknown"
    assert suspends(person, to_agency_id=str(own)) == 422
    with act_as(an_actor(PAULA)):
        assert not Suspension.objects.exists()


@pytest.mark.parametrize(
    ("in_ledger", "typed"),
    [
        ("F.B.I.  Tucson", "F.B.I. Tucson"),  # a page shows two blanks as one
        ("F.B.I. ", "F.B.I."),  # cut at 300 characters
        ("F.B.I. Tucson", "F.B.I. Tucson"),
        ("F.B.I.", "f.b.i."),
    ],
)
def test_a_name_that_looks_the_same_is_the_same(in_ledger: str, typed: str) -> None:
    of = SuspensionFacts(None, typed, NOON, later(60))

    assert suspending.leaves_out(of, to_agency_id=None, to_name=in_ledger, at=NOON)
    assert not suspending.leaves_out(of, to_agency_id=None, to_name="F.B.I. Phoenix", at=NOON)


def test_a_name_as_long_as_the_ledger_keeps_can_be_entered(person: UUID) -> None:
    assert suspends(person, to_agency_id="", to_name=LONG) == 302
    with act_as(an_actor(PAULA)):
        assert Suspension.objects.get().to_name == LONG


# ------------------------------------------------------------------ the recipient's copy
def test_the_pages_of_a_consent_are_the_recipient_s_no_longer_than_its_copy(
    theirs: dict[str, UUID],
) -> None:
    """The page that is printed as the copy, and the signature on the other, stayed when the PDF went."""
    row = consent(theirs)
    read = reverse("sharing:read_release", args=[row.pk])
    its_page = reverse("sharing:release", args=[row.pk])

    def seen(name: str) -> tuple[int, bool, bool]:
        html = Desk(name).get(its_page).content.decode()
        return Desk(name).get(read).status_code, 'class="signature"' in html, "<table" in html

    during = {name: seen(name) for name in (MARTHA, EMILY)}
    commands.revoke_release(by=an_actor(MARTHA), at=now(), release_id=row.pk, how=How.HERE)
    after = {name: seen(name) for name in (MARTHA, EMILY)}

    assert during == {MARTHA: (200, True, True), EMILY: (200, True, True)}
    assert after == {MARTHA: (200, True, True), EMILY: (404, False, False)}
    html = Desk(EMILY).get(its_page).content.decode()
    assert "Stopped" in html  # that it ended, they may know


# ------------------------------------------------------------------ whose age
@pytest.mark.parametrize(("hour", "minor"), [(23, True), (24, False)])
def test_a_minor_is_one_until_midnight_of_the_community_s_clocks(
    records: dict[str, UUID], monkeypatch: pytest.MonkeyPatch, hour: int, minor: bool
) -> None:
    """On the eve of their birthday, at five in the afternoon in Tucson, it is that day in UTC."""
    by = an_actor(SEATS["outreach"])
    day = datetime(2027, 3, 1, tzinfo=ZoneInfo("America/Phoenix"))
    identity.say_born(by=by, at=now(), person_id=records["outreach"], born="2009-03-02")
    asked: list[frozenset[str]] = []
    decides = queries.decide_all

    def decide_all(wants, **more):  # type: ignore[no-untyped-def]
        asked.extend(each.known for each in wants)
        return decides(wants, **more)

    monkeypatch.setattr(queries, "decide_all", decide_all)

    person_told.read_told(by, records["outreach"], at=(day + timedelta(hours=hour)).astimezone(UTC))

    assert asked
    assert {"minor" in each for each in asked} == {minor}


# ------------------------------------------------------------------ pages that ask again
def test_a_page_asks_again_when_a_version_ends_that_had_taken_another_s_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the later version's end the earlier one is in force again: what it opens is not there yet."""
    of = {
        "tells": frozenset[UUID](), "told": frozenset[UUID](), "data": frozenset({"clinical"}), "purposes": frozenset({"close_loop"}),
        "ended_at": None, "agencies_tell": frozenset[UUID](), "agreed": frozenset[UUID](), "from_at": NOON - timedelta(days=1),
    }  # fmt: skip
    first = AgreementFacts(id=UUID(int=1), until_at=None, replaces_id=None, **of)  # type: ignore[arg-type]
    second = AgreementFacts(id=UUID(int=2), until_at=later(60), replaces_id=first.id, **of)  # type: ignore[arg-type]
    monkeypatch.setattr(queries, "agreements", lambda: (first, second))
    nothing: list[Decision] = []

    assert queries.good_until(nothing, at=NOON) == later(60)
    assert queries.good_until(nothing, at=later(60)) is None
