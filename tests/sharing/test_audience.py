"""What each kind of program never sees, and what is closed to it: of the audience alone."""

from itertools import product

import pytest

from nowrongdoor.kernel.conditions import Always, Compare, Either, Every, Negated
from nowrongdoor.sharing import audience
from nowrongdoor.sharing.facts import Asked, Table
from nowrongdoor.sharing.reading import read_text
from nowrongdoor.sharing.rules import may_disclose
from tests.sharing.tables import TUCSON, UNSIGNED, changed

NEVER = {
    "le_mhst": "cji sud sud_notes victim juvenile",
    "le_patrol": "cji sud_notes juvenile custody",
    "le_deflection": "cji sud_notes court_order victim juvenile",
    "psap": "cji police_report sud sud_notes juvenile custody",
    "crisis_line": "cji police_report sud_notes court_order homeless victim juvenile",
    "crc": "cji",
    "peer_org": "cji sud_notes court_order juvenile",
    "homeless_provider": "cji sud sud_notes court_order victim juvenile",
}
"""By the community's file, read by a person. A changed row of the file changes a line here."""


@pytest.mark.parametrize("kind", NEVER)
def test_what_a_kind_never_sees(kind: str) -> None:
    assert audience.never(TUCSON, kind) == tuple(NEVER[kind].split())


def test_a_row_of_the_table_takes_a_class_off_the_list() -> None:
    table = changed(
        "to: [clinic, crc, hospital, part2_program], purpose: [treatment, refer], needs",
        "to: [clinic, crc, hospital, part2_program, le_mhst], purpose: [treatment, refer], needs",
    )

    assert "sud_notes" in audience.never(TUCSON, "le_mhst")
    assert "sud_notes" not in audience.never(table, "le_mhst")


def test_a_row_that_waits_for_counsel_closes_and_opens_nothing() -> None:
    waits = read_text(UNSIGNED)

    assert "court_order" in {each.data for each in audience.closed(TUCSON, "psap")}
    assert "court_order" in audience.never(waits, "psap")


@pytest.mark.parametrize("kind", TUCSON.kinds)
def test_no_page_of_a_kind_opens_what_it_never_sees(kind: str) -> None:
    """Asked of the gate itself, with every fact true: of any sender, for each purpose of a page."""
    every = frozenset(TUCSON.facts)
    shut = audience.never(TUCSON, kind)
    asked = product(shut, TUCSON.kinds, audience.aims(kind, working=True), (every, frozenset()))

    opened = [
        (data, sender, purpose)
        for data, sender, purpose, facts in asked
        if sender != kind
        and may_disclose(TUCSON, Asked(data, sender, kind, purpose, facts)).allowed
    ]

    assert opened == []


@pytest.mark.parametrize("kind", TUCSON.kinds)
def test_what_is_closed_opens_with_the_facts_that_it_names(kind: str) -> None:
    for each in audience.closed(TUCSON, kind):
        asked = [
            Asked(each.data, sender, kind, each.purpose, frozenset(each.facts))
            for sender in sorted(each.holders)
        ]
        assert each.holders
        assert any(may_disclose(TUCSON, one).allowed for one in asked), each
        assert each.data not in audience.never(TUCSON, kind)
        assert each.purpose not in audience.APART


@pytest.mark.parametrize("kind", TUCSON.kinds)
def test_each_class_of_a_person_is_open_or_closed_or_never_shown_and_only_one_of_them(
    kind: str,
) -> None:
    lists = (
        [each.data for each in audience.opened(TUCSON, kind)],
        [each.data for each in audience.closed(TUCSON, kind)],
        list(audience.never(TUCSON, kind)),
    )

    every = sorted(each for one in lists for each in one)
    assert every == sorted(set(TUCSON.data) - audience.NOT_PERSONAL)
    for each in audience.closed(TUCSON, kind):
        assert each.facts or each.purpose not in audience.aims(kind, working=True), each
        assert all(way.holders and way.purposes for way in each.ways)


def test_a_row_that_needs_nothing_but_its_purpose_is_closed_until_it_is_for_that() -> None:
    shut = {each.data: each for each in audience.closed(TUCSON, "le_patrol")}

    assert (shut["sud"].facts, shut["sud"].purpose) == ((), "crime_on_premises")
    assert shut["court_order"].facts == ("order", "agreement")


def test_what_is_left_of_a_condition_where_some_facts_are_known() -> None:
    one, other = (
        Compare("named", ("yes",), among=True),
        Compare("same_entity", ("yes",), among=True),
    )
    known = {"same_entity": True}
    unknown = {"same_entity": False}

    assert audience.lacking(other, known) == Always()
    assert audience.lacking(other, unknown) is None
    assert audience.lacking(Every((one, other)), known) == one
    assert audience.lacking(Every((one, other)), unknown) is None
    assert audience.lacking(Either((one, other)), known) == Always()
    assert audience.lacking(Either((one, other)), unknown) == one
    assert audience.lacking(Either((other, other)), unknown) is None
    assert audience.lacking(Negated(other), known) is None
    assert audience.lacking(Negated(other), unknown) == Always()
    assert audience.lacking(Negated(one), unknown) == Negated(one)


def test_both_lists_are_of_the_table_and_the_kind_and_of_nothing_else() -> None:
    """So that they say nothing of any person: the functions are given no more."""
    for function in (audience.never, audience.closed, audience.opened):
        named = {name: each for name, each in function.__annotations__.items() if name != "return"}
        assert named == {"table": Table, "kind": str}


def test_every_purpose_of_a_page_is_one_of_the_table_and_none_is_apart() -> None:
    asked = {purpose for kind in TUCSON.kinds for purpose in audience.aims(kind, working=True)}

    assert asked <= set(TUCSON.purposes)
    assert not asked & audience.APART
    assert set(audience.aims("le_patrol", working=True)) - set(
        audience.aims("le_patrol", working=False)
    ) == {"respond", "scene_safety"}
    assert audience.aims("bakery", working=False) == audience.EMERGENCY
