"""A call closes, and what is owed after it waits for a named person: on real PostgreSQL."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.cases import commands, kinds, queries
from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.cases.models import Attempt, Case, Task
from nowrongdoor.cases.queries import When
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotFound, Refused
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert
from nowrongdoor.site.reactions import DEADLINES
from tests.calls.lines import due
from tests.cases.full import JOAN, MARIA, NEVA, a_case, take, the_task
from tests.makers import NOON, a_screening, accepted, an_actor, an_episode, later

pytestmark = pytest.mark.usefixtures("db")
H = 3600


def entries(kind: str, by: str = JOAN) -> int:
    with act_as(an_actor(by)):
        return Entry.objects.filter(kind=kind).count()


def tried(case: Case, result: str, at_s: float = 0, **more: object) -> Attempt:
    return commands.log_try(
        by=an_actor(JOAN), at=later(at_s), task_id=the_task(case).pk, result=result, **more
    )  # type: ignore[arg-type]


def refused(act: object, **asked: object) -> str:
    assert callable(act)
    with pytest.raises(Refused) as no:
        act(**asked)
    return no.value.verdict.rule


# opening ----------------------------------------------------------------------------------------


def test_a_closed_call_is_owed_a_follow_up_in_24_to_72_hours() -> None:
    case = a_case()

    task = the_task(case)
    assert (case.kind, case.plan, case.member_id) == ("follow_up", "after_contact", None)
    assert (task.opens_at, task.due_at) == (later(24 * H), later(72 * H))
    assert due(an_actor(JOAN), UNTAKEN, TASK_DUE) == {UNTAKEN: later(H), TASK_DUE: later(72 * H)}
    assert entries("cases.opened", MARIA) == 1


def test_nothing_is_owed_where_the_person_declined() -> None:
    call = an_episode()
    accepted(call)
    closing = Closing("information", declined_by_person=True)
    calls.close_call(by=an_actor(MARIA), at=NOON, episode_id=call.pk, closing=closing)

    assert queries.caseload(an_actor(JOAN), at=NOON) == []


@pytest.mark.parametrize(
    ("answers", "opens"),
    [({}, True), ({"BHN": "N", "MED": "N", "HEAT": "N", "SI": "none", "HI": "none"}, False)],
)
def test_a_level_that_nobody_found_is_owed_one_and_a_low_one_is_not(
    answers: dict[str, str], opens: bool
) -> None:
    call = an_episode()
    if answers:
        a_screening(call, at=NOON, **answers)
    accepted(call)
    closing = Closing("information", accountable_member_id=an_actor(MARIA).member_id)
    calls.close_call(by=an_actor(MARIA), at=NOON, episode_id=call.pk, closing=closing)

    assert bool(queries.caseload(an_actor(JOAN), at=NOON)) is opens


def test_who_handed_the_person_on_reads_nothing_of_it_and_adds_no_task_once_it_is_taken() -> None:
    case, maria = take(a_case()), an_actor(MARIA)
    with act_as(maria):
        assert not Case.objects.exists()
        assert not Task.objects.exists()
    with pytest.raises(NotFound):
        queries.case(maria, case.pk, at=NOON)
    with pytest.raises(ProgrammingError, match="row-level security"), act_as(maria):
        Task.objects.create(
            id=new_id(NOON),
            case_id=case.pk,
            program_id=case.program_id,
            code="extra",
            opens_at=NOON,
            due_at=NOON,
            tries=1,
        )


def test_no_program_puts_a_case_into_another_s_queue_of_a_call_it_does_not_work_on() -> None:
    case, craig = a_case(), an_actor("craig.dunn")
    with pytest.raises(ProgrammingError, match="row-level security"), act_as(craig):
        insert(
            Case,
            id=new_id(NOON),
            kind=case.kind,
            plan="safe_transition",
            program_id=case.program_id,
            from_program_id=craig.program_id,
            episode_id=case.episode_id,
            starts_at=NOON,
            opened_at=NOON,
            opened_by_id=craig.member_id,
            state=case.state,
        )


def test_the_program_is_told_the_card_and_the_ledger_says_so(
    admin: psycopg.Connection[tuple[object, ...]],
) -> None:
    case = a_case()
    assert (
        queries.case(an_actor(JOAN), case.pk, at=NOON).card is None
    )  # until somebody answers for it

    take(case)

    view = queries.case(an_actor(JOAN), case.pk, at=NOON)
    assert view.card is not None
    assert (view.row.person, view.card.callback) == ("Rosa Villa", "520-555-0123")
    told = "SELECT record_kind FROM sharing_disclosure WHERE to_program_id = %s"
    assert admin.execute(told, [case.program_id]).fetchall() == [("card",)]


# owning -----------------------------------------------------------------------------------------


def test_taking_it_makes_a_named_person_answer_and_stops_the_clock() -> None:
    case = take(a_case())

    assert case.member_id == an_actor(JOAN).member_id
    assert UNTAKEN not in due(an_actor(JOAN), UNTAKEN)
    again = {"by": an_actor(NEVA), "at": NOON, "case_id": case.pk}
    assert refused(commands.take_case, **again) == "case.taken"


def test_of_two_who_take_it_at_once_one_has_it() -> None:
    case, answers = a_case(), []

    def go(who: str) -> None:
        from django.db import connections

        try:
            commands.take_case(by=an_actor(who), at=NOON, case_id=case.pk)
            answers.append("took")
        except Refused as no:
            answers.append(no.verdict.rule)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(who,)) for who in (JOAN, NEVA)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(answers) == ["case.taken", "took"]


def test_a_supervisor_gives_it_to_a_member_of_the_program_and_to_no_one_else() -> None:
    case = a_case()
    given = {"by": an_actor(NEVA), "at": NOON, "case_id": case.pk}

    assert refused(commands.assign_case, to_member_id=an_actor(MARIA).member_id, **given) == "case.not_here"  # fmt: skip
    commands.assign_case(to_member_id=an_actor(JOAN).member_id, **given)

    assert queries.case(an_actor(JOAN), case.pk, at=NOON).row.mine


def test_the_database_lets_no_one_own_it_who_does_not_work_there(
    admin: psycopg.Connection[tuple[object, ...]],
) -> None:
    case = a_case()
    with pytest.raises(
        psycopg.errors.IntegrityConstraintViolation, match="cases_owner_works_there"
    ):
        admin.execute("UPDATE cases_case SET member_id = %s WHERE id = %s", [an_actor(MARIA).member_id, case.pk])  # fmt: skip


def test_one_that_nobody_takes_is_told_to_the_supervisor_again_and_again() -> None:
    a_case()

    for hour in (1, 2, 3):
        assert fire_due(at=later(hour * H), reactions=DEADLINES) == 1

    assert entries("cases.untaken_overdue") == 3
    assert UNTAKEN in due(an_actor(JOAN), UNTAKEN)
    assert kinds.UNTAKEN.to == "supervisors of to"


def test_a_case_whose_owner_left_is_in_the_queue_from_that_moment() -> None:
    case = a_case(taken=True)
    oscar, joan = an_actor("oscar.nunez"), an_actor(JOAN)
    agencies.end_access(by=oscar, at=later(60), member_id=joan.member_id)  # type: ignore[arg-type]
    neva, at = an_actor(NEVA), later(120)

    [(when, [row])] = queries.caseload(neva, at=at)
    assert (when, row.owner, row.person) == (When.UNTAKEN, "", "")
    assert queries.counted(neva, at=at).untaken == len(queries.waiting(neva, at=at)) == 1
    commands.take_case(by=neva, at=at, case_id=case.pk)

    assert queries.case(neva, case.pk, at=at).row.mine
    assert queries.counted(neva, at=at).untaken == 0


# working on it ----------------------------------------------------------------------------------


def test_a_case_is_worked_on_once_somebody_answers_for_it() -> None:
    case = a_case()
    assert refused(tried, case=case, result="reached") == "case.not_taken"


def test_a_task_is_done_once_and_its_clock_ends() -> None:
    case = a_case(taken=True)

    tried(case, "reached", 30 * H, said="Sleeps better.")

    task = the_task(case)
    assert (task.result, task.over_at) == ("reached", later(30 * H))
    assert due(an_actor(JOAN), TASK_DUE) == {}
    assert refused(tried, case=case, result="reached", at_s=31 * H) == "task.over"


def test_a_try_is_neither_in_the_future_nor_before_the_case() -> None:
    case = a_case(later(100), taken=True)

    assert refused(tried, case=case, result="reached", at_s=200, tried_at=later(300)) == "try.future"  # fmt: skip
    assert refused(tried, case=case, result="reached", at_s=200, tried_at=later(50)) == "try.before"
    with pytest.raises(BadInput):
        tried(case, "vanished", 200)


def test_tries_that_are_used_up_tell_the_supervisor_and_the_task_stays_owed() -> None:
    case = a_case(taken=True)

    for n in range(3):
        assert entries("cases.try_needs_decision") == 0
        tried(case, "no_answer", (30 + n) * H)

    assert entries("cases.try_needs_decision") == 1
    view = queries.case(an_actor(JOAN), case.pk, at=later(33 * H))
    assert view.tasks[0].out_of_tries
    assert view.tasks[0].over_at is None


def test_jail_pauses_the_clock_and_the_plan_stays() -> None:
    case = a_case(taken=True)

    tried(case, "in_jail", 30 * H)
    assert [when for when, _rows in queries.caseload(an_actor(JOAN), at=later(40 * H))] == [When.PAUSED]  # fmt: skip
    assert fire_due(at=later(72 * H), reactions=DEADLINES) == 1
    assert entries("cases.task_overdue") == 0
    commands.move_case(by=an_actor(JOAN), at=later(80 * H), case_id=case.pk, to_state="active")

    task = the_task(case)
    assert task.due_at == later((72 + 50) * H)
    assert due(an_actor(JOAN), TASK_DUE) == {TASK_DUE: task.due_at}


def test_after_a_death_every_task_stops_and_the_supervisor_knows() -> None:
    case = a_case(taken=True)

    tried(case, "deceased", 30 * H)

    view = queries.case(an_actor(JOAN), case.pk, at=later(31 * H))
    assert (view.row.when, view.row.next) == (When.DONE, None)
    assert due(an_actor(JOAN), TASK_DUE) == {}
    assert entries("cases.try_needs_decision") == 1


def test_an_overdue_task_is_told_each_day_until_somebody_acts() -> None:
    a_case(taken=True)

    assert fire_due(at=later(72 * H), reactions=DEADLINES) == 1
    assert fire_due(at=later(96 * H), reactions=DEADLINES) == 1

    assert entries("cases.task_overdue") == 2


def test_a_case_closes_with_what_its_outcome_asks_for() -> None:
    case = a_case(taken=True)
    close = {"by": an_actor(JOAN), "at": later(30 * H), "case_id": case.pk}

    assert refused(commands.close_case, outcome="unreachable", **close) == "case.tries_left"
    assert refused(commands.close_case, outcome="completed", **close) == "case.tasks_left"
    assert refused(commands.close_case, outcome="declined", **close) == "case.reason"
    with pytest.raises(BadInput):
        commands.close_case(outcome="vanished", **close)
    commands.close_case(outcome="declined", reason="Has a sponsor.", **close)

    view = queries.case(an_actor(JOAN), case.pk, at=later(31 * H))
    assert (view.outcome, view.tasks[0].result, view.may) == ("Person declined", "", ())
    assert due(an_actor(JOAN), TASK_DUE) == {}
    assert refused(commands.close_case, outcome="connected", **close) == "case.closed"


def test_a_caseload_is_ordered_by_what_is_due() -> None:
    late, soon = a_case(taken=True), a_case(later(60 * H), taken=True)
    a_case(later(61 * H))

    parts = queries.caseload(an_actor(JOAN), at=later(72 * H))

    assert [when for when, _rows in parts] == [When.OVERDUE, When.WEEK, When.UNTAKEN]
    assert [rows[0].id for _when, rows in parts[:2]] == [late.pk, soon.pk]


def test_another_program_reads_no_case_of_it() -> None:
    case = a_case(taken=True)
    other: Actor = an_actor("craig.dunn")

    assert queries.caseload(other, at=NOON) == []
    with pytest.raises(NotFound):
        queries.case(other, case.pk, at=NOON + timedelta(hours=1))
