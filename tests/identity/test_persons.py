"""A program's records: kept, changed, found while somebody types, judged, merged and separated; and no one else's."""

import threading
from datetime import datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import commands, finding, queries
from nowrongdoor.identity.commands import judging
from nowrongdoor.identity.facts import Likely, NameKind, PersonTyped, Says
from nowrongdoor.identity.models import Judgment, Key, Name, Person, Phone
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused, yes
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.queries import Decision
from tests.clients import Desk
from tests.identity.full import a_person, judged
from tests.makers import NOON, an_actor, later
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
ANNA, STRANGER = "anna.miller", "judith.park"
ROSA = {"born": "3/4/1980", "phone": "520-555-0119", "address": "12 Quiet Street"}


def like(by: str = ANNA, **said: str) -> list[tuple[UUID, Likely]]:
    found = finding.like(an_actor(by), finding.typed(**said, at=NOON), at=NOON)  # type: ignore[arg-type]
    return [(row.id, row.likely) for row in found.rows]


def proposed(person: Person) -> list[UUID]:
    return [row.id for row in finding.candidates(an_actor(), person.pk, at=NOON).rows]


def rule(refusal: "pytest.ExceptionInfo[Refused]") -> str:
    return refusal.value.verdict.rule


@pytest.mark.parametrize(
    "said",
    [
        {"given": "Rosa", "family": "Villa"},
        {"family": "Soto", "born": "4/3/1980"},
        {"given": "Roza", "family": "Biya", "phone": "5550119"},
        {"born": "1980-03-04", "phone": "(520) 555-0119"},
    ],
)
def test_who_is_being_typed_is_found_by_few_details(said: dict[str, str]) -> None:
    rosa = a_person(**ROSA)
    a_person("Thomas", "Arnett", born="7/30/1951")

    assert [id for id, _likely in like(**said)] == [rosa.pk]


def test_each_reason_has_its_bits_and_no_value() -> None:
    a_person(**ROSA)

    [row] = finding.like(
        an_actor(), finding.typed(given="Rosa", born="4/3/1980", at=NOON), at=NOON
    ).rows

    assert [(each.field, each.level) for each in row.reasons] == [
        ("given", "same"),
        ("born", "swapped"),
    ]
    assert all(each.bits[0] == "+" for each in row.reasons)


def test_another_programs_records_are_not_found_nor_counted_nor_seen() -> None:
    mine = a_person(**ROSA)
    theirs = a_person(**ROSA, by=STRANGER)

    assert [id for id, _ in like(**ROSA)] == [mine.pk]
    assert [id for id, _ in like(STRANGER, **ROSA)] == [theirs.pk]
    with pytest.raises(NotFound):
        queries.record(an_actor(), theirs.pk)
    with act_as(an_actor(STRANGER)):
        for table in (Person, Name, Phone, Key):
            assert {row.program_id for row in table.objects.all()} == {theirs.program_id}


def test_an_unknown_person_is_a_record_and_may_get_a_name_later() -> None:
    blue = a_person("", "", moniker="Blue Jacket", usual_place="Library", description="limps")
    line = queries.lines(an_actor(), [blue.pk])[blue.pk]
    assert (line.name, line.unknown) == ("Blue Jacket", True)

    of = {"by": an_actor(), "at": later(1), "person_id": blue.pk}
    commands.add_name(**of, kind=NameKind.LEGAL, given="Thomas", family="Arnett")

    line = queries.lines(an_actor(), [blue.pk])[blue.pk]
    assert (line.name, line.unknown) == ("Thomas Arnett", False)
    assert [id for id, _ in like(given="Tom", family="Arnett")] == [blue.pk]


def test_nobody_is_kept_without_a_name_and_without_a_moniker() -> None:
    with pytest.raises(BadInput):
        a_person("", "", phone="520-555-0119")
    rosa = a_person()
    [name] = queries.record(an_actor(), rosa.pk).names
    with pytest.raises(Refused) as refusal:
        commands.end_name(by=an_actor(), at=later(1), name_id=name.id)
    assert rule(refusal) == "name.last"


def test_what_was_wrong_ends_stays_and_finds_nobody() -> None:
    rosa = a_person(phone="520-555-0119")
    [phone] = queries.record(an_actor(), rosa.pk).phones

    commands.end_phone(by=an_actor(), at=later(1), phone_id=phone.id)

    [row] = queries.record(an_actor(), rosa.pk).phones
    assert row.ended
    assert like(phone="520-555-0119", born="1/1/2000") == []
    with pytest.raises(Refused) as refusal:
        commands.end_phone(by=an_actor(), at=later(2), phone_id=phone.id)
    assert rule(refusal) == "entry.ended"


def test_who_was_judged_not_to_be_the_same_is_not_proposed_until_a_record_changes() -> None:
    rosa, other = a_person(**ROSA), a_person("Rosie", **ROSA)
    assert proposed(rosa) == [other.pk]

    judged(other, rosa, Says.NOT_SAME)

    assert proposed(rosa) == proposed(other) == []
    change = {"by": an_actor(), "person_id": other.pk}
    commands.say_contact(**change, at=later(2), safe_contact=("no_texts",))
    assert proposed(rosa) == []  # nothing that is compared
    commands.add_name(**change, at=later(3), kind=NameKind.ALIAS, given="Rosa", family="Villa")
    assert proposed(rosa) == [other.pk]
    with pytest.raises(Refused) as refusal:  # it still stands against joining them
        judged(rosa, other, Says.SAME, s=4)
    assert rule(refusal) == "judge.split"


def test_later_keeps_it_on_the_list_and_gives_way_to_a_judgment() -> None:
    rosa, other = a_person(**ROSA), a_person("Rosie", **ROSA)

    put_off = judged(rosa, other, Says.LATER)
    [row] = finding.candidates(an_actor(), rosa.pk, at=NOON).rows
    assert (row.said, row.said_by) == (Says.LATER, "Anna Miller")

    judged(rosa, other, Says.SAME, s=2)
    assert proposed(rosa) == []
    with act_as(an_actor()):
        assert Judgment.objects.get(pk=put_off.pk).undone_by.name == "Anna Miller"  # type: ignore[union-attr]


def test_a_chain_is_refused_with_the_judgment_that_stands_against_it() -> None:
    a, b, c = (a_person(name) for name in ("Ana", "Bea", "Clara"))
    judged(a, b, Says.SAME)
    against = judged(b, c, Says.NOT_SAME, s=2)

    with pytest.raises(Refused) as refusal:
        judged(a, c, Says.SAME, s=3)
    with pytest.raises(Refused) as merging:
        commands.merge_person(by=an_actor(), at=later(3), person_id=c.pk, into_id=a.pk)

    assert rule(refusal) == rule(merging) == "judge.split"
    assert "Anna Miller judged on" in refusal.value.verdict.because
    commands.undo_judgment(by=an_actor(), at=later(4), judgment_id=against.pk)
    judged(a, c, Says.SAME, s=5)


def test_merged_records_are_read_as_one_and_separated_as_they_were() -> None:
    rosa, other = a_person(phone="520-555-0119"), a_person("Rosie", born="3/4/1980")
    commands.say_contact(
        by=an_actor(), at=NOON, person_id=other.pk, protections=("victim", "confidential_address")
    )

    commands.merge_person(by=an_actor(), at=later(1), person_id=other.pk, into_id=rosa.pk)

    whole = queries.record(an_actor(), other.pk)
    assert whole.id == rosa.pk
    assert [each.name for each in whole.names] == ["Rosa Villa Soto", "Rosie Villa Soto"]
    assert whole.protected_names == ("Victim of violence: tell no one", "Confidential address")
    assert [id for id, _ in like(given="Rosie", family="Villa")] == [rosa.pk]

    commands.separate_person(by=an_actor(), at=later(2), person_id=other.pk)

    alone = queries.record(an_actor(), other.pk)
    assert (alone.id, [each.name for each in alone.names]) == (other.pk, ["Rosie Villa Soto"])
    assert queries.record(an_actor(), rosa.pk).protected_names == ()
    for join in (
        lambda: judged(rosa, other, Says.SAME, s=3),
        lambda: commands.merge_person(
            by=an_actor(), at=later(3), person_id=rosa.pk, into_id=other.pk
        ),
    ):
        with pytest.raises(Refused) as refusal:
            join()
        assert rule(refusal) == "judge.split"
    assert proposed(rosa) == []


def test_no_job_no_import_and_no_key_joins_anybody() -> None:
    """Every command that can join asks for a member by name, and no act of it is open to a machine."""
    rosa, other = a_person(**ROSA), a_person("Rosie", **ROSA)
    anna = an_actor()
    machine = Actor(
        code="machine:x",
        agency_id=anna.agency_id,
        program_id=anna.program_id,
        role="call_taker",
        member_id=None,
    )
    ids = {"by": machine, "at": later(1), "person_id": rosa.pk}

    with pytest.raises(NotPermitted):
        commands.judge(**ids, other_id=other.pk, says=Says.SAME)
    with pytest.raises(NotPermitted):
        commands.merge_person(**ids, into_id=other.pk)
    from nowrongdoor.identity.pages import acts

    assert [act.name for act in acts.all.values() if act.machine] == []


def test_two_programs_compare_nobody_until_a_rule_lets_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine, theirs = a_person(**ROSA), a_person(**ROSA, by=STRANGER)
    for other in (theirs.pk, uuid4()):
        with pytest.raises(NotFound):
            commands.judge(
                by=an_actor(), at=later(1), person_id=mine.pk, other_id=other, says=Says.SAME
            )

    asked: list[Want] = []

    def opened(want: Want, *, at: datetime) -> Decision:
        asked.append(want)
        return Decision(want, yes("gate.test"), "T1")

    monkeypatch.setattr(judging.gate, "decide", opened)

    judged(mine, theirs, Says.SAME)
    [want] = asked
    assert (want.data, want.purpose) == ("incident", "coordinate")
    assert (want.from_id, want.to_id) == (theirs.program_id, mine.program_id)
    [row] = queries.judgments(an_actor(), mine.pk)
    assert (row.other, row.bits, "merge_person" in row.may) == (None, "+0.0", False)
    with pytest.raises(NotFound):
        commands.merge_person(by=an_actor(), at=later(2), person_id=theirs.pk, into_id=mine.pk)


def test_the_database_merges_nobody_into_another_programs_record() -> None:
    mine, theirs = a_person(), a_person(by=STRANGER)

    with act_as(an_actor()), pytest.raises(IntegrityError, match="identity_merged_in_one_program"):
        Person.objects.filter(pk=mine.pk).update(
            merged_into=theirs.pk, merged_at=NOON, merged_by=an_actor().member_id
        )


def test_two_who_judge_at_once_wait_for_each_other_and_never_contradict(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    """A=B and B≠C stand. One says A=C... while another is saying what makes it impossible: they go in turn."""
    a, b, c = (a_person(name) for name in ("Ana", "Bea", "Clara"))
    judged(a, b, Says.SAME)
    pid: list[int] = []
    refused: list[str] = []

    def second() -> None:
        try:
            with act_as(an_actor()):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    pid.append(cursor.fetchone()[0])
                started.set()
                judged(a, c, Says.SAME, s=3)
        except Refused as refusal:
            refused.append(refusal.verdict.rule)
        finally:
            connection.close()

    started = threading.Event()
    thread = threading.Thread(target=second)
    with act_as(an_actor()):
        judged(b, c, Says.NOT_SAME, s=2)
        thread.start()
        started.wait(10)
        waiting_at(admin, pid[0], "SELECT pg_advisory_xact_lock")
    thread.join(10)

    assert refused == ["judge.split"]


def test_text_finds_in_the_list_by_name_birth_or_phone() -> None:
    rosa = a_person(**ROSA)
    a_person("Thomas", "Arnett", born="7/30/1951")

    for text in ("Villa", "rosa villa", "3/4/1980", "520-555-0119", "(520) 555 0119"):
        rows, more = finding.persons(an_actor(), at=NOON, text=text)
        assert ([row.id for row in rows], more) == ([rosa.pk], False), text
    assert len(finding.persons(an_actor(), at=NOON)[0]) == 2
    assert finding.persons(an_actor(STRANGER), at=NOON) == ((), False)


def test_typed_facts_are_kept_as_they_were_read() -> None:
    typed = PersonTyped(given="Rosa", born="about 45", moniker="")
    row = commands.keep_person(by=an_actor(), at=NOON, typed=typed)

    assert (row.born, row.born_from, row.born_until) == (None, 1976, 1987)
    with pytest.raises(BadInput) as wrong:
        a_person(born="some day")
    assert wrong.value.field == "born"


def test_a_search_is_written_down_and_not_for_whom(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    a_person(**ROSA)

    page = Desk(ANNA).post("/persons/", {"sought": "Villa"}).content.decode()

    assert "Rosa Villa Soto" in page
    [row] = admin.execute("SELECT j::text FROM journal_entry j WHERE kind = 'identity.searched'")
    assert '""count"":1' in str(row[0])
    everything = admin.execute("SELECT string_agg(j::text, ' ') FROM journal_entry j").fetchone()
    assert "Villa" not in str(everything)


def test_the_page_of_a_record_links_merges_and_separates() -> None:
    """By the forms that it draws: each is answered with the page as it then stands."""
    rosa, other = a_person(**ROSA), a_person("Rosie", **ROSA)
    desk, on = Desk(ANNA), {"on": "person", "on_id": str(rosa.pk)}
    page = desk.get(f"/persons/{rosa.pk}/").content.decode()
    assert "Very likely" in page or "Possible" in page

    linked = desk.htmx(
        f"/persons/{rosa.pk}/judge/", {"other_id": str(other.pk), "says": "same"} | on
    ).content.decode()
    assert f'hx-post="/persons/{other.pk}/merge/"' in linked

    merged = desk.htmx(
        f"/persons/{other.pk}/merge/", {"into_id": str(rosa.pk)} | on
    ).content.decode()
    assert "Rosie Villa Soto" in merged
    assert f'hx-post="/persons/{other.pk}/separate/"' in merged

    apart = desk.htmx(f"/persons/{other.pk}/separate/", on).content.decode()
    assert "Not the same person" in apart
    assert f"/persons/{other.pk}/separate/" not in apart
