"""Notes on a call: by whom they are read, what becomes of messages, and both doors to them."""

from datetime import datetime
from uuid import UUID

import psycopg
import pytest
from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused
from nowrongdoor.narrative import commands, queries
from nowrongdoor.narrative.models import Note
from nowrongdoor.site.live import Hub
from tests.clients import Desk, Visitor
from tests.desks.machines import a_key
from tests.makers import NOON, accepted, an_actor, an_episode, later, program_id
from tests.site.test_live import Seal, a_hub, sequencer, told, watch

pytestmark = pytest.mark.usefixtures("db")
__all__ = ["sequencer"]  # a fixture
ANNA, MARIA, STRANGER = "anna.miller", "maria.lopez", "judith.park"
LINE = "line/counselors"


@pytest.fixture
def call() -> Episode:
    """Anna's call at 911, which Maria of the line has accepted: both programs work on it."""
    episode = an_episode()
    accepted(episode)
    return episode


def write(
    call: Episode, text: str = "Door is open.", *, to: str = "", by: str = ANNA, at: datetime = NOON
) -> Note:
    to_program_id = program_id(to) if to else None
    return commands.write_note(
        by=an_actor(by), at=at, episode_id=call.pk, text=text, to_program_id=to_program_id
    )


def texts(call: Episode, by: str) -> list[str]:
    return [row.text for row in queries.notes(an_actor(by), call.pk, at=NOON)]


def waiting(by: str) -> list[str]:
    [rows] = queries.messages((an_actor(by),), at=NOON)
    return [row.text for row in rows]


def rule(refusal: "pytest.ExceptionInfo[Refused]") -> str:
    return refusal.value.verdict.rule


def test_whoever_works_on_the_call_reads_the_log_and_nobody_else(call: Episode) -> None:
    write(call, "Door is open.")
    write(call, "Dog in the yard.", by=MARIA, at=later(1))

    assert texts(call, ANNA) == texts(call, MARIA) == ["Dog in the yard.", "Door is open."]
    with pytest.raises(NotFound):
        texts(call, STRANGER)
    with act_as(an_actor(STRANGER)):
        assert not Note.objects.exists()


def test_whoever_does_not_work_on_the_call_writes_nothing(call: Episode) -> None:
    with pytest.raises(NotFound):
        write(call, by=STRANGER)
    with pytest.raises(NotPermitted):
        write(call, by="grace.webb")  # a role that only looks


def test_a_message_waits_for_its_program_until_it_is_acknowledged_by_name(call: Episode) -> None:
    note = write(call, "Call me before you go in.", to=LINE)
    assert (waiting(MARIA), waiting(ANNA)) == (["Call me before you go in."], [])

    commands.acknowledge_message(by=an_actor(MARIA), at=later(60), note_id=note.pk)

    assert waiting(MARIA) == []
    [row] = queries.notes(an_actor(ANNA), call.pk, at=NOON)
    assert (row.acknowledged_by, row.acknowledged_at) == ("Maria Lopez", later(60))
    with pytest.raises(Refused) as again:
        commands.acknowledge_message(by=an_actor(MARIA), at=later(61), note_id=note.pk)
    assert rule(again) == "message.acknowledged"


def test_a_message_goes_only_where_the_call_has_gone(call: Episode) -> None:
    with pytest.raises(Refused) as refusal:
        write(call, to="crc/adult")

    assert rule(refusal) == "note.receiver"


def test_a_correction_stands_beside_what_it_corrects_and_goes_where_that_went(
    call: Episode,
) -> None:
    note = write(call, "12 Oak Street", to=LINE)

    commands.correct_note(by=an_actor(), at=later(9), note_id=note.pk, text="12 Oak Avenue")

    rows = queries.notes(an_actor(), call.pk, at=NOON)
    assert [(row.text, row.corrected, row.corrects_id) for row in rows] == [
        ("12 Oak Avenue", False, note.pk),
        ("12 Oak Street", True, None),
    ]
    assert waiting(MARIA) == ["12 Oak Street", "12 Oak Avenue"]
    with pytest.raises(Refused) as twice:
        commands.correct_note(by=an_actor(), at=later(9), note_id=note.pk, text="13")
    assert rule(twice) == "note.corrected"
    with pytest.raises(Refused) as not_hers:
        commands.correct_note(by=an_actor(MARIA), at=later(9), note_id=note.pk, text="13")
    assert rule(not_hers) == "note.not_yours"


@pytest.mark.parametrize("text", ["x" * 2001, "a\0b"])
def test_what_cannot_be_kept_is_refused_and_nothing_is_cut(call: Episode, text: str) -> None:
    with pytest.raises(BadInput):
        write(call, text)


def test_a_class_that_no_table_has_is_not_kept(
    call: Episode, admin: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    write(call)
    columns = "episode_id, program_id, member_id, written_at, text"

    with pytest.raises(psycopg.errors.CheckViolation, match="note_class_known"):
        admin.execute(
            f"INSERT INTO narrative_note (id, {columns}, data_class) "
            f"SELECT gen_random_uuid(), {columns}, 'D15' FROM narrative_note"
        )


def act(name: str, id: UUID) -> str:
    return reverse(f"narrative:{name}", args=[id])


def test_a_note_is_written_on_the_calls_own_page_and_the_page_is_drawn_again(
    call: Episode,
) -> None:
    desk, url = Desk(ANNA), act("write_note", call.pk)
    page = desk.get(f"/episodes/{call.pk}/").content.decode()
    assert f'hx-post="{url}"' in page
    on = {"on": "call", "on_id": str(call.pk)}

    drawn = desk.htmx(url, {"text": "Two dogs <b>loose</b>"} | on)

    assert drawn.status_code == 200
    assert 'id="follows"' in drawn.content.decode()
    assert "Two dogs &lt;b&gt;loose&lt;/b&gt;" in drawn.content.decode()
    plain = desk.post(url, {"text": "One cat"} | on)
    assert plain["Location"] == f"/episodes/{call.pk}/"


def test_what_was_typed_comes_back_with_what_is_wrong(call: Episode) -> None:
    desk, url = Desk(ANNA), act("write_note", call.pk)
    on = {"on": "call", "on_id": str(call.pk)}

    empty = desk.htmx(url, {"text": " ", "to_program_id": str(program_id(LINE))} | on)
    elsewhere = desk.htmx(url, {"text": "Come", "to_program_id": str(program_id("crc/adult"))} | on)

    assert (empty.status_code, elsewhere.status_code) == (422, 409)
    assert "Enter something first." in empty.content.decode()
    assert empty["HX-Retarget"] == "this"
    html = elsewhere.content.decode()
    assert ">Come</textarea>" in html
    assert "That program does not work on this call. Request it first." in html
    assert f'name="on_id" value="{call.pk}"' in html


def test_the_same_key_writes_once(call: Episode) -> None:
    desk, url = Desk(ANNA), act("write_note", call.pk)

    for _ in range(2):
        desk.htmx(url, {"text": "Once", "on": "call", "on_id": str(call.pk)}, key="k")

    assert texts(call, ANNA) == ["Once"]


def test_messages_are_a_page_and_leave_it_when_acknowledged(call: Episode) -> None:
    note = write(call, "Bring an interpreter.", to=LINE)
    maria = Desk(MARIA)
    assert "Bring an interpreter." in maria.get("/messages/").content.decode()

    gone = maria.htmx(act("acknowledge_message", note.pk))

    assert (gone.status_code, gone.content) == (200, b"")
    assert "No messages are waiting for your program." in maria.get("/messages/").content.decode()


def test_a_machine_reads_notes_once_the_privacy_officer_agreed_and_writes_none(
    call: Episode,
) -> None:
    write(call, "Two dogs")
    path, machine = f"/api/v1/episodes/{call.pk}/notes", Visitor()

    def told(**more: object) -> HttpResponse:
        return machine.get(path, headers={"Authorization": a_key(**more)})  # type: ignore[arg-type]

    assert (told().status_code, told().json()["rule"]) == (403, "role.not_granted")
    assert [row["text"] for row in told(agreed=True).json()] == ["Two dogs"]
    assert told(program="crc/adult", agreed=True).status_code == 404
    wrote = machine.post(path, "{}", "application/json", headers={"Authorization": a_key()})
    assert wrote.status_code == 405


def test_a_message_appears_on_open_screens_of_its_program_alone(
    call: Episode, sequencer: Seal
) -> None:
    hub: Hub = a_hub()
    screens = {name: on_messages(hub, an_actor(name)) for name in (ANNA, MARIA, STRANGER)}

    note = write(call, "Call me.", to=LINE)
    sequencer()
    from nowrongdoor.site.live import step

    step(hub)
    rows = {name: [m for m in told(each) if m.event == "row"] for name, each in screens.items()}
    assert [len(rows[name]) for name in (ANNA, MARIA, STRANGER)] == [0, 1, 0]
    assert "Call me." in str(rows[MARIA][0].data["html"])

    commands.acknowledge_message(by=an_actor(MARIA), at=later(5), note_id=note.pk)
    sequencer()
    step(hub)
    assert [m.event for m in told(screens[MARIA]) if m.event in ("row", "gone")] == ["gone"]


def on_messages(hub: Hub, by: Actor) -> object:
    screen = watch(hub, by)
    screen.board = "messages"
    return screen
