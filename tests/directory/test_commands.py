"""Saying how full a place is: whose word it is, what is refused, what the journal keeps."""

from threading import Event, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.directory import queries
from nowrongdoor.directory.facts import Age, DestinationNeed, Medical, State
from nowrongdoor.directory.models import Capacity
from nowrongdoor.directory.queries import FacilityRow
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused
from tests.directory.places import DISPATCHER, NURSE, a_word, place_id, say
from tests.makers import NOON, an_actor, later, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")


def row(code: str = "crc-adult", who: str = NURSE, *, at: object = NOON) -> FacilityRow:
    rows = queries.facility_rows(an_actor(who), at=at)  # type: ignore[arg-type]
    return next(each for each in rows if each.code == code)


def test_the_center_says_how_full_it_is_and_everybody_reads_it() -> None:
    say(word=a_word(State.FULL, free=0, reason="staffing"))

    for who in (NURSE, DISPATCHER, "anna.miller"):
        found = row(who=who, at=later(60))
        assert (found.state, found.said.free, found.said.reason) == (
            State.FULL, 0, "Too few staff",
        )  # fmt: skip
        assert (found.said.by_name, found.said.by_program) == ("Judith Park", "Adult intake")
        assert (found.said.told_by, found.said.stale) == ("", False)


def test_the_last_word_counts_and_the_earlier_one_is_kept() -> None:
    say(word=a_word(State.FULL))
    say(word=a_word(State.OPEN, at=later(60), free=3), at=later(60))

    assert row(at=later(120)).state is State.OPEN
    with act_as(an_actor(NURSE)):
        assert list(Capacity.objects.order_by("said_at").values_list("state", flat=True)) == [
            "full", "open",
        ]  # fmt: skip


def test_after_an_hour_nobody_knows() -> None:
    say(word=a_word(State.OPEN))

    assert row(at=later(3599)).state is State.OPEN
    found = row(at=later(3600))
    assert (found.state, found.said.state, found.said.stale) == (State.UNKNOWN, State.OPEN, True)


def test_the_journal_keeps_ids_only() -> None:
    said = say(word=a_word(State.FULL, reason="staffing"))

    with act_as(an_actor(NURSE)):
        entry = Entry.objects.get(kind="directory.capacity_said")
    assert entry.at == NOON
    assert entry.by == f"member:{member_id(NURSE)}"
    assert entry.program_id == program_id("crc/adult")
    assert entry.episode_id is None
    assert set(entry.ids.split('"')) >= {"capacity_id", str(said), str(place_id("crc-adult"))}
    assert "staffing" not in entry.ids


def test_a_place_without_users_is_spoken_of_by_whom_one_was_told() -> None:
    say("shelter-men", an_actor(DISPATCHER), word=a_word(State.LIMITED, told_by="Pat, front desk"))

    found = row("shelter-men")
    assert (found.state, found.said.told_by) == (State.LIMITED, "Pat, front desk")
    assert found.said.by_name == "Carl Jensen"


@pytest.mark.parametrize("code", ["shelter-men", "ed-central", "crc-adult"])
def test_nobody_speaks_for_another_place_without_a_name(code: str) -> None:
    with pytest.raises(NotPermitted) as refused:
        say(code, an_actor(DISPATCHER), word=a_word())

    assert refused.value.verdict.rule == "capacity.untold"


def test_another_program_speaks_for_the_center_only_once_its_own_word_is_stale() -> None:
    say(word=a_word(State.FULL))
    told = a_word(State.OPEN, at=later(3600), told_by="Judith")

    with pytest.raises(NotPermitted) as refused:
        say(by=an_actor(DISPATCHER), word=told, at=later(3599))
    say(by=an_actor(DISPATCHER), word=told, at=later(3600))
    assert refused.value.verdict.rule == "capacity.theirs"
    assert row(at=later(3601)).said.told_by == "Judith"

    say(word=a_word(State.FULL, at=later(3660)), at=later(3660))
    assert row(at=later(3661)).state is State.FULL


def test_the_other_unit_of_the_same_center_is_another_program() -> None:
    with pytest.raises(NotPermitted) as refused:
        say("crc-youth", word=a_word())

    assert refused.value.verdict.rule == "capacity.untold"
    say("crc-youth", an_actor("laura.beltran"), word=a_word())


def test_a_role_that_says_nothing_of_places_is_refused() -> None:
    with pytest.raises(NotPermitted) as refused:
        say("shelter-men", an_actor("anna.miller"), word=a_word(told_by="Pat"))

    assert refused.value.verdict.rule == "role.not_granted"


def test_ones_own_place_is_not_told_by_somebody_else() -> None:
    with pytest.raises(NotPermitted) as refused:
        say(word=a_word(told_by="Pat"))

    assert refused.value.verdict.rule == "capacity.ours"


@pytest.mark.parametrize(
    ("given", "rule"),
    [({"free": 35}, "capacity.too_many"), ({"review_at": NOON}, "capacity.review")],
)
def test_what_cannot_be_true_is_refused(given: dict[str, object], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        say(word=a_word(**given))

    assert refused.value.verdict.rule == rule
    assert row().said is None


def test_a_reason_comes_from_the_list() -> None:
    with pytest.raises(BadInput) as refused:
        say(word=a_word(State.FULL, reason="weather"))

    assert (refused.value.field, refused.value.verdict.rule) == ("reason", "code.unknown")


def test_of_a_place_that_is_retired_nobody_speaks(admin: object) -> None:
    id = place_id("shelter-men")
    admin.execute("UPDATE directory_facility SET retired_at = now() WHERE id = %s", [id])  # type: ignore[attr-defined]
    try:
        with pytest.raises(NotFound):
            say("shelter-men", an_actor(DISPATCHER), word=a_word(told_by="Pat"))
        assert "shelter-men" not in {
            each.code for each in queries.facility_rows(an_actor(NURSE), at=NOON)
        }
    finally:
        admin.execute("UPDATE directory_facility SET retired_at = NULL WHERE id = %s", [id])  # type: ignore[attr-defined]


def test_a_word_that_was_told_waits_for_the_places_own_and_is_then_refused() -> None:
    """Two at once: the nurse has begun to say it when the dispatcher tries. The second waits."""
    begun, tried, answer = Event(), Event(), []

    def dispatcher() -> None:
        begun.wait(10)
        tried.set()
        try:
            say(by=an_actor(DISPATCHER), word=a_word(told_by="Pat"), at=later(1))
            answer.append("said")
        except NotPermitted as refused:
            answer.append(refused.verdict.rule)
        finally:
            connection.close()

    other = Thread(target=dispatcher)
    other.start()
    with act_as(an_actor(NURSE)):
        say(word=a_word(State.FULL))
        begun.set()
        tried.wait(10)
        other.join(1.5)
        assert other.is_alive()
    other.join(10)

    assert answer == ["capacity.theirs"]


def test_who_sees_a_form_for_which_place() -> None:
    say(word=a_word(State.FULL))

    def forms(who: str) -> set[str]:
        return {
            each.code for each in queries.facility_rows(an_actor(who), at=later(60)) if each.may_say
        }

    every = {each.code for each in queries.facility_rows(an_actor(NURSE), at=NOON)}
    assert forms("anna.miller") == set()
    assert forms(DISPATCHER) == every - {"crc-adult"}
    assert not row(at=later(60)).told
    assert row("crc-youth", at=later(60)).told


def test_the_list_takes_six_queries_whatever_was_said() -> None:
    by = an_actor(NURSE)
    for word_of in ("crc-adult",):
        say(word_of, word=a_word())
    for code in ("shelter-men", "sobering", "ed-east"):
        say(code, an_actor(DISPATCHER), word=a_word(told_by="Pat"))

    with CaptureQueriesContext(
        connection,
    ) as counted:
        queries.facility_rows(by, at=NOON)

    asked = [each["sql"] for each in counted if each["sql"].startswith("SELECT") and "set_config" not in each["sql"]]  # fmt: skip
    assert len(asked) == 6, asked


def test_where_an_adult_brought_by_police_can_go() -> None:
    say(word=a_word(State.FULL))
    need = DestinationNeed(
        age=Age.ADULT, involuntary=True, medical=Medical.STABLE, police_arrival=True
    )

    rows = queries.destinations(an_actor(DISPATCHER), need, at=later(60))
    found = {each.facility.code: each for each in rows}

    assert len(rows) == len(found) == 13
    assert found["crc-adult"].able
    assert {each.rule for each in found["clinic-a"].against} >= {
        "involuntary.not_taken",
        "police.not_taken",
    }
    assert not found["clinic-a"].able
    assert {each.rule for each in found["crc-youth"].against} == {"age.not_taken"}
    assert found["crc-youth"].able  # no wrong door: it refuses no officer either
    assert "capacity.unknown" in {each.rule for each in found["ed-east"].ask}
    assert found["shelter-men"].against


def test_the_community_s_own_figures_agree() -> None:
    from nowrongdoor.community import queries as community

    figures = community.setting("crc_capacity", NOON)

    assert row("crc-adult").places == figures["adult_chairs"]
    assert row("crc-youth").places == figures["youth_chairs"]
