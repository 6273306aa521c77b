"""Every field of every table has a class and a group that the community's disclosure table knows."""

from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import Model
from ruamel.yaml import YAML

from nowrongdoor.kernel.field_classes import (
    BY_HOLDER,
    NOBODY,
    NOBODYS,
    Classes,
    FieldClass,
    classes,
    entirely,
)
from nowrongdoor.narrative.models import Note
from nowrongdoor.sharing.holders import HELD_BY, STRICTEST, class_held, held_by
from tests.sharing.tables import FILE, TUCSON

OURS = [each for each in apps.get_app_configs() if each.name.startswith("nowrongdoor.")]


def classes_of(model: type[Model]) -> dict[str, FieldClass]:
    """The class of each field of a table of ours."""
    config = apps.get_app_config(model._meta.app_label)
    said: Classes = import_module(f"{config.name}.classes").CLASSES[model.__name__]
    return {
        each.name: said.of(each.name, key=each.is_relation or each.primary_key)
        for each in model._meta.concrete_fields
    }


def wrong(models: Mapping[str, type[Model]], said: Mapping[str, Classes]) -> Iterator[str]:
    """What a module's `classes.py` leaves out, names that is not there, or calls what no table knows."""
    for name in models.keys() ^ said.keys():
        yield f"{name}: {'no class is said' if name in models else 'no such table'}"
    for name in models.keys() & said.keys():
        yield from (f"{name}.{each}" for each in _wrong_fields(models[name], said[name]))


def _wrong_fields(model: type[Model], said: Classes) -> Iterator[str]:
    fields = {each.name: each for each in model._meta.concrete_fields}
    yield from (f"{name}: no such field" for name in said.named.keys() - fields.keys())
    for name, field in fields.items():
        try:
            of = said.of(name, key=field.is_relation or field.primary_key)
        except KeyError:
            yield f"{name}: no class"
        else:
            yield from (f"{name}: {each}" for each in _unknown(of))


def _unknown(of: FieldClass) -> Iterator[str]:
    if of.data not in (*TUCSON.data, BY_HOLDER, NOBODY):
        yield f"there is no class {of.data}"
    yield from (f"there is no group {group}" for group in of.groups - TUCSON.fields.keys())
    if (of.data == NOBODY) is bool(of.groups):
        yield "a group for what is nobody's" if of.groups else "no group"


@pytest.mark.parametrize("config", OURS, ids=[each.label for each in OURS])
def test_every_field_of_every_table_has_a_class_and_a_group(config: object) -> None:
    models = {model.__name__: model for model in config.get_models(include_auto_created=True)}  # type: ignore[attr-defined]
    if models:
        said = import_module(f"{config.name}.classes").CLASSES  # type: ignore[attr-defined]
        assert sorted(wrong(models, said)) == []


NOTE = "written_at data_class apart acknowledged_at"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"Note": classes(nobody=f"{NOTE} text")}, []),
        ({"Note": NOBODYS}, []),
        ({}, ["Note: no class is said"]),
        ({"Note": NOBODYS, "Diary": NOBODYS}, ["Diary: no such table"]),
        ({"Note": classes(nobody=NOTE)}, ["Note.text: no class"]),
        ({"Note": classes(nobody=f"{NOTE} text words")}, ["Note.words: no such field"]),
        (
            {"Note": classes(nobody=NOTE, gossip={"card": "text"})},
            ["Note.text: there is no class gossip"],
        ),
        (
            {"Note": classes(nobody=NOTE, incident={"cards": "text"})},
            ["Note.text: there is no group cards"],
        ),
        (
            {"Note": Classes({}, FieldClass("incident"))},
            [f"Note.{name}: no group" for name in ("acknowledged_at", "apart", "data_class", "text", "written_at")],
        ),
        (
            {"Note": classes(nobody=f"{NOTE} text", incident={"cards": "member"})},
            ["Note.member: there is no group cards"],
        ),
    ],
)  # fmt: skip
def test_what_is_not_said_or_not_known_is_found(
    said: Mapping[str, Classes], told: list[str]
) -> None:
    assert sorted(wrong({"Note": Note}, said)) == told


def test_a_field_of_two_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="text is of the class incident and of clinical"):
        classes(incident={"card": "text"}, clinical={"treatment": "text"})
    with pytest.raises(ValueError, match="text is of the class nobody and of incident"):
        classes(nobody="text", incident={"card": "text"})


def test_a_field_may_be_of_several_groups_and_a_key_is_nobody_s() -> None:
    said = classes(incident={"card": "place", "need": "place"})

    assert said.of("place", key=False) == FieldClass("incident", frozenset({"card", "need"}))
    assert said.of("member", key=True) == FieldClass(NOBODY)
    assert entirely("staff", "whole").of("anything", key=False).data == "staff"


def test_every_kind_that_holds_records_has_its_class() -> None:
    assert set(HELD_BY) == set(TUCSON.kinds)
    assert set(HELD_BY.values()) | {STRICTEST} <= set(TUCSON.data)
    assert held_by("crc") == "clinical"
    assert held_by("bakery") == held_by("") == STRICTEST


def test_a_class_by_holder_is_that_of_the_holder_s_kind() -> None:
    text = FieldClass(BY_HOLDER, frozenset({"card"}))

    assert [class_held(text, kind) for kind in ("psap", "crisis_line", "le_outreach")] == [
        "incident",
        "crisis_contact",
        "homeless",
    ]
    assert class_held(FieldClass("incident"), "crc") == "incident"
    assert class_held(FieldClass(NOBODY), "crc") is None


def test_every_program_of_the_community_is_of_a_kind_that_the_table_names() -> None:
    agencies = YAML(typ="safe", pure=True).load(FILE.with_name("agencies.yaml"))
    kinds = {
        f"{agency['code']}/{program['code']}": program.get("disclosure_kind") or agency["kind"]
        for agency in agencies
        for program in agency["programs"]
    }

    assert {name: kind for name, kind in kinds.items() if kind not in TUCSON.kinds} == {}
