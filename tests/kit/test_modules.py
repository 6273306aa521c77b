"""What modules declare fits together: what one misspells is found here and not on a screen."""

from collections import Counter

from django.apps import apps

from nowrongdoor.rows.constraints import ReadableBy
from nowrongdoor.site.modules import KINDS, MODULES
from tests.style.test_house import HOUSE, ROOT


def test_no_two_screens_have_one_key() -> None:
    keys = Counter(screen.key for module in MODULES for screen in module.screens)

    assert [key for key, screens in keys.items() if screens > 1] == []


def test_a_board_names_who_may_read_it_and_an_id_that_entries_carry() -> None:
    declared = {
        each.name
        for model in apps.get_models()
        for each in model._meta.constraints
        if isinstance(each, ReadableBy)
    }
    ids = {id for kind in KINDS for id in kind.ids}
    boards = [board for module in MODULES for board in module.boards]

    assert boards
    assert {board.readers for board in boards} <= declared
    assert {board.key for board in boards} <= ids


def test_every_module_is_among_those_whose_folders_have_an_inside() -> None:
    contracts = (ROOT / "pyproject.toml").read_text()
    inside = contracts.partition('name = "inside: ')[2].partition("[[")[0]
    modules = {file.parent.name for file in HOUSE.glob("*/commands*")} - {"rows"}

    assert modules
    assert [each for each in sorted(modules) if f'"nowrongdoor.{each}"' not in inside] == []
