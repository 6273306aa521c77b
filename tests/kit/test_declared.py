"""What every act promises, asked of each act there is: a module that adds one adds nothing here.

Input is refused before the command looks for its row, so the ids of these addresses need not exist.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from nowrongdoor.agencies.models import Position
from nowrongdoor.agencies.rules import GRANTS, Role
from nowrongdoor.kit.acts import Act
from nowrongdoor.site.modules import MODULES
from nowrongdoor.web.fields import (
    Code,
    Codes,
    FromNow,
    Moment,
    Number,
    OneOf,
    Pick,
    PickCode,
    Text,
    Tick,
    Version,
    YesNo,
)
from nowrongdoor.web.inputs import Input
from tests.clients import Desk
from tests.desks.machines import a_key

pytestmark = pytest.mark.usefixtures("db")
ACTS = [act for module in MODULES if module.acts for act in module.acts.all.values()]
LONG, NUL, ODD = "x" * 5000, "a\0b", "no such thing"


def wrong(each: Input) -> Iterator[tuple[str, str]]:
    """What each sort of field must refuse, with the rule that says so."""
    field = each.field
    if each.needed:
        yield "", "field.needed"
    if isinstance(field, Codes):
        yield ODD, "code.unknown"
    elif isinstance(field, Code):
        yield from ((ODD, "code.unknown"), (LONG, "text.long"))
    elif isinstance(field, Text):
        yield LONG, "text.long"
    elif isinstance(field, OneOf | Pick):
        yield ODD, "code.unknown"
    elif isinstance(field, Number | FromNow):
        yield from ((ODD, "number.unreadable"), ("-1", "number.unreadable"), ("9" * 30, ""))
    elif isinstance(field, Version):
        yield ODD, "version.unreadable"


@cache
def somebody_who_may(act: Act) -> str:
    """A member whose first position grants what the act needs."""
    actions = act.needs if isinstance(act.needs, tuple) else (act.needs,)
    roles = [role.value for role in Role for action in actions if action in GRANTS[role]]
    first: dict[str, str] = {}
    rows = Position.objects.filter(until_at=None, member__synthetic=True)
    for username, role in rows.order_by("id").values_list("member__username", "role"):
        first.setdefault(username, role)
    return next(username for username, role in first.items() if role in roles)


def address(act: Act) -> str:
    return reverse(f"{act.module}:{act.name}", kwargs={name: uuid4() for name in act.ids})


def good(act: Act) -> dict[str, str]:
    """Something readable in every field that is needed, so that the one that is wrong is found."""
    found: dict[str, str] = {}
    for each in act.inputs:
        field = each.field
        if not each.needed:
            continue
        if isinstance(field, Code):
            found[each.sent_as] = _first(field.list)
        elif isinstance(field, Text):
            found[each.sent_as] = "words"
        elif isinstance(field, OneOf):
            found[each.sent_as] = next(iter(field.words)).value
        elif isinstance(field, Pick):
            found[each.sent_as] = "of_its_row" if isinstance(field, PickCode) else str(uuid4())
        elif isinstance(field, Number):
            found[each.sent_as] = str(field.least)
        else:
            found[each.sent_as] = "yes" if field.widget == "tick" else "1"
    return found


def sendable(act: Act) -> dict[str, Any]:
    """The same for the API, which reads times, numbers and yes as they are."""
    found: dict[str, Any] = dict(good(act))
    for each in act.inputs:
        if each.needed and isinstance(each.field, FromNow | Moment):
            found[each.sent_as] = "2099-01-01T12:00:00Z"
        elif each.needed and isinstance(each.field, Number):
            found[each.sent_as] = each.field.least
        elif each.needed and isinstance(each.field, Tick | YesNo):
            found[each.sent_as] = True
    return found


def _first(list_code: str) -> str:
    from nowrongdoor.community import queries as community

    codes = community.codes(list_code, "en")
    assert codes, f"no list {list_code} in communities/tucson/codes.yaml"
    return codes[0].code


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.module}.{act.name}")
def test_a_field_refuses_what_it_cannot_keep_where_the_hand_is(act: Act) -> None:
    desk = Desk(somebody_who_may(act))
    for each in act.inputs:
        for text, rule in wrong(each):
            answer = desk.htmx(address(act), good(act) | {each.sent_as: text})

            html, case = answer.content.decode(), (each.sent_as, rule, text[:20])
            assert answer.status_code == 422, (case, html)
            assert (answer["HX-Retarget"], html.count('role="alert"')) == ("this", 1), case
            if each.field.widget != "hidden" and not each.field.only_if:
                assert html.count('aria-invalid="true"') == 1, case
                assert each.field.widget not in ("line", "lines", "number") or text in html, case


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.module}.{act.name}")
def test_nobody_keeps_a_nul_and_no_unknown_word_is_lost_in_the_api(act: Act) -> None:
    username = somebody_who_may(act)
    desk = Desk(username)
    texts = [each for each in act.inputs if isinstance(each.field, Text)]

    for each in texts:
        refused = desk.htmx(address(act), good(act) | {each.sent_as: NUL})
        assert refused.status_code == 422, each.sent_as

    in_address = re.findall(r"<\w+:(\w+)>", act.machine_at)
    if act.machine and act.inputs.without(in_address).fields:  # else no body is read
        path = "/api/v1/" + re.sub(r"<\w+:\w+>", str(uuid4()), act.machine_at).strip("/")
        sent = sendable(act) | {"misspelled": 1}
        misspelled = desk.post(
            path, sent, content_type="application/json", headers={"Authorization": a_key()}
        )
        assert (misspelled.status_code, misspelled.json()["field"]) == (422, "misspelled")


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.module}.{act.name}")
def test_an_act_is_shut_to_whoever_may_not(act: Act) -> None:
    actions = act.needs if isinstance(act.needs, tuple) else (act.needs,)
    for username in ("grace.webb", "victor.reed", "anna.miller"):
        role = Role(Position.objects.filter(member__username=username).order_by("id")[0].role)
        if not any(action in GRANTS[role] for action in actions):
            answer = Desk(username).htmx(address(act), good(act))
            assert (answer.status_code, answer.get("HX-Retarget")) == (403, "#notice")
