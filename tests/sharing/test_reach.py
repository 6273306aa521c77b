"""A release promises nothing that the table cannot open: who would be told nothing by it is not named on it."""

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import parties
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.sharing import commands, queries, reach, release_queries
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.plans import PLANS, Plan
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import NOON, an_actor, program_id
from tests.sharing.full import BETWEEN, TELLER, TOLD, a_draft, a_release, a_wish

pytestmark = pytest.mark.usefixtures("db")
MARTHA = "martha.gibbs"
WRONG = (
    {"told_program_id": program_id("tpd/patrol")},  # attendance of treatment: not to patrol
    {"told_program_id": program_id("jail/population")},
    {"also_told_id": program_id("tpd/patrol")},  # beside one who may be told
    {"teller_id": program_id("911/floor")},  # which holds nothing of the kind
    {"plan": Plan.TREATMENT, "told_program_id": program_id(TOLD)},
)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_recipient_to_whom_the_table_has_no_row_is_refused_in_words(
    wrong: dict[str, object],
) -> None:
    by = an_actor(MARTHA)
    row = a_draft(by)

    with pytest.raises(BadInput) as drafted:
        a_draft(by, **wrong)
    with pytest.raises(BadInput) as changed:
        commands.change_release(by=by, at=NOON, release_id=row.pk, wish=a_wish(**wrong))  # type: ignore[arg-type]

    field = "also_told_id" if "also_told_id" in wrong else "told_program_id"
    for refused in (drafted, changed):
        assert (refused.value.field, refused.value.verdict.rule) == (field, "release.no_row")
    assert "has no row for it" in drafted.value.verdict.sentence
    with act_as(by):
        assert Release.objects.count() == 1


def test_a_draft_that_was_written_before_is_not_signed() -> None:
    """Where the table was changed since, or the draft is older than this rule."""
    by = an_actor(MARTHA)
    row = a_draft(by)
    with act_as(by):
        Release.objects.filter(pk=row.pk).update(told=[program_id("tpd/patrol")])

    with pytest.raises(BadInput) as refused:
        commands.sign_release(by=by, at=NOON, release_id=row.pk, read="-", typed="Andre Whitlock")

    assert refused.value.verdict.rule == "release.no_row"


def test_the_form_offers_whom_some_permission_reaches_and_says_why_not_the_others() -> None:
    desk, by = Desk(MARTHA), an_actor(MARTHA)
    kinds = {each.path: each.kind for each in parties().values()}
    offered = {name for name, _words in release_queries.recipients(by, at=NOON)}

    assert {str(program_id(told)) for _teller, told in BETWEEN.values()} <= offered
    assert str(program_id("jail/population")) not in offered
    html = desk.get(reverse("sharing:new_release")).content.decode()
    told = html[html.index('name="told_program_id"') : html.index('name="also_told_id"')]
    assert str(program_id("jail/population")) not in told
    assert str(program_id(TOLD)) in told
    typed = {
        "plan": "attendance",
        "person_name": "Andre Whitlock",
        "told_program_id": str(program_id("crc/adult")),
        "teller_id": str(program_id(TELLER)),
    }
    answer = desk.htmx(reverse("sharing:draft_release"), typed)
    assert (answer.status_code, kinds["crc/adult"]) == (422, "crc")
    assert "has no row for it" in answer.content.decode()
    assert "Andre Whitlock" in answer.content.decode()


def test_each_permission_reaches_someone_and_what_it_reaches_the_gate_opens() -> None:
    with act_as(an_actor(MARTHA)):
        table = queries.table()
    assert table is not None

    for plan in Plan:
        teller, told = BETWEEN.get(plan, (TELLER, TOLD))
        kinds = {each.path: each.kind for each in parties().values()}
        of = {"teller_kind": kinds[teller], "told_kind": kinds[told]}
        assert reach.opens(table, reach.planned(PLANS[plan]), **of), plan
        assert a_release(plan=plan, condition="CR-2027-001", at=now()).activated_at
