"""Rows written by an INSERT made once: the same rows as the ORM writes."""

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Contact, Leg, Participant
from nowrongdoor.episodes import commands, rules
from nowrongdoor.episodes.facts import CardFacts, Opening
from nowrongdoor.episodes.models import Card, Episode, Party
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert, insert_all
from nowrongdoor.web.models import Answer
from tests.makers import NOON, an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")


def card(episode_id: UUID, **more: object) -> dict[str, object]:
    by = an_actor()
    given = {"id": new_id(NOON), "episode_id": episode_id, "made_at": NOON}
    return given | {"made_by_program_id": by.program_id, "place": "12 Quiet Street"} | more


def columns(row: models.Model) -> dict[str, object]:
    fields = row._meta.concrete_fields
    return {each.attname: getattr(row, each.attname) for each in fields if not each.primary_key}


def test_a_row_is_what_the_orm_writes() -> None:
    by, episode = an_actor(), an_episode()
    with act_as(by):
        ours = insert(Card, **card(episode.pk))
        theirs = Card.objects.create(**card(episode.pk))
        ours_read, theirs_read = Card.objects.get(pk=ours.pk), Card.objects.get(pk=theirs.pk)

    assert columns(ours_read) == columns(theirs_read) == columns(ours)


def test_the_text_is_made_once_and_the_values_are_parameters() -> None:
    by, episode = an_actor(), an_episode()
    said = "'); DROP TABLE episodes_card; --"
    with act_as(by), CaptureQueriesContext(connection) as asked:
        insert(Card, **card(episode.pk, note=said))
        row = insert(Card, **card(episode.pk))
        first, second = [each["sql"] for each in asked if "INSERT" in each["sql"]]

    assert first.partition("VALUES")[0] == second.partition("VALUES")[0]
    assert not row._state.adding


def test_what_the_database_makes_is_read_when_it_is_asked_for() -> None:
    by = an_actor()
    opening = Opening(class_code="psych_distress", card=CardFacts(), zone_id=None)
    seen = commands.open_episode(by=by, at=NOON, opening=opening)
    with act_as(by):
        row = Episode.objects.get(pk=seen.pk)

    assert "label" not in seen.__dict__
    with act_as(by), CaptureQueriesContext(connection) as asked:
        assert (seen.number, seen.label) == (row.number, row.label)
        assert seen.recorded_at == row.recorded_at
    assert 0 < len(asked) <= 3


@pytest.mark.parametrize("number", [1, 4183, 999_999, 1_000_000, 12_345_678])
def test_a_label_is_the_one_of_the_rules(admin: "object", number: int) -> None:
    admin.execute("SELECT setval('episodes_number', %s, false)", [number])  # type: ignore[attr-defined]
    by, opened = an_actor(), an_episode()
    with act_as(by):
        row = Episode.objects.get(pk=opened.pk)

    assert row.number == number
    assert row.label == rules.label("T", NOON.year, number)


def test_several_rows_go_in_one_statement() -> None:
    by, episode = an_actor(), an_episode()
    rows = [Card(**card(episode.pk, note=str(n))) for n in range(3)]
    with act_as(by):
        with CaptureQueriesContext(connection) as asked:
            insert_all(rows)
            insert_all([])
        found = Card.objects.filter(pk__in=[row.pk for row in rows]).values_list("note", flat=True)
        notes = sorted(found)

    assert len(asked) == 1
    assert notes == ["0", "1", "2"]


def test_rows_that_differ_in_what_they_leave_out_are_refused() -> None:
    by, episode = an_actor(), an_episode()
    with act_as(by), pytest.raises(ValueError, match="one statement"):
        insert_all([Card(**card(episode.pk)), Party(id=new_id(NOON))])


def test_a_constraint_refuses_as_ever() -> None:
    by, episode = an_actor(), an_episode()
    given = card(episode.pk)
    with pytest.raises(IntegrityError), act_as(by):
        insert(Card, **given)
        insert(Card, **given)


@pytest.mark.parametrize("model", [Answer, Card, Contact, Episode, Leg, Participant, Party])
def test_every_column_is_written_or_left_to_its_default(model: type[models.Model]) -> None:
    from nowrongdoor.rows import inserts

    text = inserts._text(model, inserts._with_default(model), inserts.NOTHING)
    written = text.head.partition("(")[2].count('"') // 2
    assert written + len(inserts._with_default(model)) == len(model._meta.concrete_fields)
    assert written == len(text.reads)
