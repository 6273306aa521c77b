"""Roll-call and cautions: tables of facts and answers."""

from datetime import timedelta
from uuid import UUID

import pytest

from nowrongdoor.dispatch.facts import CautionOf
from nowrongdoor.dispatch.rules import cautions, rollcall
from tests.dispatch.facts import ME, OTHER, is_, somebody
from tests.makers import NOON, later

SOON = later(60)


# roll-call --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, "crew.allowed"),
        ({"people": 1}, "crew.allowed"),
        ({"people": 6}, "crew.allowed"),
        ({"people": 0}, "crew.size"),
        ({"people": 7}, "crew.size"),
        ({"cad": True}, "unit.cad"),
        ({"known": False}, "crew.stranger"),
        ({"taken": True}, "crew.taken"),
        ({"crewed": True}, "crew.there"),
    ],
)
def test_may_sign_on(changed: dict[str, bool], rule: str) -> None:
    facts = {"cad": False, "people": 2, "known": True, "taken": False, "crewed": False}

    is_(rollcall.may_sign_on(**(facts | changed)), rule, "crew.allowed")  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "busy"), [(False, False), (True, False), (False, True)])
def test_nobody_goes_off_a_unit_that_is_on_an_assignment(first: bool, busy: bool) -> None:
    off = "crew.busy" if busy else "crew.ended" if first else "crew.may_go"
    out = "crew.busy" if busy else "unit.out_already" if first else "unit.may_rest"

    is_(rollcall.may_sign_off(ended=first, busy=busy), off, "crew.may_go")
    is_(rollcall.may_take_out(out=first, busy=busy), out, "unit.may_rest")


def test_who_cares_for_a_unit_and_who_says_what_cad_said() -> None:
    for own, sends in ((True, False), (False, True)):
        is_(rollcall.may_care_for(own=own, sends=sends), "unit.yours", "unit.yours")
    is_(rollcall.may_care_for(own=False, sends=False), "unit.not_yours", "")
    is_(rollcall.may_report_cad_status(cad=True, sends=True), "cad.says", "cad.says")
    is_(rollcall.may_report_cad_status(cad=False, sends=True), "unit.not_cad", "")
    is_(rollcall.may_report_cad_status(cad=True, sends=False), "unit.not_yours", "")


# cautions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "changed", "rule"),
    [
        ("Two dogs behind the house", {}, "caution.allowed"),
        ("is schizophrenic", {}, "caution.diagnosis"),
        ("", {"expires_at": NOON}, "caution.past"),
        ("", {"expires_at": NOON + timedelta(days=180)}, "caution.allowed"),
        ("", {"expires_at": NOON + timedelta(days=180, seconds=1)}, "caution.too_long"),
    ],
)
def test_may_warn(text: str, changed: dict[str, object], rule: str) -> None:
    facts: dict[str, object] = {"expires_at": SOON}

    verdict = cautions.may_warn(text, **(facts | changed), at=NOON, longest_days=180)  # type: ignore[arg-type]

    is_(verdict, rule, "caution.allowed")


@pytest.mark.parametrize(
    "text",
    [
        "Schizoaffective, off meds",
        "he is BIPOLAR",
        "paranoid, psychotic",
        "known diagnosis",
        "has HIV",
        "open warrant",
        "two priors",
        "convicted felon",
        "on probation",
        "es esquizofrénico",
        "trastorno bipolar",
        "está psicótica",
        "con psicosis",
        "diagnóstico conocido",
        "tiene VIH",
        "tiene sida",
        "con antecedentes",
        "orden de arresto",
        "en libertad condicional",
        "fue condenado",
        "demencia",
    ],
)
def test_no_diagnosis_and_no_record_stands_in_a_caution(text: str) -> None:
    assert cautions.names_a_diagnosis(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dogs off leash",
        "Brother shouted at the team, keep distance",
        "Inside stairs are broken",
        "Perros sueltos en el patio",
        "La puerta no abre; entrar por detrás",
        "Consider two cars",
    ],
)
def test_what_a_team_should_watch_for_may_be_said(text: str) -> None:
    assert not cautions.names_a_diagnosis(text)


@pytest.mark.parametrize(
    ("author", "supervises", "appealed", "rule"),
    [
        (OTHER, True, True, "appeal.decide"),
        (ME, True, True, "appeal.own"),
        (OTHER, False, True, "appeal.supervisor"),
        (OTHER, True, False, "appeal.none"),
    ],
)
def test_may_decide(author: UUID, supervises: bool, appealed: bool, rule: str) -> None:
    verdict = cautions.may_decide(
        somebody(), author_id=author, supervises=supervises, appealed=appealed
    )

    is_(verdict, rule, "appeal.decide")


@pytest.mark.parametrize(
    ("of", "place_known", "rule"),
    [
        (CautionOf.PLACE, True, "caution.subject_known"),
        (CautionOf.PLACE, False, "caution.no_place"),
        (CautionOf.PERSON, False, "caution.subject_known"),
    ],
)
def test_may_warn_of(of: CautionOf, place_known: bool, rule: str) -> None:
    is_(cautions.may_warn_of(of, place_known=place_known), rule, "caution.subject_known")


def test_may_end_a_caution() -> None:
    by = somebody()
    is_(cautions.may_end(by, program_id=by.program_id), "caution.yours", "caution.yours")
    is_(cautions.may_end(by, program_id=OTHER), "caution.not_yours", "caution.yours")
