"""What a release opens at the gate: its items, to those it names, of the record that the teller says it means."""

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.sharing import commands, queries, release_queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.plans import PLANS, Plan
from nowrongdoor.sharing.release_wishes import How
from nowrongdoor.sharing.releasing import State
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing.full import PERSON, a_release, a_wish

pytestmark = pytest.mark.usefixtures("db")
EMILY, RAY, JAMES = "emily.grant", "ray.sutton", "james.cole"  # center, deflection, patrol
CENTER = "crc/adult"


def opened(by: str, purpose: str = "engagement", seconds: float = 0) -> tuple[str, ...]:
    """The fields that a program is told of the center's record."""
    actor = an_actor(by)
    want = Want("clinical", purpose, program_id(CENTER), actor.program_id, person_id=PERSON)
    with act_as(actor):
        decision = queries.decide(want, at=later(seconds))
    return tuple(decision.fields)


def released(taken_by: str = EMILY, **typed: object) -> Release:
    typed = {"plan": Plan.CARE, "teller_id": program_id(CENTER)} | typed
    return a_release(an_actor(taken_by), **typed)  # type: ignore[arg-type]


def test_it_opens_its_items_for_each_purpose_to_those_it_names_and_to_nobody_else() -> None:
    assert opened(RAY) == ()

    released(person_id=PERSON)

    assert set(opened(RAY)) == {"attendance", "need"}
    assert set(opened(RAY, "coordinate")) == {"attendance", "need"}
    assert opened(RAY, "research") == ()
    assert opened(JAMES) == ()


def test_it_opens_nothing_from_the_second_in_which_it_ends_or_is_stopped() -> None:
    row = released(person_id=PERSON)
    days_s = PLANS[Plan.CARE].days * 86_400
    assert opened(RAY, seconds=days_s - 1)
    assert opened(RAY, seconds=days_s) == ()

    commands.revoke_release(by=an_actor(RAY), at=later(60), release_id=row.pk, how=How.PHONE)

    assert opened(RAY, seconds=60) == ()


@pytest.mark.parametrize(
    "who",
    [
        {"signer": Signer.GUARDIAN, "signer_name": "Rosa Whitlock", "signer_basis": "mother"},
        {"signer": Signer.MINOR, "signer_basis": "A.R.S. 44-133.01"},
    ],
)
def test_what_is_signed_for_a_minor_opens_nothing_from_their_18th_birthday_here(
    who: dict[str, object],
) -> None:
    row = released(person_id=PERSON, born="2009-03-03", **who)
    grown_s = 36 * 3600  # from noon in Tucson to the end of the next day

    assert opened(RAY, seconds=grown_s - 1)
    assert opened(RAY, seconds=grown_s) == ()
    for seconds, state in ((grown_s - 1, State.EXPIRING), (grown_s, State.EXPIRED)):
        view = release_queries.release(an_actor(RAY), row.pk, at=later(seconds))
        assert (view.row.state, view.by_age) == (state, True)
        assert view.named["en"].day == "March 3, 2027"


def test_what_is_signed_for_another_has_their_birth_or_does_not_stand(
    admin: psycopg.Connection[tuple[object, ...]],
) -> None:
    who = {"signer": Signer.GUARDIAN, "signer_name": "Rosa Whitlock", "signer_basis": "mother"}
    released(person_id=PERSON, born="2009-03-03", **who)
    assert opened(RAY)

    admin.execute(
        "SET session_replication_role = replica"
    )  # past the trigger that lets nothing be changed
    with pytest.raises(psycopg.errors.CheckViolation, match="release_has_every_element"):
        admin.execute("UPDATE sharing_release SET person_born = NULL")
    admin.execute("SET session_replication_role = origin")


def test_a_draft_and_a_no_open_nothing() -> None:
    by = an_actor(EMILY)
    wish = a_wish(Plan.CARE, teller_id=program_id(CENTER), person_id=PERSON)
    row = commands.draft_release(by=by, at=NOON, wish=wish)
    assert opened(RAY) == ()

    commands.refuse_release(by=by, at=NOON, release_id=row.pk)

    assert opened(RAY) == ()


def test_the_teller_alone_says_whose_record_of_its_own_a_release_means() -> None:
    """Whoever is told could open anybody's record else, by calling it the one that is meant."""
    row = released(taken_by="martha.gibbs")
    assert opened(RAY) == ()

    commands.say_subject(by=an_actor(RAY), at=NOON, release_id=row.pk, person_id=PERSON)
    assert opened(RAY) == ()
    said = commands.say_subject(by=an_actor(EMILY), at=NOON, release_id=row.pk, person_id=PERSON)
    assert set(opened(RAY)) == {"attendance", "need"}
    commands.undo_subject(by=an_actor(EMILY), at=later(1), subject_id=said.pk)

    assert opened(RAY) == ()
