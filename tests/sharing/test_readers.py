"""Nobody reads across programs outside the gate: whatever lets another program read is listed, with its reason.

Tables stand in `tests/rows/readers.py`, by hand, with the condition that opens them. A new table, a wider
condition, a new function that crosses row access or a new actor for another program makes a test red here.
"""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps

from nowrongdoor.kernel.field_classes import BY_HOLDER, NOBODY
from nowrongdoor.rows import policies
from nowrongdoor.rows.constraints import RowAccess
from nowrongdoor.rows.functions import SqlFunction
from nowrongdoor.sharing.safeguards import OFFICER
from tests.rows.readers import EVERYBODYS, NARROW, READERS
from tests.sharing.test_classes import classes_of
from tests.style.test_house import calls, name, python, tree

NAMES = {
    OFFICER: "OFFICER",
    policies.WORKED: "WORKED",
    policies.SEEN: "SEEN",
    policies.OWN: "OWN",
    policies.PROGRAM: "PROGRAM",
    policies.AGENCY: "AGENCY",
    policies.MEMBER: "MEMBER",
    policies.TASK: "TASK",
}
SYSTEM = {
    "agencies/commands/__init__.py": "a clock of the same program",
    "clocks/commands.py": "a clock of the same program",
    "exchange/importing.py": "a file that is brought in, as the program whose file it is",
    "sandbox/call_taking.py": "the demo's telephone, as the program that answers",
    "sharing/commands/disclosing.py": "the gate: reads as the holder what it has just written down",
}
"""Who makes an actor that is no person, and for which program."""


def said(condition: str) -> str:
    """A condition with its names instead of their SQL."""
    for sql, word in NAMES.items():
        condition = condition.replace(sql, word)
    return " ".join(condition.split())


def selects() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        for each in model._meta.constraints:
            if isinstance(each, RowAccess):
                yield model._meta.db_table, said(each.rules["SELECT"])


def read_by_others(rows: Iterator[tuple[str, str]]) -> dict[str, str]:
    return {table: condition for table, condition in rows if condition != "OWN"}


def test_every_table_that_another_program_reads_is_listed_with_its_condition() -> None:
    found = read_by_others(selects())
    for table in EVERYBODYS:
        assert found.pop(table) in ("true", "PROGRAM IS NOT NULL")

    assert found == {table: condition for table, (condition, _why) in READERS.items()}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (policies.OWN, {}),
        (policies.WORKED, {"new": "WORKED"}),
        (f"{policies.OWN} OR {policies.SEEN}", {"new": "OWN OR SEEN"}),
        ("true", {"new": "true"}),
    ],
)
def test_a_table_that_is_not_only_its_program_s_own_is_found(
    condition: str, found: dict[str, str]
) -> None:
    """The control of the one above."""
    assert read_by_others(iter([("new", said(condition))])) == found


@pytest.mark.parametrize("table", sorted(READERS))
def test_whoever_works_on_a_call_reads_what_is_of_the_call_and_nothing_of_another_class(
    table: str,
) -> None:
    """A field of another class stands in no table that others read past the gate."""
    if table.startswith(("sharing_", "journal_", "web_")):
        return
    [model] = [each for each in apps.get_models() if each._meta.db_table == table]
    held = {of.data for of in classes_of(model).values()}

    by_holder = {"narrative_note", "triage_answer", "triage_duty_done"}
    assert held <= {NOBODY, "incident", "staff"} | ({BY_HOLDER} if table in by_holder else set())


def test_every_function_that_crosses_row_access_is_listed() -> None:
    found = {
        each.name
        for model in apps.get_models()
        for each in model._meta.constraints
        if isinstance(each, SqlFunction) and each.returns != "trigger"
    }

    assert found == set(NARROW)


def test_nobody_else_acts_in_another_program_s_name() -> None:
    found = {
        name(file)
        for file in python()
        for call in calls(tree(file))
        if isinstance(call.func, ast.Name) and call.func.id == "system"
    }

    assert found == set(SYSTEM)


def test_the_holder_s_seat_is_taken_by_the_gate_alone() -> None:
    """`disclosing.holder` reads as any program: it is named in no other file."""
    found = {
        name(file)
        for file in python()
        if name(file) != "sharing/commands/disclosing.py"
        for each in ast.walk(tree(file))
        if isinstance(each, ast.ImportFrom)
        and each.module == "nowrongdoor.sharing.commands.disclosing"
        and any(alias.name == "holder" for alias in each.names)
    }

    assert found == set()
