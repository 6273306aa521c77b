"""How a safeguard is written into a migration, compared, and put in order. Without a database."""

import pytest
from django.apps import apps
from django.db.migrations.autodetector import OperationDependency
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint
from django.db.migrations.state import ProjectState

from nowrongdoor.rows.autodetector import Autodetector
from nowrongdoor.rows.constraints import (
    Immutable,
    MustHaveDeadline,
    ReadableBy,
    RowAccess,
    Safeguard,
    changed,
)
from nowrongdoor.rows.functions import Sequence, SqlFunction, Trigger

EVERY = [
    RowAccess(name="a", select="x", update="y", columns=("b",), owner={"UPDATE": "it's ours"}),
    Immutable(name="b", once="OLD.at IS NOT NULL", columns=("at",)),
    MustHaveDeadline(name="c", kinds=("m.k",), while_="r.open"),
    ReadableBy(name="d", programs="r.seen_by"),
    SqlFunction(name="e", body="SELECT 1", returns="integer"),
    Trigger(name="f", fires="BEFORE UPDATE", body="BEGIN RETURN NEW; END"),
    Sequence(name="g"),
]


@pytest.mark.parametrize("safeguard", EVERY, ids=lambda each: type(each).__name__)
def test_it_is_written_down_and_read_back_as_the_same(safeguard: Safeguard) -> None:
    again = safeguard.clone()

    assert again == safeguard
    assert hash(again) == hash(safeguard)
    assert again.created("t") == safeguard.created("t")
    assert [each for each in EVERY if each == safeguard] == [safeguard]


def test_another_condition_is_another_one() -> None:
    assert RowAccess(name="a", select="x") != RowAccess(name="a", select="y")
    assert RowAccess(name="a", select="x") != Immutable(name="a", once="x")
    assert RowAccess(name="a", select="x") != "a"


def test_what_is_not_said_is_not_granted() -> None:
    made = RowAccess(name="a", select="x", update="y", check="z", columns=("b", "c")).created("t")

    grants = [each for each in made if each.startswith("GRANT")]
    assert [each.partition(" TO ")[0] for each in grants] == [
        "GRANT SELECT ON t",
        "GRANT UPDATE (b, c) ON t",
    ]
    assert any(each.endswith("USING (y) WITH CHECK (z)") for each in made)


def test_a_reason_with_a_quote_in_it_is_a_reason() -> None:
    made = RowAccess(name="a", select="x", owner={"UPDATE": "it's ours"}).created("t")

    assert "COMMENT ON POLICY t_owner_update ON t IS 'it''s ours'" in made


def test_row_access_taken_away_never_unforces() -> None:
    gone = RowAccess(name="a", select="x").removed("t")

    assert gone[0].startswith("REVOKE ALL ON t FROM ")
    assert not any("NO FORCE" in each or "DISABLE" in each for each in gone)


def test_a_change_of_columns_is_asked_one_by_one() -> None:
    assert changed("a", "b") == "(NEW.a IS DISTINCT FROM OLD.a OR NEW.b IS DISTINCT FROM OLD.b)"


def test_a_migration_comes_after_the_tables_that_its_sql_names() -> None:
    """`clocks` stands below `episodes` and has no key to it; its policy asks who works on the episode."""
    found = MigrationLoader(None).disk_migrations[("clocks", "0001_initial")].dependencies

    assert ("episodes", "0001_initial") in found


def test_a_safeguard_depends_on_what_it_names_and_other_constraints_do_not() -> None:
    detector = Autodetector(ProjectState(), ProjectState.from_apps(apps))
    detector.generated_operations = {}
    trigger = Trigger(name="x", fires="AFTER UPDATE", table="clocks_deadline", function="episodes")
    detector.add_operation("calls", AddConstraint("leg", trigger))
    [added] = detector.generated_operations["calls"]

    needed = {(each.app_label, each.model_name, each.type) for each in added._auto_deps}
    assert needed == {("clocks", "deadline", OperationDependency.Type.CREATE)}
